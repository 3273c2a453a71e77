"""Accounts of our own: the forms before the app, a password that its owner changes, people in the house's hands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from app.access import Identity, RoleError, forms
from app.access.acts import Acts
from app.access.current import serving
from app.access.people import People
from forecast_core import Audit, Store
from tests.gates import HERE, PASSWORD, House

ANOTHER = "staple and battery, twice"
GOOD = {"old": PASSWORD, "new": ANOTHER, "again": ANOTHER}


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = House(tmp_path)
    found.account("vic", "viewer")
    found.account("ann", "analyst")
    return found


def enters(house: House, password: str) -> int:
    return house.visitor().post("/login", data={"name": "ann", "password": password}).status_code


def beside(browser: TestClient, form: dict[str, str], status: int = 422) -> dict[str, str]:
    """Return the fault beside each field of the refused form."""
    answer = browser.post("/password", data=form)
    assert answer.status_code == status, answer.text
    parts = {
        name: answer.text.partition(f'id="{name}-fault">')[2].partition("<")[0] for name in ("old", "new", "again")
    }
    for name, fault in parts.items():
        assert (f'aria-describedby="{name}-fault"' in answer.text) == bool(fault)
    assert not [value for value in form.values() if value and value in answer.text], "nothing typed comes back"
    return {name: fault for name, fault in parts.items() if fault}


def test_who_changes_the_password_stays_in_here_and_is_out_elsewhere(house: House) -> None:
    here, elsewhere = house.signed_in("ann"), house.signed_in("ann")
    before = dict(here.cookies)
    assert "Change the password" in here.get("/logout").text and 'action="/password"' in here.get("/password").text
    answer = here.post("/password", data=GOOD)
    assert answer.status_code == 200 and "Password changed" in answer.text
    assert dict(here.cookies) != before and here.get("/page").status_code == 200
    assert elsewhere.get("/page").status_code == 401
    assert (enters(house, PASSWORD), enters(house, ANOTHER)) == (401, 303)
    entry = Audit(Store.at(house.folder)).latest(1)[0].act
    assert (entry.who, entry.act, entry.what, entry.after) == ("ann", "own password changed", "ann", {"edition": 2})
    assert ANOTHER not in repr(entry)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"old": "not this one at all"}, "old", "not your password"),
        ({"new": "short", "again": "short"}, "new", "12 to 200 letters; this has 5"),
        ({"new": "x" * 201, "again": "x" * 201}, "new", "this has 201"),
        ({"new": PASSWORD, "again": PASSWORD}, "new", "the old one"),
        ({"new": "I am Ann, hello there", "again": "I am Ann, hello there"}, "new", "Too easy"),
        ({"new": "ababababababab", "again": "ababababababab"}, "new", "Too easy"),
        ({"again": "staple and battery, once"}, "again", "Not the same"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_changes(
    house: House, change: dict[str, str], field: str, words: str
) -> None:
    found = beside(house.signed_in("ann"), GOOD | change)
    assert list(found) == [field] and words in found[field]
    assert enters(house, PASSWORD) == 303


def test_all_that_is_wrong_with_the_new_one_is_said_at_once(house: House) -> None:
    assert set(beside(house.signed_in("ann"), {"old": "", "new": "qzjx", "again": "qzjy"})) == {"new", "again"}


def test_the_old_password_cannot_be_guessed_here_either(house: House) -> None:
    browser = house.signed_in("ann")  # which was the first of five
    for number in range(4):
        assert "not your password" in beside(browser, GOOD | {"old": f"guess number {number}"})["old"]
    assert "Too many attempts" in beside(browser, GOOD, 429)["old"]


def test_only_somebody_signed_in_has_a_password_to_change(house: House) -> None:
    for answer in (house.visitor().get("/password"), house.visitor().post("/password", data=GOOD)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=%2Fpassword")
    browser = house.signed_in("ann")
    assert browser.post("/password", data=GOOD, headers={"origin": "https://evil.example"}).status_code == 403


@pytest.mark.parametrize("form", [{"name": "vic", "password": PASSWORD}, GOOD])
def test_a_database_that_is_away_is_said_and_its_place_is_not(
    house: House, form: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.signed_in("ann")
    away = Store.at(house.folder, "postgresql://ann:geheim@127.0.0.1:1/none")
    monkeypatch.setattr(house.access, "_store", away)
    asked = [browser.get("/page"), browser.get("/api/v1/levers", headers={"x-api-key": "fk_00000000_" + "x" * 43})]
    asked.append(browser.post("/login" if "name" in form else "/password", data=form))
    for answer in asked:
        assert answer.status_code == 503 and "cannot be reached" in answer.text
        assert not [word for word in ("127.0.0.1", "geheim", "postgresql") if word in answer.text]


def test_behind_a_proxy_of_this_machine_the_cookie_takes_https(house: House) -> None:
    form = {"name": "vic", "password": PASSWORD}
    near = house.visitor(HERE, "http://localhost").post("/login", data=form).headers["set-cookie"]
    proxied = house.visitor(HERE, "http://localhost").post("/login", data=form, headers={"x-forwarded-for": "1.2.3.4"})
    assert near.startswith("archive-forecast=") and "Secure" not in near
    assert proxied.headers["set-cookie"].startswith("__Host-") and "Secure" in proxied.headers["set-cookie"]


@pytest.mark.parametrize("end", ["never", "gone"])
def test_a_form_that_is_never_finished_is_not_waited_for(end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FORM_SECONDS", 0.01)
    parts = iter([{"type": "http.request", "body": b"name=vic&passw", "more_body": True}])

    async def receive() -> Message:
        if (part := next(parts, None)) is not None:
            return part
        return await asyncio.Future() if end == "never" else {"type": "http.disconnect"}

    request = Request({"type": "http", "method": "POST", "path": "/login", "headers": []}, receive)
    assert asyncio.run(forms.limited(request)) == b""


def test_meters_and_people_are_not_a_tenants(house: House, tmp_path: Path) -> None:
    house.account("nora", "admin", "North")
    assert house.signed_in("nora").get("/metrics").status_code == 403
    people = People(house.access, house.keys, Acts(lambda: Audit(Store.at(tmp_path))), house.clock)
    acts = (
        people.accounts,
        people.keys,
        lambda: people.add("eve", "admin"),
        lambda: people.give("nora", "admin"),
        lambda: people.renew("ann"),
        lambda: people.end("ann"),
        lambda: people.make_key("mine", "admin", "", 9),
        lambda: people.rotate_key("1", 9),
        lambda: people.end_key("1"),
    )
    with serving(Identity("nora", "admin", "North")):
        for act in acts:
            with pytest.raises(RoleError, match="the house's"):
                act()
    assert house.access.account("eve") is None


def test_a_form_with_fields_of_nobody_is_not_filled_in(house: House) -> None:
    many = {**{f"field{number}": "x" for number in range(20)}, "name": "vic", "password": PASSWORD}
    assert house.visitor().post("/login", data=many).status_code == 401
