"""The audit: every act with who, when, from where and what it changed; a later change shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.access import Identity, RoleError
from app.access.acts import Acts
from app.access.current import serving
from app.access.identity import SignInError
from app.access.people import People
from app.access.secrets import fits
from app.cli import main
from forecast_core import Audit, Store
from tests.gates import House

ADA = Identity("ada", "admin", place="192.0.2.1")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("ARCHIVE_FORECAST_DATA_DIR", str(tmp_path))
    return House(tmp_path)


@pytest.fixture
def people(house: House) -> People:
    return People(house.access, house.keys, Acts(lambda: audit(house)), house.clock)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: str) -> tuple[int, str]:
        code = main(arguments)
        return code, capsys.readouterr().out

    return ran


def audit(house: House) -> Audit:
    return Audit(Store.at(house.folder))


def changed(house: House, statement: str) -> None:
    with Store.at(house.folder).transaction() as connection:
        connection.execute(text(statement))


def three_acts(house: House, people: People) -> None:
    with serving(ADA):
        people.add("vic", "viewer", "North")
        people.give("vic", "analyst")
        people.end("vic")


def test_an_act_is_written_with_what_it_changed(house: House, people: People) -> None:
    three_acts(house, people)
    last, given, made = audit(house).latest()
    assert (made.act.who, made.act.role, made.act.place, made.act.act) == ("ada", "admin", "192.0.2.1", "account made")
    assert (given.act.what, given.act.before["role"], given.act.after["role"]) == ("vic", "viewer", "analyst")
    assert (last.act.before["ended"], last.act.after["ended"], last.number) == (False, True, 3)


@pytest.mark.parametrize("who", [Identity("vic", "viewer"), Identity("ann", "analyst"), Identity("", "")])
def test_only_an_administrator_decides_who_comes_in(house: House, people: People, who: Identity) -> None:
    with serving(who):
        for act in (
            lambda: people.add("eve", "admin"),
            lambda: people.end("ada"),
            lambda: people.make_key("x", "admin", "", 9),
            people.accounts,
            people.keys,
        ):
            with pytest.raises(RoleError):
                act()
    assert audit(house).check().length == 0 and house.access.accounts() == ()


def test_a_password_is_shown_once_and_kept_nowhere(house: House, people: People) -> None:
    with serving(ADA):
        first = people.add("vic", "viewer")
        second = people.renew("vic")
        key = people.make_key("nightly", "viewer", "", 9)
    stored = house.access.accounts()[0].password
    assert fits(second, stored) and not fits(first, stored) and stored.startswith("$argon2id$")
    for file in house.folder.rglob("*"):
        kept = file.read_bytes() if file.is_file() else b""
        assert not any(each.encode() in kept for each in (first, second, key, key.rpartition("_")[2]))


def test_an_account_needs_a_name_and_a_key_an_end(people: People) -> None:
    with serving(ADA), pytest.raises(SignInError, match="needs a name"):
        people.add("  ", "viewer")
    with serving(ADA), pytest.raises(SignInError, match="an end"):
        people.make_key("for ever", "viewer", "", 4000)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update audit set content = replace(content, '\"analyst\"', '\"admin\"') where number = 2", 2),
        ("update audit set who = 'eve' where number = 1", None),
        ("delete from audit where number = 2", 2),
        ("delete from audit where number = 1", 1),
        ("update audit set sha256 = before where number = 3", 3),
    ],
)
def test_a_changed_record_shows(house: House, people: People, run: Run, change: str, broken: int | None) -> None:
    three_acts(house, people)
    assert run("audit", "verify")[0] == 0
    changed(house, change)
    assert audit(house).check().broken == broken
    assert run("audit", "verify")[0] == (0 if broken is None else 1)
    if broken is None:
        assert audit(house).latest()[-1].act.who == "ada", "what is shown is what was chained"


def test_a_cut_end_shows_to_who_kept_an_entry(house: House, people: People, run: Run) -> None:
    three_acts(house, people)
    code, told = run("audit", "verify", "--json")
    found = json.loads(told)
    known = f"{found['length']}:{found['head']}"
    assert code == 0 and run("audit", "verify", "--known", known)[0] == 0
    changed(house, "delete from audit where number = 3")
    assert run("audit", "verify")[0] == 0, "by itself a shorter chain is whole"
    assert run("audit", "verify", "--known", known)[0] == 1


def test_accounts_and_keys_by_command(house: House, run: Run) -> None:
    password = json.loads(run("account", "add", "vic", "--role", "analyst", "--json")[1])["password"]
    account = house.access.account("vic")
    assert account is not None and account.role == "analyst" and fits(password, account.password)
    key = json.loads(run("key", "make", "nightly", "--days", "9", "--json")[1])["key"]
    assert run("account", "end", "vic")[0] == 0 and house.access.account("vic") is None
    identity = key.split("_")[1]
    assert run("key", "end", identity)[0] == 0
    assert house.access.key(identity, house.clock() + timedelta(days=1)) is None
    assert "nightly" in run("key", "list")[1] and "ended" in run("account", "list")[1]
    exported = [json.loads(line) for line in run("audit", "export")[1].splitlines()]
    assert [entry["act"] for entry in exported] == ["account made", "key made", "account ended", "key ended"]
    assert {entry["place"] for entry in exported} == {"command line"}
    assert password not in json.dumps(exported) and key not in json.dumps(exported)
