"""The services of this process: one for the house, one behind each tenant's wall, and the gate in front of them.

In:    the environment's settings; who is being served.
Out:   `service()`, the one that who is here may see; `doors()`, what the gate stands on.
Never: gives anybody another one than theirs; gives one to nobody.
"""

from __future__ import annotations

import gc
import threading
from functools import cache

import numpy as np

from app.access import Identity, RoleError
from app.access.acts import Acts
from app.access.building import doors as built
from app.access.building import people as all_people
from app.access.current import current
from app.access.gate import Doors
from app.access.guarded import Guarded
from app.access.people import People
from app.retraining import Retraining
from forecast_core import Audit, Settings

_BUILDING = threading.Lock()
_SERVICES: dict[str, Guarded] = {}
MOST_TENANTS = 64


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.load()


def this_month() -> np.datetime64:
    """Return the month that has not ended yet."""
    return np.datetime64("today", "M")


def house() -> Guarded:
    """Return the service of the house: everything that was not uploaded behind a wall."""
    return _of("")


def service() -> Guarded:
    """Return the service of whoever is being served."""
    return service_of(current())


def service_of(who: Identity) -> Guarded:
    """Return the service that somebody may see; RoleError for nobody."""
    if not who.may("viewer"):
        raise RoleError("Nobody is signed in here.", hint="Open the page again.")
    return _of(who.tenant)


def share() -> None:
    """Exchange with the shared storage: the house, and everybody whose service is here."""
    for each in tuple(_SERVICES.values()):
        each.share()


def _of(tenant: str) -> Guarded:
    with _BUILDING:
        is_new = tenant not in _SERVICES
        if is_new:
            while len(_SERVICES) >= MOST_TENANTS:  # the one that was asked for longest ago makes room
                del _SERVICES[next(name for name in _SERVICES if name)]
            made = Guarded.of(settings(), this_month(), tenant)
            made.models.on_read = settle
            _SERVICES[tenant] = made.guard(acts())
        elif tenant:
            _SERVICES[tenant] = _SERVICES.pop(tenant)
        found = _SERVICES[tenant]
    if is_new and tenant:
        found.share()  # what was uploaded on another machine; the house does so at the start
    return found


@cache
def acts() -> Acts:
    """Return what writes down every act, into the audit of the house."""
    return Acts(lambda: Audit(house().store))


@cache
def doors() -> Doors:
    """Return what the gate stands on."""
    return built(settings(), house().store)


@cache
def people() -> People:
    """Return who may come in, for an administrator."""
    return all_people(settings(), house().store)


@cache
def _retraining(_: str) -> Retraining:
    return Retraining()


def retraining() -> Retraining:
    """Return the one command that may run beside this process for whoever is being served and their tenant."""
    return _retraining(current().tenant)


def settle() -> None:
    """Take what stays out of the garbage collector: a full collection costs 100 ms otherwise, amid an answer."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
