"""Sign-in by OpenID Connect, against a real provider on this machine, over HTTP."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from starlette.testclient import TestClient

from app.access.modes import Mode
from app.access.oidc import Oidc, Provider
from forecast_core import SettingsError
from tests.gates import House

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of libraries the provider is built on
HERE = "https://forecast.example"
PAGE = {"accept": "text/html"}
PEOPLE = {
    "ann": {"preferred_username": "ann@x.example", "roles": ["analyst"], "company": "north"},
    "bob": {"preferred_username": "bob@x.example", "roles": ["Something.Else"], "company": "north"},
    "cat": {"preferred_username": "cat@x.example", "roles": ["admin"]},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Return the address of a running provider that knows three people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import User, run_server_in_thread

        people = [User(sub=name, claims=claims) for name, claims in PEOPLE.items()]
        with run_server_in_thread(user_claims=people) as server:
            yield f"http://localhost:{server.server_port}"


def house(folder: Path, issuer: str, tenant_claim: str = "", client_id: str = "forecast") -> House:
    found = House(folder, address=HERE)
    told = Provider(issuer, client_id, "client secret", "roles", tenant_claim, HERE)
    mode: Mode = Oidc(told, found.sessions, b"s" * 32)
    return House(folder, mode, HERE)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def agreed(address: str, name: str) -> str:
    """Sign in at the provider as a browser does; return where it sends the browser back to."""
    with pytest.raises(HTTPError) as sent:
        build_opener(_Stay).open(address, urlencode({"sub": name}).encode(), timeout=10)
    back = str(sent.value.headers["location"])
    sent.value.close()
    return back


def came_back(browser: TestClient, name: str, link: str = "/drift?d=demo&scope=R%26D") -> str:
    """Follow a stranger from a deep link to the provider; return the address they come back with."""
    sent = browser.get(link, headers=PAGE)
    away = browser.get(sent.headers["location"])
    assert away.status_code == 303
    asked = {key: value[0] for key, value in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert asked["code_challenge_method"] == "S256" and len(asked["state"]) > 20 < len(asked["nonce"])
    assert all(part in away.headers["set-cookie"] for part in ("HttpOnly", "Secure", "SameSite=lax"))
    back = agreed(away.headers["location"], name)
    assert back.startswith(f"{HERE}/oidc/callback?")
    return back.removeprefix(HERE)


def test_a_deep_link_leads_to_the_provider_and_back(tmp_path: Path, provider: str) -> None:
    browser = house(tmp_path, provider).visitor()
    answer = browser.get(came_back(browser, "ann"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/drift?d=demo&scope=R%26D")
    told = browser.get("/page").json()
    assert (told["x-archive-forecast-name"], told["x-archive-forecast-role"]) == ("ann%40x.example", "analyst")
    assert browser.post("/logout").status_code == 303
    assert browser.get("/page").status_code == 401


def test_somebody_without_a_role_of_ours_stays_outside(tmp_path: Path, provider: str) -> None:
    browser = house(tmp_path, provider).visitor()
    answer = browser.get(came_back(browser, "bob"))
    assert answer.status_code == 403 and "no role here" in answer.text
    assert browser.get("/page").status_code == 401


def test_the_claim_says_behind_whose_wall(tmp_path: Path, provider: str) -> None:
    walled = house(tmp_path, provider, tenant_claim="company")
    browser = walled.visitor()
    browser.get(came_back(browser, "ann"))
    assert browser.get("/page").json()["x-archive-forecast-tenant"] == "north"
    stranger = walled.visitor()
    assert stranger.get(came_back(stranger, "cat")).status_code == 403, "no claim is not the house"


def test_an_answer_that_another_browser_asked_for_is_refused(tmp_path: Path, provider: str) -> None:
    gate = house(tmp_path, provider)
    mine, theirs = gate.visitor(), gate.visitor()
    stolen = came_back(theirs, "cat")
    assert mine.get(stolen).status_code == 401, "no sign-in was begun here"
    came_back(mine, "ann")
    assert mine.get(stolen).status_code == 401, "another state"
    assert mine.get("/page").status_code == 401


@pytest.mark.parametrize("bend", ["state", "code", "cookie"])
def test_what_was_bent_on_the_way_is_refused(tmp_path: Path, provider: str, bend: str) -> None:
    browser = house(tmp_path, provider).visitor()
    back = came_back(browser, "ann")
    if bend == "cookie":
        browser.cookies.clear()  # a second one of this name would leave it open which of them is sent
        browser.cookies.set("archive-forecast-sign-in", "e30=.00", path="/oidc/callback")
    else:
        back = re.sub(f"{bend}=[^&]+", f"{bend}=bent", back)
    answer = browser.get(back)
    assert answer.status_code == 401 and "logged" in answer.text
    assert browser.get("/page").status_code == 401


def test_an_answer_counts_once(tmp_path: Path, provider: str) -> None:
    browser = house(tmp_path, provider).visitor()
    back = came_back(browser, "ann")
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401


def test_a_token_for_another_app_is_refused(tmp_path: Path, provider: str) -> None:
    """The provider signs for the client that asked; here our own name differs when the token comes."""
    gate = house(tmp_path, provider)
    mode = gate.doors.mode
    assert isinstance(mode, Oidc)
    browser = gate.visitor()
    back = came_back(browser, "ann")
    other = Provider(provider, "other", "client secret", "roles", "", HERE)
    vars(mode)["_provider"] = other
    assert browser.get(back).status_code == 401


def test_a_provider_that_is_away_is_said(tmp_path: Path) -> None:
    answer = house(tmp_path, "http://localhost:9").visitor().get("/login")
    assert answer.status_code == 503 and "cannot be reached" in answer.text


@pytest.mark.parametrize("lacking", ["issuer", "client_id", "client_secret", "public_url"])
def test_half_a_setting_stops_the_start(lacking: str) -> None:
    whole = {"issuer": "https://i", "client_id": "c", "client_secret": "s", "public_url": HERE}
    with pytest.raises(SettingsError, match="needs"):
        Provider(**whole | {lacking: ""}, role_claim="roles", tenant_claim="")


def test_a_provider_without_https_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="not HTTPS"):
        Provider("http://i.example", "c", "s", "roles", "", HERE)
