"""Every fault a history can have, in words: what is wrong, what is allowed, what to do.

In:    nothing; these are declarations.
Out:   one `Rule` per fault, graded.
Never: decides whether a row breaks it.
"""

from __future__ import annotations

from functools import partial

from forecast_core.history.faults import Rule
from forecast_core.schema import Severity

YEARS = (1990, 2100)
LONGEST_SCOPE = 200
ENOUGH_MONTHS = 12

fixed = partial(Rule, Severity.FIXED)
warning = partial(Rule, Severity.WARNING)
error = partial(Rule, Severity.ERROR)
blocking = partial(Rule, Severity.BLOCKING)

_A_SCOPE = "the name of a tenant, site, department or library"
_ONE_ROW = "one row per scope and month"
_SAVINGS = "0 ≤ savings_gb ≤ archived_gb"

# ── headers ──────────────────────────────────────────────────────────────────────────────────────────────────────
HEADER_TWICE = fixed(
    "header_twice",
    "{column} is read from {used!r}; {other!r} means the same and is not used.",
    hint="Choose the other one if that is wrong.",
)
COLUMN_MISSING = blocking(
    "column_missing",
    "No column says {title}. The headers are: {headers}.",
    hint="Name it {column}, or say which of the headers it is.",
)

# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────
NOT_A_NUMBER = error(
    "not_a_number",
    "{column} is {value!r}, which is not a number.",
    "a number, or empty",
    "Correct the cell, or leave it empty if it is unknown.",
)
UNIT_CONVERTED = fixed("unit_converted", "{column} is in {unit} in the file; it was converted to {declared}.")
UNIT_IN_CELLS = fixed("unit_in_cells", "{column} has cells with a unit ({unit}); they were converted to {declared}.")
PERCENT = fixed(
    "percent", "Shares are percent in {where}; they were divided by 100.", hint="Choose fraction if that is wrong."
)
PERCENT_SIGN = fixed("percent_sign", "Shares written with a percent sign were divided by 100.")
DECIMAL_MIXED = warning(
    "decimal_mixed",
    "{column} has decimal points ({dots} cells) and decimal commas ({commas} cells); each was read as it stands.",
    "one decimal mark",
    "Check the figures, or choose the decimal mark.",
)
DECIMAL_GUESSED = warning(
    "decimal_guessed",
    "{column} holds {value!r}, which could be read two ways; a decimal point was assumed.",
    hint="Choose the decimal mark if that is wrong.",
)
NEGATIVE = error(
    "negative", "{column} is {value}, below zero.", "0 or more", "Correct the cell, or leave it empty if it is unknown."
)
SHARE_OUT_OF_RANGE = error(
    "share_out_of_range",
    "{column} is {value}, more than the whole.",
    "0–1, or 0–100 percent",
    "Correct the cell, or choose percent or fraction.",
)
ABSURD_SIZE = error(
    "absurd_size",
    "{column} is {value}, which no estate reaches.",
    hint="Check the unit of the column; bytes may stand where larger units are expected.",
)

# ── months ───────────────────────────────────────────────────────────────────────────────────────────────────────
MONTH_UNREADABLE = error(
    "month_unreadable",
    "{value!r} is not a month or a day.",
    "2027-03, 2027-03-01, Mar 2027 …",
    "Write it as 2027-03.",
    "month",
)
MONTH_MISSING = error("month_missing", "The row has no month.", "2027-03", "Write it as 2027-03.", "month")
DATE_ORDER = blocking(
    "date_order",
    "{value!r} could be day/month or month/day, and no row settles it.",
    "day/month/year or month/day/year",
    "Choose the order of the dates.",
    "month",
)
DAYS_DISAGREE = warning(
    "days_disagree",
    "{other!r} names another month than {used!r} in {count}; only {used!r} is used.",
    hint="Check which of the two is the month of archiving.",
    column="month",
)
YEAR_OUT_OF_RANGE = error(
    "year_out_of_range",
    "The year of {month} cannot be right.",
    f"{YEARS[0]}–{YEARS[1]}",
    "Correct the date.",
    "month",
)
FUTURE_MONTH = error(
    "future_month",
    "{month} has not happened yet.",
    "months up to the current one",
    "Delete forecasts and plans from the history, or correct the date.",
    "month",
)
UNFINISHED_MONTH = warning(
    "unfinished_month",
    "{month} is not over; its figures will still grow.",
    "closed months",
    "Leave the current month out until it has closed.",
    "month",
)

# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────
SCOPE_MISSING = error(
    "scope_missing", "The row names no scope.", _A_SCOPE, "Name it, or delete the row if it is a total.", "scope"
)
SCOPE_RESERVED = error(
    "scope_reserved",
    "{scope!r} is the word for the sum of all scopes.",
    "any other name",
    "Delete rows of totals; sums are made here.",
    "scope",
)
SCOPE_TOO_LONG = error(
    "scope_too_long",
    "The name of the scope is longer than a name.",
    f"up to {LONGEST_SCOPE} characters",
    "Check that the column is the scope.",
    "scope",
)
SHARES_ABOVE_ONE = error(
    "shares_above_one",
    "pct_pdf, pct_docx and pct_xlsx add up to {total}.",
    "at most 1 together",
    "Correct the shares of that row; what they leave is all other types.",
    "pct_pdf",
)
SAVINGS_ABOVE_ARCHIVED = error(
    "savings_above_archived",
    "savings_gb is {savings_gb}, more than archived_gb ({archived_gb}).",
    _SAVINGS,
    "Freed space cannot exceed what was archived; check both columns and their units.",
    "savings_gb",
)
ARCHIVED_UNKNOWN = warning(
    "archived_unknown",
    "archived_gb is empty: unknown, not zero.",
    "a number",
    "Write 0 where nothing was archived.",
    "archived_gb",
    once=True,
)
DUPLICATE_SAME = fixed(
    "duplicate_same",
    "The row says the same as an earlier row of {scope} in {month}; one is used.",
    _ONE_ROW,
    "Nothing to do.",
    "month",
    once=True,
)
DUPLICATE_DIFFERENT = error(
    "duplicate_different",
    "{scope} has {month} more than once, with different figures; none of these rows is used.",
    _ONE_ROW,
    "Keep the right one.",
    "month",
)
SEVERAL_SERIES = blocking(
    "several_series",
    "The file holds several histories: the months of a scope come once for each {column} ({value}).",
    _ONE_ROW,
    "Keep the rows of one {column}, or choose it as the scope.",
)
NO_ROWS = blocking(
    "no_rows",
    "No row can be used.",
    "at least one sound row",
    "The other faults say why; correct them and upload the file again.",
)
NO_FLOW = blocking(
    "no_flow",
    "archived_gb is empty in every row that can be used.",
    "numbers",
    "Check that the column was exported.",
    "archived_gb",
)

# ── the series ───────────────────────────────────────────────────────────────────────────────────────────────────
GATHERED = fixed(
    "gathered",
    "{taken} of single days were gathered into {months}: flows summed, stocks and shares from the last day of the "
    "month, the archive frequency averaged.",
)
MONTH_INCOMPLETE = warning(
    "month_incomplete",
    "{count} of several days lack a row (set aside) or a figure (empty): their sums may be too low, first {scope} in "
    "{month}.",
    hint="Correct the rows set aside; write 0 where nothing was archived.",
)
MONTH_CUT = warning(
    "month_cut",
    "The days end on {value}: that month is not complete.",
    hint="Leave it out, or add the missing days.",
    column="month",
)
SHIFTED = fixed("shifted", "{column} is the figure of the following month; it was moved there.")
SHIFTED_FUTURE = warning(
    "shifted_future",
    "{column} of {count} belongs to a month that has not happened; it is not used.",
    hint="Leave the label of the last row empty.",
)
FEW_MONTHS = warning(
    "few_months",
    "No scope has more than {count} of archiving.",
    f"{ENOUGH_MONTHS} or more",
    "Add older months; until then the range of the forecast is wide.",
    "month",
)
GAP = warning(
    "gap",
    "{scope} lacks {count}: {months}.",
    "every month between the first and the last",
    "Add the missing months; write 0 where nothing was archived.",
    "month",
)
UNIT_SUSPECT = warning(
    "unit_suspect",
    "{column} of {scope} is about {factor:,} times {side} than in the other scopes.",
    "one unit for all scopes",
    "Check the unit of {scope}: it looks like {guess}. It is used as it stands.",
)
UNIT_JUMP = warning(
    "unit_jump",
    "{column} of {scope} is about {factor:,} times off its usual value in {count}, first {month}.",
    "one unit for all months",
    "Check the unit in these months. They are used as they stand.",
)
MORE_THAN_STOCK = warning(
    "more_than_stock",
    "In {count} more was archived than the stock of the month before held, first {scope} in {month}: {value} GB of "
    "{stock} GB.",
    "archived_gb ≤ stock of the month before",
    "New files may explain it; otherwise check archived_gb, total_files and the average size.",
    "archived_gb",
)
SAVINGS_UNKNOWN = warning(
    "savings_unknown",
    "There is no column of freed space; it is unknown, not equal to what was archived.",
    hint="Add savings_gb: GB of primary storage freed in the month.",
    column="savings_gb",
)
SAVINGS_DROPPED = warning(
    "savings_above_archived",
    "In {count} savings_gb is more than archived_gb, first {scope} in {month}; these savings are unknown.",
    _SAVINGS,
    "Check both columns and their units.",
    "savings_gb",
)
FREQUENCY_OBSERVED = fixed(
    "frequency_observed",
    "archive_frequency_per_day is a constant multiple of files_archived: it is what was archived, not what was set.",
    hint="Choose policy if it is the setting of the archiver.",
    column="archive_frequency_per_day",
)
STOCK_CONVERTED = fixed(
    "stock_converted",
    "What was archived since the first month was taken out of total_files and the average size; the shares were left "
    "as they are.",
    column="total_files",
)
STOCK_BELOW_ARCHIVED = warning(
    "stock_below_archived",
    "In {count} less is in stock than was archived; that stock is unknown.",
    hint="Check whether total_files really counts archived files.",
    column="total_files",
)
STOCK_NEEDS_ARCHIVED = blocking(
    "stock_needs_archived",
    "To take archived files out of the stock, files_archived is needed in every month.",
    hint="Add files_archived, or say that the stock does not count them.",
    column="files_archived",
)
