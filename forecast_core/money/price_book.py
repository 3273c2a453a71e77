"""All prices by offer, in layers: shipped, then imported, then yours.

In:    book files as parsed; imported prices; discounts, own values, confirmations.
Out:   `PriceBook`, always a new one.
Never: fills a gap; mixes currencies without a rate that the user gave and dated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from forecast_core.errors import PriceError
from forecast_core.money.offers import ITEMS, USUAL_UNITS, Offer, Rules
from forecast_core.money.prices import CONFIDENCES, Price
from forecast_core.money.units import unit
from forecast_core.months import month_text, parse_month

YOURS = "yours"
Raw = Mapping[str, Any]
_INHERITED = ("source", "read", "confidence", "currency")


@dataclass(frozen=True)
class PriceBook:
    """Offers in one currency of record; `tiers` are the rules by (provider, tier), which imported offers take over."""

    name: str
    currency: str
    offers: tuple[Offer, ...]
    tiers: Mapping[tuple[str, str], Rules]

    @classmethod
    def of(cls, files: Sequence[Raw], name: str = "Shipped prices") -> PriceBook:
        """Return the book of parsed files; PriceError names what an entry lacks, or a role without a default."""
        tiers = {(str(raw["provider"]), tier): _rules(rules) for raw in files for tier, rules in raw["tiers"].items()}
        offers = tuple(_offer(raw, entry, tiers) for raw in files for entry in raw["offers"])
        book = cls(name, str(files[0]["currency"]), offers, tiers)
        for role in ("primary", "archive"):
            book.default(role)
        return book

    def offer(self, offer_id: str) -> Offer:
        """Return an offer by its id; PriceError where there is none."""
        return _only([offer for offer in self.offers if offer.id == offer_id], f"offer {offer_id[:60]!r}")

    def default(self, role: str) -> Offer:
        """Return the offer that a role starts from."""
        return _only([offer for offer in self.offers if role in offer.default_for], f"default {role} offer")

    def of_role(self, role: str) -> tuple[Offer, ...]:
        """Return every offer that may play a role."""
        return tuple(offer for offer in self.offers if role in offer.roles)

    def colder(self, offer_id: str) -> Offer | None:
        """Return the dearest tier that is cheaper per GB than an offer, in the same place; None where there is none."""
        here = self.offer(offer_id)
        same = (here.provider, here.region, here.redundancy)
        others = [each for each in self.of_role("archive") if (each.provider, each.region, each.redundancy) == same]
        cheaper = [each for each in others if each.has("stored") and each.first_stored < here.first_stored]
        return max(cheaper, key=lambda each: each.first_stored, default=None)

    @property
    def prices(self) -> tuple[Price, ...]:
        """Every price."""
        return tuple(price for offer in self.offers for price in offer.prices)

    def with_offers(self, offers: Iterable[Offer], name: str) -> PriceBook:
        """Return the book with imported offers over its own; an item the import lacks keeps its shipped price."""
        known = {offer.id: offer for offer in self.offers}
        for new in offers:
            known[new.id] = _over(known[new.id], new) if new.id in known else new
        return replace(self, offers=tuple(known.values()), name=f"{self.name} + {name}")

    def discounted(self, provider: str, ratio: float) -> PriceBook:
        """Return the book with every price of a provider less a discount (0–1); fees that are free stay free."""
        if not 0 <= ratio <= 1:
            raise PriceError(f"The discount is {ratio:.0%}.", allowed="0 to 100 %")
        note = f"list price less your discount of {ratio:.4g}"

        def less(price: Price) -> Price:
            if price.unknown or price.layer == YOURS or not ratio:
                return price
            return price.times(1 - ratio, note, layer=YOURS)

        return self._changed(lambda offer: offer.provider == provider, less)

    def valued(self, offer_id: str, item: str, value: float, from_month: np.datetime64 | None = None) -> PriceBook:
        """Return the book with your own price of an item in the unit of the book, from a month on (always if None)."""
        offer, start = self.offer(offer_id), month_text(from_month) if from_month is not None else ""
        if not (np.isfinite(value) and value >= 0):
            raise PriceError(f"Your price for {offer.title} is {value}.", allowed="0 or more")
        same = [price for price in offer.prices if price.item == item]
        model = same[-1] if same else _blank(offer, item, self.currency)
        mine = replace(
            model, bands=((0.0, float(value)),), source="entered by you", confidence="high", layer=YOURS, unknown="",
            read="", unconfirmed=False, note="", valid_from=start, valid_to="", currency=self.currency,
        )  # fmt: skip
        before = [_until(price, from_month) for price in same] if from_month is not None else []
        kept = tuple(price for price in offer.prices if price.item != item)
        return self._with(replace(offer, prices=(*kept, *filter(None, before), mine)))

    def unit_of(self, offer_id: str, item: str) -> str:
        """Return the unit in which a price of an item is entered, also where the book has none."""
        found = [price.unit for price in self.offer(offer_id).prices if price.item == item]
        return found[-1] if found else USUAL_UNITS[item]

    def in_unit(self, offer_id: str, item: str, unit_text: str) -> PriceBook:
        """Return the book with the printed unit of a price read otherwise: a decimal GB instead of 2^30 bytes."""
        if unit(unit_text).kind != unit(self.offer(offer_id).tariff(item).prices[0].unit).kind:
            raise PriceError(f"A price of {ITEMS.get(item, item)} cannot be per {unit_text}.")

        def other(price: Price) -> Price:
            return replace(price, unit=unit_text, note=_read_as(price, unit_text)) if price.item == item else price

        return self._changed(lambda offer: offer.id == offer_id, other)

    def confirmed(self, offer_ids: Iterable[str]) -> PriceBook:
        """Return the book with the placeholders of some offers taken as right."""
        wanted = set(offer_ids)
        return self._changed(
            lambda offer: offer.id in wanted,
            lambda price: replace(price, unconfirmed=False, note="confirmed by you") if price.unconfirmed else price,
        )

    def converted(self, currency: str, rate: float, dated: str) -> PriceBook:
        """Return the book in another currency at your dated rate (new per old); prices in others stay as they are."""
        if not (np.isfinite(rate) and rate > 0 and dated):
            raise PriceError("A conversion needs your rate and its date.", allowed="a rate above 0, a date")
        note = f"converted at your rate of {rate:g} {currency} per {self.currency} of {dated}"

        def turned(price: Price) -> Price:
            return price.times(rate, note, currency=currency) if price.currency == self.currency else price

        return replace(self._changed(lambda _: True, turned), currency=currency)

    def stale(self, today: np.datetime64, used: Iterable[Price]) -> tuple[Price, ...]:
        """Return the used prices that were read more than six months ago."""
        return tuple(price for price in used if price.layer != YOURS and price.is_stale(today))

    def _changed(self, which: Any, change: Any) -> PriceBook:
        offers = (
            replace(offer, prices=tuple(map(change, offer.prices))) if which(offer) else offer for offer in self.offers
        )
        return replace(self, offers=tuple(offers))

    def _with(self, new: Offer) -> PriceBook:
        return replace(self, offers=tuple(new if offer.id == new.id else offer for offer in self.offers))


def _only(found: Sequence[Offer], what: str) -> Offer:
    if len(found) != 1:
        raise PriceError(f"The price book has {len(found)} entries for the {what}.", allowed="exactly one")
    return found[0]


def _read_as(price: Price, unit_text: str) -> str:
    return "; ".join(filter(None, (price.note, f"read per {unit_text}, printed per {price.unit}")))


def _until(price: Price, month: np.datetime64) -> Price | None:
    """Return a price that ends before a month; None if it began later."""
    if price.valid_from and parse_month(price.valid_from) >= month:
        return None
    ends = not price.valid_to or parse_month(price.valid_to) >= month
    return replace(price, valid_to=month_text(month - 1)) if ends else price


def _over(shipped: Offer, new: Offer) -> Offer:
    items = {price.item for price in new.prices}
    kept = tuple(price for price in shipped.prices if price.item not in items)
    return replace(shipped, prices=(*new.prices, *kept), missing="" if new.prices else shipped.missing)


def _blank(offer: Offer, item: str, currency: str) -> Price:
    return Price(offer.id, item, f"{offer.title}, {ITEMS[item]}", USUAL_UNITS[item], (), currency, "", "", "high")


def _rules(entry: Raw) -> Rules:
    known = {field.name for field in fields(Rules)}
    unknown = sorted(set(entry) - known)
    if unknown:
        raise PriceError(f"A tier has a rule {unknown[0]!r} that does not exist.", allowed=", ".join(sorted(known)))
    return Rules(**entry)


def _offer(raw: Raw, entry: Raw, tiers: Mapping[tuple[str, str], Rules]) -> Offer:
    provider, name = str(raw["provider"]), str(entry.get("id", "without id"))
    if (provider, entry.get("tier")) not in tiers:
        raise PriceError(f"The offer {name} names a tier {entry.get('tier')!r} without rules.")
    return Offer(
        id=name,
        title=str(entry["title"]),
        provider=provider,
        region=str(entry.get("region", "")),
        redundancy=str(entry.get("redundancy", "")),
        tier=str(entry["tier"]),
        roles=tuple(entry["roles"]),
        rules=tiers[provider, entry["tier"]],
        prices=tuple(
            price_of({**_shared(raw, entry), **price}, name, str(entry["title"])) for price in entry["prices"]
        ),
        default_for=tuple(entry.get("default_for", ())),
        network=str(entry.get("network", "")),
        missing=str(entry.get("missing", "")),
    )


def _shared(raw: Raw, entry: Raw) -> dict[str, Any]:
    inherited = {name: entry.get(name, raw.get(name)) for name in _INHERITED}
    return {**inherited, "units": raw["units"]}


_NEEDED = ("item", "unit", "currency", "source", "read", "confidence")


def price_of(entry: Raw, offer_id: str, offer_title: str) -> Price:
    """Return a price from an entry that has everything; PriceError names what it lacks."""
    item = str(entry.get("item", ""))
    full = {**entry, "unit": entry.get("unit") or entry.get("units", {}).get(item)}
    missing = [name for name in _NEEDED if full.get(name) in (None, "")]
    if item not in ITEMS or missing:
        what = f"lacks {', '.join(missing)}" if missing else f"names an item {item!r} that does not exist"
        raise PriceError(f"The price {offer_id}.{item} {what}.", allowed=", ".join(ITEMS if not missing else _NEEDED))
    unit(str(full["unit"]))
    if full["confidence"] not in CONFIDENCES:
        raise PriceError(
            f"The confidence of {offer_id}.{item} is {full['confidence']!r}.", allowed=", ".join(CONFIDENCES)
        )
    texts = {name: str(full[name]) for name in ("unit", "currency", "source", "read", "confidence")}
    more = {name: str(full.get(name, "")) for name in ("valid_from", "valid_to", "note", "unknown")}
    return Price(
        offer=offer_id, item=item, title=f"{offer_title}, {ITEMS[item]}", bands=_bands(full, f"{offer_id}.{item}"),
        layer=str(full.get("layer", "shipped")), unconfirmed=bool(full.get("unconfirmed", False)), **texts, **more,
    )  # fmt: skip


def _bands(entry: Raw, name: str) -> tuple[tuple[float, float], ...]:
    if entry.get("unknown"):
        return ()
    raw = entry.get("bands") or [[0, entry.get("value")]]
    try:
        bands = tuple((float(start), float(value)) for start, value in raw)
    except (TypeError, ValueError) as error:
        raise PriceError(f"The price {name} has no number as its value.", allowed="a number of 0 or more") from error
    starts = [start for start, _ in bands]
    if starts[0] != 0 or starts != sorted(set(starts)):
        raise PriceError(f"The bands of {name} begin at {starts}.", allowed="0 first, then rising")
    if not all(np.isfinite(value) and value >= 0 for _, value in bands):
        raise PriceError(f"The price {name} has a value below 0 or none.", allowed="0 or more")
    return bands
