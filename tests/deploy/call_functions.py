"""Calls the packed Functions app in its folder, with its own libraries, as Azure's host would; prints what came."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from types import SimpleNamespace

import azure.functions as func

ROW = {
    "month": "2026-10",
    "total_files": 100_000,
    "avg_file_size_mb": 1.2,
    "pct_pdf": 0.4,
    "pct_docx": 0.3,
    "pct_xlsx": 0.1,
    "archive_frequency_per_day": 900,
}
WHERE = SimpleNamespace(
    function_name="api",
    function_directory=".",
    invocation_id="1",
    thread_local_storage=None,
    trace_context=None,
    retry_context=None,
)


async def ask(functions: dict[str, func.Function]) -> list[int]:
    """Return the status of the health check and of a question."""
    alive = await functions["health"].get_user_function()(func.HttpRequest("GET", "https://f.net/health", body=b""))
    question = func.HttpRequest(
        "POST",
        "https://f.net/api/v1/predict",
        headers={"content-type": "application/json"},
        body=json.dumps({"instances": [ROW]}).encode(),
    )
    answer = await functions["api"].get_user_function()(question, WHERE)
    return [alive.status_code, answer.status_code]


def main() -> None:
    """Ask, go the round, and say whether Streamlit was needed."""
    sys.path.insert(0, "")
    found = importlib.import_module("function_app").app.get_functions()
    functions = {item.get_function_name(): item for item in found}
    statuses = asyncio.run(ask(functions))
    functions["round"].get_user_function()(SimpleNamespace(past_due=False))
    sys.stdout.write(json.dumps({"statuses": statuses, "streamlit": "streamlit" in sys.modules}) + "\n")


if __name__ == "__main__":
    main()
