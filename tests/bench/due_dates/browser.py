"""From a move of the rule to its consequence, in Chromium, on a billion files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, sync_playwright

from forecast_core import InventoryChoices, InventoryReading, Service
from forecast_core.inventory import Cubes, Inventory
from tests.bench.due_dates.scale import LAST, billion
from tests.bench.latency.__main__ import ARGUMENTS, ARM, CHROMIUM
from tests.bench.latency.servers import Server, served

MOVES, WARM_UP, PAUSE_MS, FIRST_RULE = 60, 6, 400, 24
# A heat map changes in depth, not in place.
WATCH = ARM.replace("t => [t.x, t.y]", "t => [t.x, t.y, t.z]")


def rule_to_consequence(moves: int = MOVES) -> str:
    """Return the figures in words: key pressed to both pictures repainted, and what the server spent."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        identity = _stored(Path(folder))
        with served("app/asgi.py", "/health", Path(folder)) as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{server.url}/policy?v=1&d={identity}&scope=ALL&age={FIRST_RULE}")
            page.locator("h1.headline", has_text=f"{FIRST_RULE} months").wait_for(timeout=120_000)
            page.wait_for_timeout(3000)
            page.get_by_role("slider", name="Untouched for").focus()
            measured = [_move(page, server, index) for index in range(WARM_UP + moves)][WARM_UP:]
            browser.close()
    took, spent = np.array(measured).T
    p50, p95 = np.percentile(took, [50, 95])
    return (
        f"rule → consequence in Chromium on a billion files: p50 {p50:.0f} ms, p95 {p95:.0f} ms over {moves} moves, "
        f"server {1000 * spent.mean():.0f} ms each"
    )


def _stored(folder: Path) -> str:
    cube = billion()
    rows = len(cube.cells)
    choices, inventory = InventoryChoices(), Inventory(Cubes((cube,)))
    reading = InventoryReading("billion.csv", "0" * 12, False, (), (), rows, rows, inventory, choices)
    return Service(folder, LAST + 1).accept(reading, "2026-11-01T00:00:00+00:00").id


def _move(page: Page, server: Server, index: int) -> tuple[float, float]:
    """Return milliseconds until the pictures show the next rule, and seconds of CPU; there and back over 20 rules."""
    page.evaluate(WATCH)
    before = server.cpu_seconds()
    page.keyboard.press("ArrowRight" if index // 20 % 2 == 0 else "ArrowLeft")
    page.wait_for_function("window.took !== null", timeout=20_000, polling=20)
    took = float(page.evaluate("window.took"))
    page.wait_for_timeout(PAUSE_MS)
    return took, server.cpu_seconds() - before
