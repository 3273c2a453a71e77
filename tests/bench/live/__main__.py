"""Measure the live component. `python -m tests.bench.live [moves]`: everything in one run, so that figures compare.

Key press → painted (two frames after the last chart) of the live page, of stock widgets and of the naive page, turn by
turn; dragging; five people dragging and fifty moving; a line with 100 ms of delay; Firefox where it is installed.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.latency.__main__ import ARGUMENTS, CHROMIUM, PAUSE_MS, WARM_UP, Runner
from tests.bench.latency.servers import Server, served
from tests.bench.live.firefox import Firefox, firefox, found
from tests.bench.live.people import crowd
from tests.bench.live.slow_wire import slow

NAIVE = str(Path(__file__).parents[1] / "latency" / "naive_page.py")
ROOT = str(Path(__file__).resolve().parents[3])
VIEW = {"width": 1280, "height": 900}
DRAG_SECONDS, DRAGS, CROWD_SECONDS = 2.5, 4, 20.0
FIREFOX_PORT = 8629
SETTLE = "document.querySelectorAll('.live-plot svg.main-svg:first-child').length === 2"
WATCH = """(() => {
  window.drawn = []; window.moved = [];
  addEventListener('live-drawn', event => requestAnimationFrame(() => requestAnimationFrame(() =>
    drawn.push({seq: event.detail.seq, took: event.detail.took, at: performance.now()}))));
  addEventListener('input', () => moved.push(performance.now()), {capture: true});
})()"""
SLIDER = "document.getElementById('live-archive_frequency_per_day')"


def row(name: str, *cells: object) -> None:
    """Print a line of a table."""
    print(f"{name:<44}" + "".join(f"{cell:>12.1f}" if isinstance(cell, float) else f"{cell:>12}" for cell in cells))


def keys(browser: Browser, servers: dict[str, Server], moves: int) -> None:
    """Press a key on every page, turn by turn."""
    runners = [
        Runner(name, server, browser.new_page(viewport=VIEW, bypass_csp=True)) for name, server in servers.items()
    ]
    for runner in runners:
        runner.open()
    for index in range(WARM_UP + moves):
        for runner in runners:
            runner.press(measured=index >= WARM_UP)
    row("key press → painted", "n", "p50 ms", "p95 ms", "CPU ms")
    for runner in runners:
        low, high = (float(value) for value in np.percentile(runner.milliseconds, [50, 95]))
        row(runner.name, len(runner.milliseconds), low, high, runner.cpu_seconds / len(runner.milliseconds) * 1000)
        runner.page.close()


def drag(page: Page, server: Server, seconds: float) -> dict[str, Any]:
    """Drag the lever and return what was painted and what it cost."""
    box = page.get_by_role("slider", name="Archived per day").bounding_box()
    assert box is not None
    page.evaluate("drawn.length = moved.length = 0")
    before, began, step = server.cpu_seconds(), time.monotonic(), 0
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 12)
    page.mouse.down()
    while time.monotonic() - began < seconds:
        step += 1
        page.mouse.move(box["x"] + box["width"] * (0.3 + 0.4 * abs((step % 80) / 40 - 1)), box["y"] + 12)
        time.sleep(0.01)
    spent = server.cpu_seconds() - before
    drawn, moved = page.evaluate("drawn"), page.evaluate("moved")
    page.mouse.up()
    page.wait_for_timeout(900)
    left = page.evaluate("drawn.length") - len(drawn)
    lag = [each["at"] - max(at for at in moved if at <= each["at"]) for each in drawn]
    return {"drawn": drawn, "cpu": spent, "lag": lag, "left": left, "seconds": seconds}


def dragging(page: Page, server: Server, name: str) -> None:
    """Drag a few times and print the means."""
    found_all = [drag(page, server, DRAG_SECONDS) for _ in range(DRAGS)]
    count = sum(len(each["drawn"]) for each in found_all)
    took = [draw["took"] for each in found_all for draw in each["drawn"]]
    rate = count / sum(each["seconds"] for each in found_all)
    cpu = sum(each["cpu"] for each in found_all) / max(count, 1) * 1000
    low, high = (float(value) for value in np.percentile(took, [50, 95])) if took else (float("nan"),) * 2
    row(name, rate, cpu, low, high, max(each["left"] for each in found_all))


def opened(browser: Browser, url: str) -> Page:
    """Return the live page, drawn and watched."""
    page = browser.new_page(viewport=VIEW, bypass_csp=True)
    page.goto(url)
    page.wait_for_function(SETTLE, timeout=90_000)
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    return page


def in_firefox(tab: Firefox, server: Server, moves: int) -> None:
    """Keys and a drag in Firefox."""
    tab.open(server.url)
    tab.wait(SETTLE)
    time.sleep(2)
    tab.run(WATCH)
    tab.run(f"{SLIDER}.focus()")
    tab.run("addEventListener('keydown', () => { window.pressed = performance.now(); }, {capture: true})")
    waits = []
    for index in range(WARM_UP + moves):
        seen = tab.run("drawn.length")
        tab.press("\ue014")
        tab.wait(f"drawn.length > {seen}")
        if index >= WARM_UP:
            waits.append(tab.run("drawn.at(-1).at - pressed"))
        time.sleep(PAUSE_MS / 1000)
    box = tab.run(f"{SLIDER}.getBoundingClientRect()")
    tab.run("void (drawn.length = 0)")
    stops = [(box["x"] + box["width"] * (0.3 + 0.3 * (step % 50) / 50), box["y"] + 10) for step in range(125)]
    before, began = server.cpu_seconds(), time.monotonic()
    tab.drag(stops, 20)
    seconds, spent = time.monotonic() - began, server.cpu_seconds() - before
    drawn = tab.run("drawn")
    low, high = (float(value) for value in np.percentile(waits, [50, 95]))
    row("Firefox: key press → painted", len(waits), low, high)
    took = float(np.percentile([each["took"] for each in drawn], 50))
    row("Firefox: painted a second, CPU, Plotly p50", len(drawn) / seconds, spent / max(len(drawn), 1) * 1000, took)


def together(server: Server) -> None:
    """Five people drag, fifty move now and then."""
    with ThreadPoolExecutor(1) as beside:  # the browser's own loop is running in this thread
        found_all = beside.submit(asyncio.run, crowd(server, 5, 50, CROWD_SECONDS)).result()
    cpu = found_all.cpu_seconds / (len(found_all.drags) + len(found_all.moves)) * 1000
    row("5 dragging + 50 moving, question → answer", "n", "p50 ms", "p95 ms", "CPU ms")
    for name, waits in (("those who drag", found_all.drags), ("those who move", found_all.moves)):
        low, high = (float(value) for value in np.percentile(waits, [50, 95]))
        row(name, len(waits), low, high, cpu)


def main() -> None:
    """Measure and print the tables."""
    moves, folder = int(sys.argv[1]) if len(sys.argv) > 1 else 40, Path(tempfile.mkdtemp(prefix="live-"))
    with (
        served("app/asgi.py", "/health", folder, ARCHIVE_FORECAST_LEVERS="live") as live,
        served("app/asgi.py", "/health", folder, ARCHIVE_FORECAST_LEVERS="plain") as plain,
        served(NAIVE, "/_stcore/health", folder, PYTHONPATH=ROOT) as naive,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        keys(browser, {"live component": live, "stock widgets": plain, "naive page": naive}, moves)
        row("dragging", "painted/s", "CPU ms", "Plotly p50", "Plotly p95", "after end")
        page = opened(browser, live.url)
        dragging(page, live, "live component")
        page.close()
        with slow(live.url, 0.1) as far:
            page = opened(browser, far)
            dragging(page, live, "live component, 100 ms each way")
            page.close()
        browser.close()
        together(live)
        if found():
            with firefox(FIREFOX_PORT) as tab:
                in_firefox(tab, live, moves)
        else:
            print("Firefox is not installed (Debian: apt-get install firefox-esr); not measured.")


if __name__ == "__main__":
    main()
