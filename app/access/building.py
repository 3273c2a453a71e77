"""The gate's parts, put together from the settings.

In:    settings, the house's store.
Out:   `Doors`; SettingsError where the mode cannot be safe here.
Never: falls back to an open door.
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.access.acts import Acts
from app.access.easyauth import EasyAuth
from app.access.gate import Doors
from app.access.keys import Keys
from app.access.limits import Limits
from app.access.local import Local
from app.access.modes import Mode, Off
from app.access.people import People
from app.access.secrets import installation_secret
from app.access.sessions import Sessions
from forecast_core import Access, Audit, Settings, Store


def doors(settings: Settings, store: Store) -> Doors:
    """Return what the gate stands on."""
    access, limits = Access(store), Limits(settings.requests_per_minute)
    secret = installation_secret(settings.secret, settings.data_dir)
    sessions = Sessions(access, now, settings.session_hours)
    return Doors(
        _mode(settings, sessions, limits, secret, store), Keys(access, secret, now), limits, settings.public_url
    )


def people(settings: Settings, store: Store) -> People:
    """Return who may come in, for an administrator."""
    access, secret = Access(store), installation_secret(settings.secret, settings.data_dir)
    return People(access, Keys(access, secret, now), Acts(lambda: Audit(store)), now)


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def _mode(settings: Settings, sessions: Sessions, limits: Limits, secret: bytes, store: Store) -> Mode:
    if settings.sign_in == "local":
        return Local(sessions, limits, Acts(lambda: Audit(store)))
    if settings.sign_in == "easyauth":
        guarded = bool(settings.app_service) and settings.app_service_auth.lower() == "true"
        return EasyAuth(guarded, settings.tenant_claim)
    if settings.sign_in == "oidc":
        from app.access.oidc import Oidc, Provider  # with its cryptography, which no other mode needs

        provider = Provider(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            role_claim=settings.role_claim,
            tenant_claim=settings.tenant_claim,
            public_url=settings.public_url,
        )
        return Oidc(provider, sessions, secret)
    return Off()
