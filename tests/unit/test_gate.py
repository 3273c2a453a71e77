"""The gate against the list of threats: each has a test here or where it says."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from app.access.forms import harmless
from app.access.limits import Limits
from app.access.modes import Off
from tests.gates import HERE, MEDIUM, PASSWORD, THERE, UPLOAD, House

SOCKET = "wss://forecast.example/_stcore/stream"
PAGE = {"accept": "text/html,application/xhtml+xml"}
SPOOFED = {
    "x-archive-forecast-name": "root",
    "X-Archive-Forecast-Role": "admin",
    "x-archive-forecast-tenant": "other",
    "x-ms-client-principal": base64.b64encode(b'{"claims":[{"typ":"roles","val":"admin"}]}').decode(),
    "x-ms-client-principal-name": "root",
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = House(tmp_path)
    found.account("vic", "viewer")
    found.account("ann", "analyst")
    found.account("ada", "admin")
    return found


# ── closed unless somebody is recognised ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", ["/api/v1/predict", MEDIUM, "/_stcore/host-config", "/metrics", "/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_stranger_gets_nothing(house: House, method: str, path: str) -> None:
    answer = house.visitor().request(method, path, headers=SPOOFED)
    assert answer.status_code == 401 and "x-archive" not in answer.text and answer.headers["www-authenticate"]


def test_a_stranger_s_socket_is_never_opened(house: House) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        house.visitor().websocket_connect(SOCKET, headers=SPOOFED),
    ):
        pass
    assert closed.value.code == 1008


def test_health_tells_a_stranger_nothing_but_health(house: House) -> None:
    for path in ("/health", "/api/health", "/api/v1/health"):
        assert house.visitor().get(path, headers=SPOOFED).json() == {}, "no identity goes along"


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/drift/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/script-health-check"],
)
def test_what_nobody_needs_is_closed_to_everybody(house: House, path: str) -> None:
    assert house.signed_in("ada").get(path).status_code == 404


def test_an_identity_that_a_visitor_makes_up_is_worth_nothing(house: House) -> None:
    told = house.signed_in("vic").get("/page", headers=SPOOFED).json()
    assert told == {
        "x-archive-forecast-name": "vic",
        "x-archive-forecast-role": "viewer",
        "x-archive-forecast-place": "203.0.113.9",
    }


@pytest.mark.parametrize(("name", "status"), [("vic", 403), ("ann", 200), ("ada", 200)])
def test_uploading_takes_an_analyst(house: House, name: str, status: int) -> None:
    browser = house.signed_in(name)
    with browser.websocket_connect(SOCKET) as socket:
        socket.send_text("where to")
        socket.receive_bytes()
    assert browser.put(UPLOAD).status_code == status
    if status == 200:
        other = house.signed_in("ada" if name == "ann" else "ann")
        assert [other.put(UPLOAD).status_code, other.delete(UPLOAD).status_code] == [404, 404], "an upload of somebody"


@pytest.mark.parametrize(("name", "status"), [("vic", 403), ("ann", 403), ("ada", 200)])
def test_meters_take_an_administrator(house: House, name: str, status: int) -> None:
    assert house.signed_in(name).get("/metrics").status_code == status


# ── signing in ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_deep_link_survives_signing_in(house: House) -> None:
    browser, link = house.visitor(), "/drift?v=1&d=demo&scope=R%26D&perday=9000"
    sent = browser.get(link, headers=PAGE)
    assert sent.status_code == 303 and sent.headers["location"].startswith("/login?next=%2Fdrift")
    form = browser.get(sent.headers["location"])
    assert form.status_code == 200 and 'name="next" value="/drift?v=1&amp;d=demo' in form.text
    target = form.text.split('name="next" value="')[1].split('"')[0].replace("&amp;", "&")
    answer = browser.post("/login", data={"name": "vic", "password": PASSWORD, "next": target})
    assert answer.status_code == 303 and answer.headers["location"] == link
    assert browser.get(link, headers=PAGE).status_code == 200


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie: x=1", ""],
)
def test_signing_in_leads_nowhere_else(house: House, target: str) -> None:
    assert harmless(target) == "/"
    answer = house.visitor().post("/login", data={"name": "vic", "password": PASSWORD, "next": target})
    assert answer.headers["location"] == "/"


def test_the_cookie_is_for_the_server_alone_and_new_each_time(house: House) -> None:
    browser = house.visitor()
    browser.cookies.set("__Host-archive-forecast", "x" * 43)
    cookies = [
        browser.post("/login", data={"name": "vic", "password": PASSWORD})
        .headers["set-cookie"]
        .split("archive-forecast=")[-1]
        for _ in range(2)
    ]
    for cookie in cookies:
        assert all(part in cookie for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"))
    assert cookies[0].split(";")[0] != cookies[1].split(";")[0] != "x" * 43
    assert "Domain" not in "".join(cookies)


def test_a_wrong_name_and_a_wrong_password_read_the_same(house: House) -> None:
    wrong = house.visitor().post("/login", data={"name": "vic", "password": "something else"})
    unknown = house.visitor().post("/login", data={"name": "nobody<script>", "password": PASSWORD})
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text) == (401, wrong.text)
    assert "set-cookie" not in wrong.headers and "script" not in unknown.text


def test_nobody_may_guess_for_long(house: House) -> None:
    browser = house.visitor()
    tries = [browser.post("/login", data={"name": "vic", "password": f"guess number {number}"}) for number in range(6)]
    assert [answer.status_code for answer in tries] == [401] * 5 + [429]
    assert int(tries[-1].headers["retry-after"]) > 0
    right = browser.post("/login", data={"name": "vic", "password": PASSWORD})
    assert right.status_code == 429, "not even the right one"
    elsewhere = house.visitor(("198.51.100.7", 1)).post("/login", data={"name": "vic", "password": PASSWORD})
    assert elsewhere.status_code == 303, "guessing does not lock the owner out"


@pytest.mark.parametrize(
    "header", [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
@pytest.mark.parametrize("path", ["/login", "/logout", "/_stcore/upload_file/1/2", "/api/v1/scenarios"])
def test_another_site_cannot_act_for_somebody(house: House, path: str, header: dict[str, str]) -> None:
    browser = house.signed_in("ann")
    assert browser.post(path, headers=header, data={"name": "ada", "password": PASSWORD}).status_code == 403
    assert browser.get("/page").status_code == 200
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect(SOCKET, headers=header):
        pass


def test_signing_out_ends_the_session_for_good(house: House) -> None:
    browser = house.signed_in("vic")
    kept = dict(browser.cookies)
    assert "vic" in browser.get("/logout").text, "a link alone only asks"
    assert browser.post("/logout").status_code == 303
    assert TestClient(house.app(), "https://forecast.example", cookies=kept).get("/page").status_code == 401


def test_a_session_has_an_end(house: House) -> None:
    browser = house.signed_in("vic")
    house.clock.move(hours=11.9)
    assert browser.get("/page").status_code == 200
    house.clock.move(hours=0.2)
    assert browser.get("/page").status_code == 401


# ── what was taken away is away ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("change", [{"ended_at": "now"}, {"role": "viewer"}, {"password": "other"}])
def test_a_changed_account_loses_its_open_sessions(house: House, change: dict[str, Any]) -> None:
    browser = house.signed_in("ada")
    house.access.change("ada", **{name: house.clock() if value == "now" else value for name, value in change.items()})
    assert browser.get("/page").status_code == 401


def test_an_open_socket_ends_with_the_account(house: House) -> None:
    with house.signed_in("ann").websocket_connect(SOCKET) as socket:
        socket.send_text("one")
        assert socket.receive_bytes().startswith(b"one ann")
        house.access.change("ann", ended_at=house.clock())
        house.clock.move(seconds=2)
        socket.send_text("two")
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_bytes()
        assert closed.value.code == 1008


def test_a_socket_that_only_listens_ends_too(house: House) -> None:
    with house.signed_in("ann").websocket_connect(SOCKET.replace("/_stcore/stream", "/tick")) as socket:
        assert socket.receive_bytes() == b"0"
        house.access.end_sessions("ann", house.clock())
        house.clock.move(seconds=2)
        with pytest.raises(WebSocketDisconnect):
            for _ in range(10_000):
                socket.receive_bytes()


def test_a_socket_does_not_live_for_ever(house: House) -> None:
    with house.signed_in("ann").websocket_connect(SOCKET) as socket:
        house.clock.move(hours=1.1)
        socket.send_text("late")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()


def test_media_are_for_whom_they_were_made(house: House) -> None:
    ann, vic = house.signed_in("ann"), house.signed_in("vic")
    assert ann.get(MEDIUM).status_code == 404
    with ann.websocket_connect(SOCKET) as socket:
        socket.send_text("draw")
        assert MEDIUM.encode() in socket.receive_bytes()
    assert ann.get(MEDIUM).status_code == 200
    assert vic.get(MEDIUM).status_code == 404, "a shared address is worth nothing"
    assert vic.get("/static/media/SourceSansVF-Upright.ttf").status_code == 200, "what the app ships is everybody's"


# ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_key_opens_the_api_as_its_role_and_nothing_else(house: House) -> None:
    key, made = house.keys.make("nightly", "analyst", "north", 30, "ada")
    told = house.visitor().get("/api/v1/levers", headers=bearer(key)).json()
    assert (told["x-archive-forecast-name"], told["x-archive-forecast-role"]) == ("key%20nightly", "analyst")
    assert told["x-archive-forecast-tenant"] == "north"
    assert house.visitor().post("/api/v1/scenarios", headers={"x-api-key": key}).status_code == 200
    for path in ("/", "/_stcore/upload_file/1/2", MEDIUM):
        assert house.visitor().get(path, headers=bearer(key)).status_code == 401
    kept = json.dumps([str(row) for row in house.access.every_key()])
    assert key not in repr(made) and key.split("_", 2)[2] not in kept


@pytest.mark.parametrize(
    "bend",
    [
        lambda key: key[:-1] + ("B" if key.endswith("A") else "A"),
        lambda key: "fk_00000000_" + key[12:],
        lambda key: "fk_" + "x" * 300,
        lambda _: "fk_é",
    ],
)
def test_a_bent_key_opens_nothing(house: House, bend: Any) -> None:
    key, _ = house.keys.make("nightly", "admin", "", 30, "ada")
    wrong = {"authorization": f"Bearer {bend(key)}".encode("latin-1")}
    assert house.visitor().get("/api/v1/levers", headers=wrong).status_code == 401
    assert house.signed_in("ada").get("/api/v1/levers", headers=wrong).status_code == 401, (
        "a wrong key is not helped out"
    )


def test_a_key_ends_when_it_should(house: House) -> None:
    program = house.visitor()
    short, _ = house.keys.make("short", "viewer", "", 1, "ada")
    revoked, made = house.keys.make("revoked", "viewer", "", 30, "ada")
    assert program.get("/api/x", headers=bearer(short)).status_code == 200
    house.keys.end(made.id)
    assert program.get("/api/x", headers=bearer(revoked)).status_code == 401
    house.clock.move(days=1.1)
    assert program.get("/api/x", headers=bearer(short)).status_code == 401


def test_a_rotated_key_holds_for_a_week_more(house: House) -> None:
    old, made = house.keys.make("nightly", "viewer", "", 300, "ada")
    new, _ = house.keys.rotate(made.id, 300, "ada")
    program = house.visitor()
    assert [program.get("/api/x", headers=bearer(key)).status_code for key in (old, new)] == [200, 200]
    house.clock.move(days=7.1)
    assert [program.get("/api/x", headers=bearer(key)).status_code for key in (old, new)] == [401, 200]


def test_no_password_key_cookie_or_question_is_logged(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    key, _ = house.keys.make("nightly", "admin", "", 30, "ada")
    browser = house.signed_in("ada")
    cookie = next(iter(browser.cookies.values()))
    browser.get("/page?perday=9000")
    house.visitor().post("/login", data={"name": "ada", "password": "a wrong guess"})
    for given in (key, key[:-1] + ("B" if key.endswith("A") else "A")):
        house.visitor().get("/api/v1/levers?perday=9000", headers=bearer(given))
    assert "turned away" in caplog.text
    for secret in (key, key.split("_", 2)[2][:20], cookie, PASSWORD, "a wrong guess"):
        assert secret not in caplog.text.replace("HTTP Request: ", "")


# ── limits and headers ─────────────────────────────────────────────────────────────────────────────────────────────
def test_one_cannot_ask_for_ever(tmp_path: Path) -> None:
    house = House(tmp_path, per_minute=20)
    house.account("vic")
    house.account("ann")
    browser = house.signed_in("vic")
    answers = [browser.get("/page") for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert browser.get("/static/js/index.js").status_code != 429, "what is shipped with a page is not a question"
    assert browser.post("/live/simulator").status_code != 429, "a hand on a lever asks more often than a hand on a page"
    assert house.signed_in("ann").get("/page").status_code == 200, "others are not held up"


def test_moves_of_a_lever_come_to_an_end_too() -> None:
    limits = Limits(per_minute=20)
    assert [limits.request("vic", is_move=True) for _ in range(3000)] == [0] * 3000
    assert limits.request("vic", is_move=True) > 0
    assert limits.request("vic") == 0


def test_an_endless_address_is_refused(house: House) -> None:
    assert house.signed_in("vic").get("/page?" + "x" * 17_000).status_code == 414


def test_every_answer_carries_the_security_headers(tmp_path: Path) -> None:
    house = House(tmp_path, address="https://forecast.example")
    for path in ("/page", "/login", "/health", "/_stcore/metrics"):
        headers = house.visitor().get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["script-src"].startswith("'self' 'sha256-") and "unsafe" not in policy["script-src"]
        assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "same-origin"


# ── no sign-in ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_without_sign_in_this_machine_is_its_administrator(tmp_path: Path, host: str) -> None:
    told = House(tmp_path, Off()).visitor((host, 1), "http://localhost:8501").get("/page", headers=SPOOFED).json()
    assert (told["x-archive-forecast-name"], told["x-archive-forecast-role"]) == ("local", "admin")


@pytest.mark.parametrize(
    ("peer", "url", "headers"),
    [
        (THERE, "http://localhost:8501", {}),
        (("::ffff:203.0.113.9", 1), "http://localhost:8501", {}),
        (("172.17.0.1", 1), "http://localhost:8501", {}),
        (HERE, "http://forecast.example", {}),  # a page whose name was bent to this address
        (HERE, "http://127.0.0.1.nip.io", {}),
        (HERE, "http://localhost:8501", {"x-forwarded-for": "203.0.113.9"}),  # a proxy on this machine
        (HERE, "http://localhost:8501", {"forwarded": "for=203.0.113.9"}),
    ],
)
def test_without_sign_in_nobody_else_comes_in(tmp_path: Path, peer: Any, url: str, headers: dict[str, str]) -> None:
    visitor = House(tmp_path, Off()).visitor(peer, url)
    answer = visitor.get("/page", headers=PAGE | headers)
    assert answer.status_code == 403 and "this machine only" in answer.text
    with pytest.raises(WebSocketDisconnect), visitor.websocket_connect(url.replace("http", "ws"), headers=headers):
        pass


def test_without_sign_in_no_key_opens_it_to_another_machine(tmp_path: Path) -> None:
    house = House(tmp_path, Off())
    key, _ = house.keys.make("nightly", "admin", "", 30, "ada")
    assert house.visitor().get("/api/v1/levers", headers=bearer(key)).status_code == 403
    here = house.visitor(HERE, "http://localhost:8501").get("/api/v1/levers", headers=bearer("YOUR-KEY"))
    assert here.json()["x-archive-forecast-name"] == "local", "an example runs as it is copied"
