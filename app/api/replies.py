"""What comes back, field by field, for the OpenAPI document; a test holds real answers against it.

In:    nothing; these are declarations of what `app.wire` writes.
Out:   one model per reply.
Never: converts an answer on its way out.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MonthText = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])]
Number = float | None
Colour = Literal["green", "amber", "red"]


class Reply(BaseModel):
    """Exactly what is declared."""

    model_config = ConfigDict(extra="forbid")


class Bounds(Reply):
    """A number with its interval at `coverage`."""

    point: float
    lower: float
    upper: float


class Band(Reply):
    """One value per month."""

    point: list[float]
    lower: list[float]
    upper: list[float]


class Quantity(Reply):
    """Per month; `change` is scenario less baseline."""

    baseline: Band
    scenario: Band
    change: Band


class Total(Reply):
    """Over all months; `change` is scenario less baseline."""

    baseline: Bounds
    scenario: Bounds
    change: Bounds


class Provenance(Reply):
    """Where the numbers come from."""

    dataset_id: str
    dataset_name: str
    is_demo: Annotated[bool, Field(description="Whether the data are those of a generated company.")]
    data_to: MonthText
    model_name: str
    model_title: str
    model_id: str
    price_book: str
    code_version: str
    coverage: Annotated[float, Field(description="What the intervals promise.", examples=[0.8])]
    measured_coverage: Annotated[Number, Field(description="What they held on months the model had not seen.")]
    months_judged: int


class Trust(Reply):
    """How far the question lies from what was seen."""

    colour: Colour
    words: str
    reason: str


class Prediction(Reply):
    """The month after a row's; GB are 2^30 bytes; savings are null where they were never measured."""

    month: MonthText
    scope: Annotated[str | None, Field(description="null: the mean of the scopes")]
    archived_gb_next_period: float
    archived_gb_lower: float
    archived_gb_upper: float
    savings_gb_next_period: Number
    savings_gb_lower: Number
    savings_gb_upper: Number
    trust: Colour
    trust_reason: str


class PredictReply(Reply):
    """One prediction per row, in their order."""

    predictions: list[Prediction]
    coverage: float
    notes: list[str]
    provenance: Provenance


class ScenarioReply(Reply):
    """A scenario; equal ids are equal questions."""

    id: str
    name: str
    dataset: str
    scope: str
    values: dict[str, float | str]
    left_out: list[str]


class PriceUsed(Reply):
    """A price in the answer, per GB (2^30 bytes) and month."""

    role: str
    title: str
    value: float
    source: str
    read: str
    confidence: str
    changed: bool


class Money(Reply):
    """Net saved, month by month and so far."""

    currency: str
    net_saved: Quantity
    cumulative: Quantity
    total: Total
    break_even: str
    break_even_month: MonthText | None
    prices: list[PriceUsed]


class Contribution(Reply):
    """What one moved lever adds to the change; all add up to it."""

    lever: str
    archived_gb: Number
    savings_gb: Number
    saved_cost: Number


class SimulateReply(Reply):
    """The answer to a what-if."""

    scenario: ScenarioReply
    baseline: ScenarioReply
    moved: list[str]
    months: list[MonthText]
    archived_gb: Quantity
    savings_gb: Quantity | None
    archived_total_gb: Total
    savings_total_gb: Total | None
    money: Money | None
    money_note: str
    contributions: list[Contribution]
    trust: Trust
    notes: list[str]
    provenance: Provenance


class Compared(Reply):
    """One scenario of a comparison, over all months."""

    name: str
    scenario: ScenarioReply
    moved: list[str]
    archived_total_gb: Total
    savings_total_gb: Total | None
    net_saved_total: Total | None
    currency: str
    break_even: str
    break_even_month: MonthText | None
    trust: Trust
    notes: list[str]


class CompareReply(Reply):
    """Every scenario against the same baseline."""

    scenarios: list[Compared]
    provenance: Provenance


class Ahead(Reply):
    """A total over the next `months`."""

    months: int
    archived: Bounds
    savings: Bounds | None


class ForecastReply(Reply):
    """What comes if nothing changes."""

    scope: str
    months: list[MonthText]
    archived_gb: Band
    savings_gb: Band | None
    ahead: list[Ahead]
    predictable: bool
    error_ratio: Number
    notes: list[str]
    provenance: Provenance


class DatasetReply(Reply):
    """A data set that can be asked about."""

    id: str
    name: str
    origin: Annotated[str, Field(description="Where it comes from, in words; empty for an uploaded file.")]
    is_demo: bool
    scopes: list[str]
    first_month: MonthText
    last_month: MonthText
    rows: int
    has_stock: bool
    has_savings: bool
    has_inventory: bool


class DatasetsReply(Reply):
    """Every data set."""

    datasets: list[DatasetReply]


class LeverReply(Reply):
    """One lever of a scope; an unavailable one says why."""

    name: str
    title: str
    unit: str
    group: str
    help: str
    today: float | str | None
    lower: float | str | None
    upper: float | str | None
    step: Number
    available: bool
    reason: str


class LeversReply(Reply):
    """What may be moved, and how far."""

    dataset: str
    scope: str
    levers: list[LeverReply]
    parts: list[str]


class Price(Reply):
    """A dated price; `bands` are (from how many units on, price per unit)."""

    item: str
    unit: str
    currency: str
    source: str
    read: str
    confidence: str
    valid_from: str
    valid_to: str
    note: str
    unknown: str
    bands: list[tuple[float, float]]
    is_stale: bool


class Offer(Reply):
    """A tier in a region; `missing` says why it cannot be bought."""

    id: str
    title: str
    provider: str
    region: str
    redundancy: str
    tier: str
    missing: str
    roles: list[str]
    default_for: list[str]
    prices: list[Price]


class PricesReply(Reply):
    """The price book."""

    book: str
    currency: str
    offers: list[Offer]


class ModelReply(Reply):
    """Which model answers for a data set, and how well it did on months it had not seen."""

    dataset: str
    model: str
    title: str
    version: Annotated[str, Field(description="Published version; empty where it was learned by this process.")]
    trained_at: str
    model_id: str
    data_to: MonthText
    code_version: str
    features: list[str]
    targets: list[str]
    wape_archived: Number
    wape_savings: Number
    coverage: float
    measured_coverage: Number
    months_judged: int
    challenger: str
    note: Annotated[str, Field(description="Why the version that should answer does not; empty if it does.")]


class HealthReply(Reply):
    """`ready` when the first question can be answered."""

    status: Literal["ready", "starting"]


class Fault(Reply):
    """One thing that is wrong: which field, its value, the rule."""

    field: str
    value: str
    rule: str


class Problem(Reply):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    hint: str
    errors: list[Fault]
