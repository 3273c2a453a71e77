"""Measure and print: `python -m tests.bench.start [times] [folder of an older release]`.

CPU seconds of the server until `/health` answers 200 and until Chromium has drawn the first page: with an empty data
folder, where the demo company is learned, and at the next start, where it is read. In turns, so that a busy machine is
busy for all of them. Asked: healthy within 5 s.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from tests.bench.latency.servers import ROOT, Server, served
from tests.e2e.conftest import ARGUMENTS, CHROMIUM

Costs = dict[str, list[tuple[float, float, int]]]


def cost(root: Path, data: Path, browser: Browser) -> tuple[float, float, int]:
    """Return CPU seconds to health and to the first page, and how many compiled libraries were loaded by health."""
    with served("app/asgi.py", "/health", data, root) as server:
        healthy, loaded = server.cpu_seconds(), libraries(server)
        page = browser.new_page()
        page.goto(server.url)
        page.locator("h1.headline").wait_for(timeout=120_000)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=120_000)
        drawn = server.cpu_seconds()
        page.close()
    return healthy, drawn, loaded


def libraries(server: Server) -> int:
    """Return how many compiled libraries a server has loaded."""
    lines = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8").splitlines()
    return len({line.split()[-1] for line in lines if ".so" in line})


def main(times: int, roots: dict[str, Path]) -> None:
    """Start everything in turns and print the medians."""
    costs: Costs = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for _ in range(times):
            for name, root in roots.items():
                with tempfile.TemporaryDirectory() as folder:
                    for start in ("first start", "next start"):
                        costs.setdefault(f"{name}, {start}", []).append(cost(root, Path(folder), browser))
        browser.close()
    print(f"{'':24}{'healthy':>10}{'first page':>12}{'libraries':>11}   CPU s, median of {times}")
    for name, found in costs.items():
        healthy, drawn, loaded = (median(each[part] for each in found) for part in range(3))
        print(f"{name:24}{healthy:>10.2f}{drawn:>12.2f}{loaded:>11.0f}")


if __name__ == "__main__":
    older = {"before": Path(sys.argv[2]).resolve()} if len(sys.argv) > 2 else {}
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3, {**older, "now": ROOT})
