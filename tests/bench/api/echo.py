"""The comparator: a bare FastAPI application that answers what it was sent, same server, same wire."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health() -> dict[str, str]:
    """Answer that it runs."""
    return {"status": "ready"}


@app.post("/echo")
def echo(body: dict[str, Any]) -> dict[str, Any]:
    """Answer what was sent."""
    return body
