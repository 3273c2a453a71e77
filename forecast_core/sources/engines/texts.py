"""How the text of a file list becomes whole numbers: the DuckDB expressions, each once.

In:    the name and type of a column; what the sample told about dates and decimal marks.
Out:   SQL expressions; NULL where a text is not what it should be. What is usual is asked first, without a pattern.
Never: runs anything, or takes a value of the user into the text unquoted.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from forecast_core.schema import BYTES_PER

LONGEST_PATH = 32_767
LARGEST = 10**18 - 1
ISO = r"\d{4}[-/.]\d{2}[-/.]\d{2}([T +]\d{1,2}[:.]\d{2}([:.]\d{2}([.,]\d+)?)?)? ?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
OFFSET = r"\d[+-]\d{2}:?\d{2}"
LOCAL = r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})([ ,T].*)?"
SECONDS, MILLISECONDS = r"-?\d{9,11}|-?\d{1,11}\.\d{1,12}", r"\d{12,14}"
UNITS = "|".join(sorted(BYTES_PER, key=len, reverse=True))
SIZED = rf"([0-9][0-9 .,'\x{{00a0}}\x{{202f}}]*?)[ \x{{00a0}}\x{{202f}}]*({UNITS}|k|m|g|t|p)"
GROUPED = r"\d{{1,3}}([ _'\x{{00a0}}\x{{202f}}{mark}]\d{{3}})+"
TRUE = "'true', '1', 'yes', 'wahr', 'vrai'"


def quoted(text: str) -> str:
    """Return a text as an SQL literal.

    >>> quoted("O'Neil")
    "'O''Neil'"
    """
    return "'" + text.replace("'", "''").replace("\0", "") + "'"


def size(name: str, kind: pa.DataType, decimal: str) -> str:
    """Return bytes as BIGINT; `decimal` is the mark before fractions in sizes with a unit."""
    if pa.types.is_integer(kind):
        return f"CASE WHEN {name} >= 0 THEN {name} END"
    text, thousands = f"trim({name})", "." if decimal == "," else ","
    digits = rf"regexp_replace(regexp_extract(lower({text}), '{_sql(SIZED)}', 1), '[^0-9{decimal}]', '', 'g')"
    factors = " ".join(f"WHEN '{unit}' THEN {factor}" for unit, factor in {**BYTES_PER, **_short()}.items())
    whole = f"TRY_CAST({name} AS BIGINT)"
    return f"""CASE
        WHEN {whole} BETWEEN 0 AND {LARGEST} AND CAST({whole} AS VARCHAR) = {name} THEN {whole}
        WHEN {name} = '' THEN NULL
        WHEN regexp_full_match({text}, '\\d{{1,18}}') THEN CAST({text} AS BIGINT)
        WHEN regexp_full_match({text}, '{_sql(GROUPED.format(mark=thousands))}')
        THEN TRY_CAST(regexp_replace({text}, '[^0-9]', '', 'g') AS BIGINT)
        WHEN regexp_full_match(lower({text}), '{_sql(SIZED)}')
        THEN TRY_CAST(round(TRY_CAST(replace({digits}, ',', '.') AS DOUBLE)
            * CASE regexp_extract(lower({text}), '{_sql(SIZED)}', 2) {factors} END) AS BIGINT)
    END"""


def day(name: str, kind: pa.DataType, order: str) -> str:
    """Return a day of the month it was in UTC; `order` is "dmy", "mdy" or "" where it is not known."""
    if pa.types.is_timestamp(kind):
        return f"CAST({name} AS DATE)"
    if pa.types.is_integer(kind):
        milliseconds = f"CASE WHEN abs({name}) < 100000000000 THEN {name} * 1000 ELSE {name} END"
        sound = f"CASE WHEN {name} BETWEEN -99999999999999 AND 99999999999999 THEN {milliseconds} END"
        return f"CAST(make_timestamp({sound} * 1000) AS DATE)"
    ways = [_usual_day(name), *([_usual_local_day(name, order)] if order else []), _any_day(f"trim({name})", order)]
    return f"coalesce({', '.join(ways)})"


def _usual_day(name: str) -> str:
    """Return the day of 2027-03-14T09:30:00Z, with or without fractions, and of 2027-03-14 09:30:00."""
    utc = f"strlen({name}) BETWEEN 20 AND 30 AND suffix({name}, 'Z') AND substring({name}, 11, 1) = 'T'"
    bare = f"strlen({name}) = 19 AND substring({name}, 11, 1) = ' ' AND substring({name}, 17, 1) = ':'"
    return f"CASE WHEN {utc} OR {bare} THEN TRY_CAST(left({name}, 10) AS DATE) END"


def _usual_local_day(name: str, order: str) -> str:
    """Return the day of 14/03/2027, 14.03.2027 or 14-03-2027, whatever follows a blank."""
    # the bound: a year of two digits is left to whoever asks further
    first, second = ("%d", "%m") if order == "dmy" else ("%m", "%d")
    forms = ", ".join(f"'{first}{mark}{second}{mark}%Y'" for mark in "/.-")
    found = f"try_strptime(split_part({name}, ' ', 1), [{forms}])"
    return f"CASE WHEN {found} >= DATE '1000-01-01' THEN CAST({found} AS DATE) END"


def _any_day(text: str, order: str) -> str:
    first, second, year = (f"CAST(regexp_extract({text}, '{LOCAL}', {part}) AS INTEGER)" for part in (1, 2, 3))
    at, of_month = (second, first) if order == "dmy" else (first, second)
    local = f"WHEN regexp_full_match({text}, '{LOCAL}') AND {at} BETWEEN 1 AND 12 AND {of_month} BETWEEN 1 AND 31 "
    moment = f"make_timestamp(CAST(TRY_CAST({text} AS DOUBLE) * {{}} AS BIGINT))"
    return f"""CASE
        WHEN {text} = '' THEN NULL
        WHEN regexp_full_match({text}, '{ISO}') THEN
            CASE WHEN regexp_matches({text}, '{OFFSET}$')
            THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS DATE)
            ELSE TRY_CAST(replace(replace(left({text}, 10), '/', '-'), '.', '-') AS DATE) END
        {f"{local} THEN make_date({year}, {at}, 1)" if order else ""}
        WHEN regexp_full_match({text}, '{SECONDS}') THEN CAST({moment.format(1000000)} AS DATE)
        WHEN regexp_full_match({text}, '{MILLISECONDS}') THEN CAST({moment.format(1000)} AS DATE)
        WHEN regexp_full_match({text}, '\\d{{4}}-(0[1-9]|1[0-2])') THEN TRY_CAST({text} || '-01' AS DATE)
    END"""


def slashes(path: str) -> str:
    """Return a path with single slashes between its parts and none before them."""
    usual = f"NOT contains({path}, '\\') AND NOT contains({path}, '//')"
    return rf"ltrim(CASE WHEN {usual} THEN {path} ELSE regexp_replace({path}, '[\\/]+', '/', 'g') END, '/')"


def is_folder_path(path: str) -> str:
    """Return whether a path ends as folders do."""
    return f"(ends_with({path}, '/') OR ends_with({path}, '\\'))"


def by_folder(path: str, start: int, levels: int, otherwise: str) -> str:
    """Return the folders `start` … of a path with single slashes as a scope; its last part is the file."""
    parts = f"list_slice(string_split({path}, '/'), 1, -2)"
    scope = f"array_to_string(list_slice({parts}, {start + 1}, {start + levels}), '/')"
    return f"CASE WHEN {scope} = '' THEN {quoted(otherwise)} ELSE {scope} END"


def by_mapping(path: str, scope: str, mapping: Sequence[tuple[str, str]]) -> str:
    """Return the scope of the longest beginning of a path that a mapping names, else `scope`."""
    longest = sorted(mapping, key=lambda pair: -len(pair[0]))
    cases = " ".join(f"WHEN starts_with({path}, {quoted(_slashes(old))}) THEN {quoted(new)}" for old, new in longest)
    named = " ".join(f"WHEN {scope} = {quoted(old)} THEN {quoted(new)}" for old, new in longest)
    return f"CASE {cases} {named} ELSE {scope} END" if cases else scope


def is_true(name: str) -> str:
    """Return whether a text says yes."""
    return f"lower({name}) IN ({TRUE})"


def is_empty(name: str) -> str:
    """Return whether nothing stands in a cell."""
    return f"coalesce(CAST({name} AS VARCHAR), '') = ''"


def _short() -> dict[str, int]:
    return {unit: BYTES_PER[unit + "b"] for unit in "kmgtp"}


def _slashes(text: str) -> str:
    return "/".join(part for part in text.replace("\\", "/").split("/") if part)


def _sql(pattern: str) -> str:
    return pattern.replace("'", "''")
