"""Opens the app at APP_URL in Chromium as a person would; fails where a page breaks or the browser complains."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.e2e.conftest import ARGUMENTS, CHROMIUM

PAGES = ("", "forecast", "money", "models")
SECONDS = 60_000


def main(picture: Path) -> int:
    """Open the pages; return the exit code."""
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for path in PAGES:
            page.goto(f"{os.environ['APP_URL']}/{path}")
            expect(page.locator("h1.headline")).to_be_visible(timeout=SECONDS)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            if not path:
                page.wait_for_timeout(2000)
                page.screenshot(path=picture)
        browser.close()
    sys.stdout.write(f"opened {len(PAGES)} pages\n")
    sys.stderr.writelines(f"{line}\n" for line in complaints)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
