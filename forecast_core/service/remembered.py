"""What was learned of data sets before, kept between starts, so that a start reads instead of learning again.

In:    `Learned`, learned here and not published.
Out:   `<folder>/<data set>-<key>.zip` with the files of a version; the same, read back.
Never: answers for other data, by other code or with other libraries: the key is a hash of all three; unpickles.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from forecast_core.errors import ForecastError
from forecast_core.history import History
from forecast_core.service.learned import Learned
from forecast_core.service.publishing import code_digest, from_files, libraries, to_files

log = logging.getLogger(__name__)
_DATASET = re.compile(r"[a-z0-9]{1,40}")


class Remembered:
    """One folder; several processes may use it at once, and it may be missing or refuse to be written to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, dataset_id: str, history: History) -> Learned | None:
        """Return what was learned of this history by this code; None where nothing was, or where it is damaged."""
        place = self._place(dataset_id, history)
        try:
            with zipfile.ZipFile(place) as kept:
                return from_files({name: kept.read(name) for name in kept.namelist()}, None, history)
        except FileNotFoundError:
            return None
        except (OSError, zipfile.BadZipFile, ForecastError) as error:
            log.warning("%s is not used, the model is learned again: %s", place, error)
            return None

    def keep(self, dataset_id: str, learned: Learned) -> None:
        """Keep what was learned in place of anything older; where that cannot be written, the next start is slower."""
        place = self._place(dataset_id, learned.history)
        fresh = place.with_name(f".new-{os.getpid()}-{dataset_id}")
        try:
            content = _packed(to_files(learned))
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(content)
            os.replace(fresh, place)
            for older in self._folder.glob(f"{dataset_id}-*.zip"):
                if older != place:
                    older.unlink(missing_ok=True)
        except (OSError, ForecastError) as error:
            log.warning("the model of %s is not kept for the next start: %s", dataset_id, error)

    def _place(self, dataset_id: str, history: History) -> Path:
        """The name says for which data, code and libraries; in another case there is no such file."""
        if not _DATASET.fullmatch(dataset_id):
            raise ValueError(dataset_id)
        stands_on = f"{history.sha256}\n{code_digest()}\n{sorted(libraries().items())}"
        return self._folder / f"{dataset_id}-{hashlib.sha256(stands_on.encode()).hexdigest()[:16]}.zip"


def _packed(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()
