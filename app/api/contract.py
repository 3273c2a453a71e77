"""What may be asked: the bodies of requests, their bounds taken from where they are declared.

In:    the columns of a history, the levers.
Out:   one model per request.
Never: lets an unknown field, an infinite number or a boundless list through.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, JsonValue

from forecast_core import COLUMNS, LEVERS, MOST_ROWS, Row

MOST_SCENARIOS = 12
DEMO = "demo"
ROW: dict[str, JsonValue] = {
    "month": "2026-10",
    "total_files": 315000,
    "avg_file_size_mb": 1.4,
    "pct_pdf": 0.21,
    "pct_docx": 0.4,
    "pct_xlsx": 0.16,
    "archive_frequency_per_day": 800,
}
MOVED: dict[str, JsonValue] = {"archive_frequency_per_day": 12000, "start_month": "2027-01"}

DatasetId = Annotated[str, Field(max_length=100, description="Id of a data set, as in a link (`d=`).", examples=[DEMO])]
MonthText = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", examples=["2026-11"])]
ScopeName = Annotated[str, Field(max_length=200, description="A scope of the data set, or ALL.", examples=["ALL"])]
Values = Annotated[
    dict[str, FiniteFloat | Annotated[str, Field(max_length=20)]],
    Field(
        max_length=len(LEVERS),
        description="Levers to move, by name (see /levers); the others stand at today's value; a month as 2027-03.",
        examples=[MOVED],
    ),
]
LeftOut = Annotated[
    list[Annotated[str, Field(max_length=200)]],
    Field(max_length=200, description="Types and scopes that a rule leaves on primary, as type:pdf.", examples=[[]]),
]
Name = Annotated[str, Field(max_length=100, description="For people; not part of the identity.", examples=["Faster"])]


class Strict(BaseModel):
    """A body without room for anything that was not declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _feature(name: str) -> Any:
    known = next(item for item in COLUMNS if item.name == name)
    said = f"{known.meaning} Unit: {known.unit}."
    return Field(ge=known.lower, le=known.upper, description=said, examples=[ROW[name]])


class Instance(Strict):
    """A scope at the end of a month; the answer is about the month after."""

    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-01)?$", examples=[ROW["month"]])]
    total_files: FiniteFloat = _feature("total_files")
    avg_file_size_mb: FiniteFloat = _feature("avg_file_size_mb")
    pct_pdf: FiniteFloat = _feature("pct_pdf")
    pct_docx: FiniteFloat = _feature("pct_docx")
    pct_xlsx: FiniteFloat = _feature("pct_xlsx")
    archive_frequency_per_day: FiniteFloat = _feature("archive_frequency_per_day")
    scope: Annotated[
        str, Field(max_length=200, description="A scope of the data set; left out, the mean of its scopes.")
    ] = ""

    def as_row(self) -> Row:
        """Return the row as the service asks it."""
        return Row(**{**vars(self), "month": self.month[:7]})


class PredictRequest(Strict):
    """Rows of the published contract."""

    instances: Annotated[list[Instance], Field(min_length=1, max_length=MOST_ROWS)]
    dataset: DatasetId = DEMO

    model_config = ConfigDict(json_schema_extra={"examples": [{"instances": [ROW]}]})


class SimulateRequest(Strict):
    """A what-if about one scope."""

    dataset: DatasetId = DEMO
    scope: ScopeName = ""
    name: Name = ""
    values: Values = Field(default_factory=dict)
    left_out: LeftOut = Field(default_factory=list)

    model_config = ConfigDict(json_schema_extra={"examples": [{"dataset": DEMO, "scope": "ALL", "values": MOVED}]})


class Variant(Strict):
    """One scenario of a comparison."""

    name: Annotated[str, Field(min_length=1, max_length=100, examples=["Faster"])]
    values: Values = Field(default_factory=dict)
    left_out: LeftOut = Field(default_factory=list)


class CompareRequest(Strict):
    """Several scenarios of one scope, each against today."""

    dataset: DatasetId = DEMO
    scope: ScopeName = ""
    scenarios: Annotated[list[Variant], Field(min_length=1, max_length=MOST_SCENARIOS)]

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dataset": DEMO,
                    "scope": "ALL",
                    "scenarios": [
                        {"name": "Faster", "values": MOVED},
                        {"name": "Slower", "values": {"archive_frequency_per_day": 4000}},
                    ],
                }
            ]
        }
    )


class KeepRequest(Strict):
    """A scenario to be kept under a name."""

    name: Annotated[str, Field(min_length=1, max_length=120, examples=["Faster from January"])]
    dataset: DatasetId = DEMO
    scope: ScopeName = ""
    values: Values = Field(default_factory=dict)
    left_out: LeftOut = Field(default_factory=list)
    note: Annotated[str, Field(max_length=4000)] = ""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Faster from January", "scope": "ALL", "values": MOVED}]}
    )


class ActualRequest(Strict):
    """What was archived in a month, as it was read elsewhere."""

    dataset: DatasetId = DEMO
    scope: Annotated[str, Field(min_length=1, max_length=200, examples=["Legal"])]
    month: MonthText
    archived_gb: Annotated[FiniteFloat, Field(ge=0, le=1e9, description="GB are 2^30 bytes.", examples=[15.2])]

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"scope": "Legal", "month": "2026-11", "archived_gb": 15.2}]}
    )
