"""Two tenants on one real server: B opens what A's addresses lead to, and finds nothing of A."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from app.access.secrets import hashed
from forecast_core import Access, Account, Store
from tests.bench.latency.servers import Server, served
from tests.e2e.conftest import SECONDS
from tests.gates import PASSWORD
from tests.tenants import NORTH, OWN, PLAN, SOUTH, Building

PAGES = ("", "forecast", "policy", "scenarios", "search", "models", "money", "drift", "data", "method", "present")
DRAWN = "[data-testid=stApp][data-test-script-state=notRunning]"
BIG = re.compile(r"\d[\d,.]{4,}\d")


@dataclass
class Town:
    """A server, what South keeps on it, and the two people."""

    server: Server
    scenario: str
    upload: str

    def enter(self, browser: Browser, name: str) -> BrowserContext:
        """Return a browser in which somebody has signed in."""
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US", bypass_csp=True)
        context.set_default_timeout(SECONDS * 1000)
        form = {"name": name, "password": PASSWORD, "next": "/health"}
        assert context.request.post(f"{self.server.url}/login", form=form).status == 200
        return context


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    scenario, upload = Building(folder, growth=3.0).furnish()
    access = Access(Store.at(folder))
    for who in (NORTH, SOUTH):
        access.add(Account(who.name, hashed(PASSWORD), who.role, who.tenant, 1, datetime.now(UTC), "test"))
    places = {"ARCHIVE_FORECAST_MODELS_DIR": str(folder / "models"), "ARCHIVE_FORECAST_LEVERS": "live"}
    with served("app/asgi.py", "/health", folder, ARCHIVE_FORECAST_SIGN_IN="local", **places) as running:
        yield Town(running, scenario, upload)


def drawn(page: Page, address: str) -> tuple[str, set[str]]:
    """Return a page's source and the numbers it shows, once it has come to its end, an answer or a refusal."""
    page.goto(address)
    page.locator("h1.headline, [data-testid=stAlert], [data-testid=stIFrame]").first.wait_for()
    page.locator(DRAWN).wait_for()
    return page.content(), set(BIG.findall(page.locator("body").inner_text()))


def test_what_another_s_addresses_lead_to_shows_nothing_of_theirs(town: Town, browser: Browser) -> None:
    south, north = (town.enter(browser, who.name) for who in (SOUTH, NORTH))
    page, url = south.new_page(), town.server.url
    told, numbers = drawn(page, f"{url}/?d={town.upload}&scope=Jungle")
    assert "Jungle" in told and OWN in told
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("combobox", name="File").click()
    page.get_by_role("option", name="Everything, JSON").click()
    page.get_by_role("button", name="Prepare").click()
    with page.expect_download() as got:
        page.get_by_role("button", name="Download, ").click()
    media = got.value.url
    assert "/media/" in media and "Jungle" in got.value.path().read_text(encoding="utf-8")
    assert PLAN in drawn(page, f"{url}/scenarios?d={town.upload}&scope=Jungle")[0]
    south_sees = south.request.get(media).status

    other = north.new_page()
    usual, shown = drawn(other, f"{url}/")
    numbers -= shown
    assert numbers and "South" not in usual
    links = [f"{name}?d={town.upload}&scope=Jungle" for name in PAGES]
    for link in (*links, f"?s={town.scenario}", f"scenarios?s={town.scenario}"):
        seen, shown = drawn(other, f"{url}/{link}")
        assert not [each for each in (PLAN, OWN, "South", "Desert") if each in seen], link
        assert not numbers & shown, link
    assert (south_sees, north.request.get(media).status) == (200, 404)
    south.close()
    north.close()


async def session(town: Town, cookie: str, resumed: str = "") -> tuple[ClientConnection, str]:
    """Return a socket of somebody, and the id of the session that the server gave it."""
    asked = [Subprotocol(part) for part in ("streamlit", "x", resumed) if part]
    address = town.server.url.replace("http", "ws") + "/_stcore/stream"
    wire = await connect(
        address, subprotocols=asked[: 3 if resumed else 1], additional_headers={"Cookie": cookie}, max_size=None
    )
    begin = BackMsg()
    begin.rerun_script.query_string = ""
    await wire.send(begin.SerializeToString())
    return wire, (await heard(wire, "new_session")).new_session.initialize.session_id


async def heard(wire: ClientConnection, kind: str) -> ForwardMsg:
    """Return the next message of a kind."""
    while True:
        message = ForwardMsg()
        message.ParseFromString(await asyncio.wait_for(wire.recv(decode=False), SECONDS))
        if message.WhichOneof("type") == kind:
            return message


def test_nobody_resumes_a_session_of_somebody_else(town: Town, browser: Browser) -> None:
    contexts = [town.enter(browser, who.name) for who in (SOUTH, NORTH)]
    south, north = ("; ".join(f"{each['name']}={each['value']}" for each in found.cookies()) for found in contexts)

    async def run() -> tuple[str, list[str], str, str]:
        wire, mine = await session(town, south)
        ask = BackMsg()
        ask.file_urls_request.request_id, names = "1", ask.file_urls_request.file_names
        names.append("mine.csv")
        await wire.send(ask.SerializeToString())
        place = (await heard(wire, "file_urls_response")).file_urls_response.file_urls[0].upload_url
        thief, open_one = await session(town, north, mine)
        await thief.close()
        await wire.close()
        thief, left_one = await session(town, north, mine)
        await thief.close()
        back, again = await session(town, south, mine)
        await back.close()
        return mine, [open_one, left_one], again, place

    with ThreadPoolExecutor(1) as aside:  # the browser's driver has the loop of this thread
        mine, taken, again, place = aside.submit(asyncio.run, run()).result()
    assert mine not in taken, "a session is worth nothing to anybody else, open or left"
    assert again == mine, "who opened it comes back to it after the line was broken"
    for context, status in zip(contexts, (403, 404), strict=True):  # 403: it is theirs, but lacks the page's own token
        assert context.request.put(town.server.url + place, data=b"x").status == status
        assert context.request.delete(town.server.url + place).status == status
    for context in contexts:
        context.close()
