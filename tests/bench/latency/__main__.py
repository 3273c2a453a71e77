"""Press a slider key in both pages, turn by turn, and measure until the last chart shows the new values.

Time runs from the key event to two animation frames after all three charts changed. `python -m tests.bench.latency [n]`
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.bench.latency.servers import Server, served

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
CHARTS, WARM_UP, PAUSE_MS = 3, 5, 400
VIEW = {"width": 1280, "height": 900}
ARM = """
() => {
  const plotted = ({data, layout}) => JSON.stringify([data.map(t => [t.x, t.y]), layout.title, layout.annotations]);
  const sign = g => g.dataset.chart ? g.innerHTML : plotted(g);
  const drawn = g => g.dataset.chart || (g.data && g.querySelector('.main-svg'));
  const charts = () => [...document.querySelectorAll('.js-plotly-plot, [data-chart]')].filter(drawn);
  const before = charts().map(sign);
  window.took = null;
  let start = null;
  window.addEventListener('keydown', () => { start = performance.now(); }, {capture: true, once: true});
  const look = () => {
    const now = charts();
    if (start !== null && now.length === before.length && now.every((g, i) => sign(g) !== before[i]))
      requestAnimationFrame(() => requestAnimationFrame(() => { window.took = performance.now() - start; }));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return before.length;
}
"""


@dataclass
class Runner:
    """One page under test."""

    name: str
    server: Server
    page: Page
    milliseconds: list[float] = field(default_factory=list)
    cpu_seconds: float = 0.0

    def open(self) -> None:
        """Open the page, wait for its charts, put the keyboard on the lever."""
        self.page.goto(self.server.url)
        charts = ".js-plotly-plot svg.main-svg:first-child, [data-chart]"
        ready = f"document.querySelectorAll('{charts}').length >= {CHARTS}"
        self.page.wait_for_function(ready, timeout=60_000)
        self.page.wait_for_timeout(2000)
        self.page.get_by_role("slider", name="Archived per day").focus()

    def press(self, measured: bool) -> None:
        """Press one key and wait until the charts show it."""
        self.page.bring_to_front()
        assert self.page.evaluate(ARM) == CHARTS, f"{self.name} shows another number of charts"
        before = self.server.cpu_seconds()
        self.page.keyboard.press("ArrowRight")
        self.page.wait_for_function("window.took !== null", timeout=20_000, polling=20)
        took, spent = float(self.page.evaluate("window.took")), self.server.cpu_seconds() - before
        self.page.wait_for_timeout(PAUSE_MS)
        if measured:
            self.milliseconds.append(took)
            self.cpu_seconds += spent

    def row(self) -> str:
        """Return the line of the table."""
        p50, p95 = np.percentile(self.milliseconds, [50, 95])
        cpu = self.cpu_seconds / len(self.milliseconds) * 1000
        return f"{self.name:<34}{len(self.milliseconds):>5}{p50:>10.0f}{p95:>10.0f}{cpu:>18.1f}"


def run(moves: int) -> list[Runner]:
    """Return both pages with their measured moves."""
    folder = Path(tempfile.mkdtemp(prefix="latency-"))
    naive_script = str(Path(__file__).with_name("naive_page.py"))
    root = str(Path(__file__).resolve().parents[3])
    with (
        served("app/asgi.py", "/health", folder) as ours,
        served(naive_script, "/_stcore/health", folder, PYTHONPATH=root) as naive,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        runners = [
            Runner("naive (full rerun, forest, px)", naive, browser.new_page(viewport=VIEW, bypass_csp=True)),
            Runner("simulator", ours, browser.new_page(viewport=VIEW, bypass_csp=True)),
        ]
        for runner in runners:
            runner.open()
        for index in range(WARM_UP + moves):
            for runner in runners:
                runner.press(measured=index >= WARM_UP)
        browser.close()
    return runners


def main() -> None:
    """Measure and print the table."""
    naive, ours = run(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
    print(f"{'slider move → all charts repainted':<34}{'n':>5}{'p50 ms':>10}{'p95 ms':>10}{'server CPU ms':>18}")
    print(naive.row())
    print(ours.row())
    ratio = np.percentile(ours.milliseconds, 95) / np.percentile(naive.milliseconds, 95)
    print(f"p95 against the naive page: {ratio:.2f} (to be ≤ 0.60)")


if __name__ == "__main__":
    main()
