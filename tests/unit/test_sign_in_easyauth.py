"""Sign-in by Azure App Service: its headers, and only where it guards the door."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.access.easyauth import EasyAuth
from forecast_core import SettingsError
from tests.gates import House


def principal(**claims: Any) -> dict[str, str]:
    listed = [{"typ": name, "val": value} for name, values in claims.items() for value in values]
    told = {"auth_typ": "aad", "name_typ": "name", "role_typ": "roles", "claims": listed}
    return {"x-ms-client-principal": base64.b64encode(json.dumps(told).encode()).decode()}


def test_app_service_headers_count_only_where_app_service_guards() -> None:
    with pytest.raises(SettingsError, match="does not guard this process"):
        EasyAuth(guarded=False)


@pytest.mark.parametrize(
    ("claims", "seen"),
    [
        ({"preferred_username": ["ann@x.example"], "roles": ["analyst"]}, ("ann%40x.example", "analyst")),
        ({"name": ["Ann Ä"], "roles": ["viewer", "Admin", "Foreign.Role"]}, ("Ann%20%C3%84", "admin")),
        (
            {"email": ["v@x"], "http://schemas.microsoft.com/ws/2008/06/identity/claims/role": ["viewer"]},
            ("v%40x", "viewer"),
        ),
    ],
)
def test_app_service_says_who_this_is(tmp_path: Path, claims: Any, seen: tuple[str, str]) -> None:
    house = House(tmp_path, EasyAuth(guarded=True))
    headers = principal(**claims) | {"x-forwarded-for": "10.0.0.1:1, 198.51.100.7:443"}
    told = house.visitor().get("/page", headers=headers).json()
    assert (told["x-archive-forecast-name"], told["x-archive-forecast-role"]) == seen
    assert told["x-archive-forecast-place"] == "198.51.100.7"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ms-client-principal": "not base64"},
        {"x-ms-client-principal": base64.b64encode(b"[1]").decode()},
        {"x-ms-client-principal": "A" * 20_000},
        principal(name=["ann"]),
        principal(name=["ann"], roles=["owner"]),
        principal(roles=["admin"]),
    ],
)
def test_a_directory_account_without_a_role_of_ours_stays_outside(tmp_path: Path, headers: dict[str, str]) -> None:
    assert House(tmp_path, EasyAuth(guarded=True)).visitor().get("/page", headers=headers).status_code == 403


def test_a_tenant_is_who_the_directory_says(tmp_path: Path) -> None:
    house = House(tmp_path, EasyAuth(guarded=True, tenant_claim="company"))
    inside = principal(name=["ann"], roles=["viewer"], company=["north"])
    told = house.visitor().get("/page", headers=inside).json()
    assert told["x-archive-forecast-tenant"] == "north"
    for long in ("n" * 81, "n" * 81 + "orth"):  # cut, the two would share their walls
        assert (
            house.visitor().get("/page", headers=principal(name=["ann"], roles=["viewer"], company=[long])).status_code
            == 403
        )
    outside = principal(name=["ann"], roles=["viewer"])
    assert house.visitor().get("/page", headers=outside).status_code == 403, "no claim is not the house"
