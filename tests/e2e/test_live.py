"""The live component in Chromium: answers follow the thumb, and nothing that was set is lost."""

from __future__ import annotations

import gzip
import re
import urllib.request
from collections.abc import Callable
from statistics import median
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, Route, WebSocketRoute, expect

from app.live.assets import FOLDER, PLOTLY
from app.live.serving import PLACE
from tests.bench.latency.servers import Server
from tests.e2e.conftest import Open, settled

HEADLINE = "h1.headline"
FREQUENCY = "Archived per day"
STRICT = "default-src 'self' 'unsafe-inline' data: blob:; script-src 'self'; connect-src 'self' ws:"
WATCH = """() => {
  window.drawn = []; window.frames_seen = 0;
  addEventListener('live-drawn', event => drawn.push({...event.detail, url: location.search, at: performance.now()}));
}"""


# What the same charts cost when they are made anew, in the same page at the same time.
ANEW = """() => Array.from({length: 7}, () => [...document.querySelectorAll('.live-plot')].map(plot => {
  const node = document.createElement('div'), [data, layout] = structuredClone([plot.data, plot.layout]);
  node.style.width = `${plot.clientWidth}px`;
  document.body.append(node);
  const began = performance.now();
  Plotly.newPlot(node, data, layout);
  const took = performance.now() - began;
  Plotly.purge(node);
  node.remove();
  return took;
}).reduce((sum, took) => sum + took))"""


def script_seconds(client: CDPSession) -> float:
    """Return how long scripts have run since the page was opened, drawing left out."""
    measured = client.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in measured if each["name"] == "ScriptDuration"))


def slider(page: Page, name: str = FREQUENCY) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def exact(page: Page, name: str = FREQUENCY) -> Locator:
    return page.get_by_label(f"{name}, exact value")


def drag(page: Page, lever: Locator, *stops: float) -> None:
    """Drag the thumb over shares of the slider's width; the last is not released yet."""
    box = lever.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * stops[0], y)
    page.mouse.down()
    for before, after in zip(stops, stops[1:], strict=False):
        for step in range(1, 11):
            page.mouse.move(box["x"] + box["width"] * (before + (after - before) * step / 10), y)
            page.wait_for_timeout(25)


def in_address(page: Page, code: str) -> str:
    return parse_qs(urlsplit(page.url).query)[code][0]


def committed(page: Page, code: str, value: str) -> None:
    page.wait_for_function("([c, v]) => new URLSearchParams(location.search).get(c) === v", arg=[code, value])


@pytest.fixture
def simulator(visit: Open) -> Page:
    page = visit()
    expect(page.locator(".live-plot .main-svg:first-child")).to_have_count(2)
    page.evaluate(WATCH)
    return page


def test_answers_come_while_the_thumb_moves_and_the_address_when_it_rests(simulator: Page) -> None:
    page, first = simulator, simulator.locator(HEADLINE).inner_text()
    address = page.url
    drag(page, slider(page), 0.3, 0.45, 0.6)
    page.wait_for_function("drawn.length >= 3")
    assert page.locator(HEADLINE).inner_text() != first
    assert page.url == address, "nothing is written while the button is down"
    page.mouse.up()
    page.wait_for_function("before => location.href !== before", arg=address)
    value = float(in_address(page, "perday"))
    expect(exact(page)).to_have_value(re.compile(re.escape(f"{value:,.4f}".rstrip("0").rstrip("."))))
    numbers = page.evaluate("drawn.map(each => each.seq)")
    assert numbers == sorted(numbers), "an older answer is never drawn over a newer one"
    page.go_back()
    expect(page.locator(HEADLINE)).to_have_text(first)
    page.go_forward()
    committed(page, "perday", f"{value:.4f}".rstrip("0").rstrip("."))
    expect(page.locator(HEADLINE)).not_to_have_text(first)


def test_who_opens_another_page_at_once_takes_the_move_along(simulator: Page) -> None:
    page, before = simulator, in_address(simulator, "perday")
    drag(page, slider(page), 0.3, 0.6)
    page.mouse.up()
    page.get_by_role("link", name="Policy").click()
    page.wait_for_url("**/policy?**")
    assert in_address(page, "perday") != before


def test_every_key_of_a_slider(simulator: Page) -> None:
    page, lever = simulator, slider(simulator, "Months ahead")
    lever.focus()
    for key, value in [
        ("ArrowRight", "25 months"), ("ArrowUp", "26 months"), ("ArrowLeft", "25 months"), ("ArrowDown", "24 months"),
        ("PageUp", "34 months"), ("PageDown", "24 months"), ("End", "60 months"), ("Home", "1 months"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        expect(lever).to_have_attribute("aria-valuetext", value)
    committed(page, "horizon", "1")
    expect(lever).to_be_focused()
    expect(page.locator(HEADLINE)).to_contain_text("next month")


def test_a_value_can_be_typed_and_a_wrong_one_is_named(simulator: Page) -> None:
    page = simulator
    exact(page).fill("9,000")
    exact(page).press("Enter")
    committed(page, "perday", "9000")
    expect(page.locator(HEADLINE)).to_contain_text("Archiving 9,000 instead of")
    exact(page, "Change starts in").fill("2027-03")
    exact(page, "Change starts in").press("Enter")
    committed(page, "start", "2027-03")
    expect(exact(page, "Change starts in")).to_have_value("Mar 2027")
    for wrong in ("900000", "many"):
        exact(page).fill(wrong)
        exact(page).press("Enter")
        expect(page.get_by_role("alert").filter(has_text="Archived per day is")).to_contain_text("Allowed: 0 to")
        expect(exact(page)).to_have_value("9,000")
    assert in_address(page, "perday") == "9000"
    exact(page).fill("9100")
    exact(page).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Allowed")).to_have_count(0)


def test_a_share_takes_the_others_along_and_gives_them_back(simulator: Page) -> None:
    page = simulator
    page.get_by_text("File mix").click()
    others = [exact(page, "Share of Word"), exact(page, "Share of Excel")]
    before = [each.input_value() for each in others]
    drag(page, slider(page, "Share of PDF"), 0.22, 0.95)
    expect(others[0]).not_to_have_value(before[0])
    box = slider(page, "Share of PDF").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 5)
    for each, value in zip(others, before, strict=True):
        expect(each).to_have_value(value)
    page.mouse.up()
    expect(page.get_by_text("File mix · changed")).to_be_visible()


def test_three_ways_back_to_today(simulator: Page) -> None:
    page, lever, first = simulator, slider(simulator), simulator.locator(HEADLINE).inner_text()
    today = exact(page).input_value()

    def move() -> None:
        lever.focus()
        page.keyboard.press("PageUp")
        expect(page.locator("[data-changed]")).to_have_count(1)

    def is_back() -> None:
        expect(exact(page)).to_have_value(today)
        expect(page.locator("[data-changed]")).to_have_count(0)
        expect(page.locator(HEADLINE)).to_have_text(first)

    for way in (
        lambda: page.get_by_role("button", name="Changed · back to").click(),
        lambda: page.get_by_role("button", name="Reset").click(),
        lever.dblclick,
    ):
        move()
        way()
        is_back()


def test_a_button_of_the_page_moves_the_lever(simulator: Page) -> None:
    page, today = simulator, simulator.get_by_label(f"{FREQUENCY}, exact value").input_value()
    page.get_by_role("button", name="Archive twice as often").click()
    expect(page.locator(HEADLINE)).to_contain_text("Archiving twice as often")
    expect(exact(page)).not_to_have_value(today)
    page.reload()
    expect(page.locator(HEADLINE)).to_contain_text("Archiving twice as often")
    expect(page.locator(".live-lever[data-changed]")).to_have_count(1)


def test_another_scope_has_its_own_levers(simulator: Page) -> None:
    page, whole = simulator, exact(simulator).input_value()
    page.get_by_role("combobox", name="Scope").click()
    page.get_by_role("option", name="Finance").click()
    expect(exact(page)).not_to_have_value(whole)
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-changed]")).to_have_count(1)


def test_the_result_is_spoken_once_the_hand_rests(simulator: Page) -> None:
    page = simulator
    slider(page).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    said = page.locator(".live-said")
    expect(said).to_contain_text("instead of")
    expect(said).to_have_text(page.locator(HEADLINE).inner_text())


def test_colours_follow_the_theme_without_a_new_page(simulator: Page) -> None:
    page = simulator
    strokes = (
        "[...document.querySelectorAll('.live-plot path.js-line')].map(line => getComputedStyle(line).stroke).join()"
    )
    light = page.evaluate(strokes)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {strokes} !== light", arg=light)
    assert "rgb(0, 0, 1)" not in page.evaluate(strokes), "the stand-in was replaced"


def test_an_answer_is_light(visit: Open) -> None:
    """What costs at every move, as counts: they are the same on a busy machine."""
    page = visit("/?v=1&d=demo&scope=ALL&perday=14606")
    expect(page.locator(".live-plot .main-svg:first-child")).to_have_count(2)
    page.evaluate(WATCH)
    sizes: list[float] = []
    frames: list[object] = []
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.webSocketFrameReceived", lambda frame: frames.append(frame))
    client.on("Network.loadingFinished", lambda reply: sizes.append(reply["encodedDataLength"]))
    slider(page).evaluate("range => { range.value = 9000; range.dispatchEvent(new Event('input')); }")
    page.wait_for_function("drawn.length >= 1")
    page.wait_for_timeout(500)
    (size,) = (size for size in sizes if size)  # small curves are addresses of their own, which load nothing
    assert size < 9_000
    assert not frames, "the page's script is not run"
    assert page.evaluate("[...document.querySelectorAll('.live-plot')].map(plot => plot.data.length)") == [8, 3]
    client.send("Performance.enable")
    before = script_seconds(client)
    for value in range(9100, 10000, 100):
        seen = page.evaluate("drawn.length")
        slider(page).evaluate(f"range => {{ range.value = {value}; range.dispatchEvent(new Event('input')); }}")
        page.wait_for_function(f"drawn.length > {seen}")
    script, moves = 1000 * (script_seconds(client) - before), 9
    drawing = median(page.evaluate("drawn.slice(1).map(each => each.took)"))
    anew = median(page.evaluate(ANEW))
    assert drawing < 1.5 * anew, "0.6 to 0.9 on a quiet machine; who draws twice is found"
    assert script / moves < drawing / 4, "the rest of the page is left alone; rendering it took 0.6 of this"


def test_a_strict_policy_and_no_internet(server: Server, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)

    def strict(route: object) -> None:
        request = route.request
        if not request.url.startswith(server.url):
            route.abort()
        elif request.resource_type == "document":
            answer = route.fetch()
            route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": STRICT})
        else:
            route.continue_()

    page.route("**/*", strict)
    page.goto(server.url)
    settled(page)
    expect(page.locator(".live-plot .main-svg:first-child")).to_have_count(2)
    slider(page).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-changed]")).to_have_count(1)
    assert [text for text in refused if "inline" not in text] == [], "Streamlit's own page has one inline script"
    context.close()


def test_the_files_are_compressed_and_kept_for_ever(server: Server) -> None:
    for name in (path.name for path in FOLDER.iterdir()):
        request = urllib.request.Request(server.url + PLACE + name, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            assert gzip.decompress(answer.read()) == (FOLDER / name).read_bytes()
            assert "immutable" in answer.headers["cache-control"]
        with urllib.request.urlopen(server.url + PLACE + name) as answer:
            assert answer.read() == (FOLDER / name).read_bytes()
    assert PLOTLY["file"] in {path.name for path in FOLDER.iterdir()}


def test_the_verdict_follows_a_term_of_money(visit: Open) -> None:
    page = visit("/money")
    page.evaluate(WATCH)
    first, address = page.locator(HEADLINE).inner_text(), page.url
    drag(page, slider(page, "Read in the archive"), 0.01, 0.5)
    page.wait_for_function("drawn.length >= 1")
    assert page.locator(HEADLINE).inner_text() != first
    assert page.url == address
    page.mouse.up()
    page.wait_for_function("location.search.includes('money=')")
    expect(page.get_by_role("button", name="Changed · back to 0 %")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("button", name="Changed · back to 0 %")).to_be_enabled()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(HEADLINE)).to_have_text(first)
    page.wait_for_function("!location.search.includes('money=')")


class Wire:
    """What is between page and server, which a test may cut."""

    def __init__(self) -> None:
        self.cut = False
        self.sockets: list[WebSocketRoute] = []

    def __call__(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if self.cut else server.send(message))
        server.on_message(lambda message: None if self.cut else socket.send(message))

    def move(self, route: Route) -> None:
        """Let a move through, or not."""
        if self.cut:
            route.abort()
        else:
            route.continue_()


@pytest.fixture
def wired(server: Server, browser: Browser) -> Callable[[Wire], Page]:
    def opened(wire: Wire) -> Page:
        page = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True).new_page()
        page.route_web_socket(re.compile("_stcore/stream"), wire)
        page.route("**/live/*", wire.move)
        page.goto(server.url)
        settled(page)
        page.evaluate(WATCH)
        return page

    return opened


def test_a_lost_connection_says_so_and_resumes(wired: Callable[[Wire], Page]) -> None:
    wire = Wire()
    page = wired(wire)
    wire.cut = True
    slider(page).focus()
    page.keyboard.press("End")
    lost = page.locator(".live-lost")
    expect(lost).to_contain_text("No answer from the server")
    wire.cut = False
    expect(lost).to_be_empty()
    upper = f"{float(slider(page).get_attribute('max') or 0):g}"
    committed(page, "perday", upper)
    expect(page.locator(HEADLINE)).to_contain_text("instead of")
    page.context.close()


def test_a_broken_socket_is_opened_again_and_keeps_what_was_set(wired: Callable[[Wire], Page]) -> None:
    wire = Wire()
    page = wired(wire)
    slider(page).focus()
    page.keyboard.press("PageUp")
    page.wait_for_function("new URLSearchParams(location.search).get('perday') !== '7303'")
    moved = exact(page).input_value()
    wire.sockets[-1].close()
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    expect(exact(page)).not_to_have_value(moved)
    page.wait_for_function("drawn.length >= 2 && document.querySelector('.live-lost').textContent === ''")
    expect(page.locator("[data-changed]")).to_have_count(1)
    page.context.close()


def test_a_finger_moves_the_lever(visit: Open) -> None:
    page = visit("/", has_touch=True, viewport={"width": 640, "height": 450})  # what 200 % zoom leaves of a laptop
    expect(page.locator(".live-plot .main-svg:first-child")).to_have_count(2)
    lever, first = slider(page), page.locator(HEADLINE).inner_text()
    lever.scroll_into_view_if_needed()
    box = lever.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    expect(page.locator(HEADLINE)).not_to_have_text(first)
    page.wait_for_function("new URLSearchParams(location.search).has('perday')")
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], "nothing is pushed out to the side"
