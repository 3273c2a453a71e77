"""Log lines: JSON for a collector, text for people; each with the id of the request it belongs to.

In:    settings; records of `logging`, their facts as `extra={"facts": {...}}`.
Out:   one line per record on standard error.
Never: lets a line break in a message start a line of its own.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from app import request_id
from forecast_core import Settings

OTHERS = ("streamlit", "uvicorn", "uvicorn.error", "alembic", "mlflow")
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # nor may it colour or overwrite what stands there
QUIET = ("uvicorn.access", "httpx2", "alembic.runtime.plugins")


def set_up(settings: Settings, stream: TextIO | None = None) -> None:
    """Send every record of this process to one place in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Lines() if settings.log_format == "json" else Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    logging.captureWarnings(True)
    for name in OTHERS:  # they bring handlers of their own
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def say(log: logging.Logger, what: str, facts: Mapping[str, Any], level: int = logging.INFO) -> None:
    """Log something with its facts."""
    log.log(level, what, extra={"facts": dict(facts)})


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = getattr(record, "facts", {})
    return found


class Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **({"request_id": request_id.current()} if request_id.current() else {}),
            **_facts(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Text(logging.Formatter):
    """A record as a line for people; a stack trace follows."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        facts = " ".join(f"{name}={value}" for name, value in _facts(record).items())
        message = record.getMessage()
        known = request_id.current()[:8]
        when = datetime.fromtimestamp(record.created, UTC).strftime("%H:%M:%S")
        parts = [when, record.levelname, known, record.name, message, facts]
        text = BREAKS.sub(" ⏎ ", " ".join(part for part in parts if part))
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text
