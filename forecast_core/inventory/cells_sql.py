"""How the text of a file list becomes whole numbers: the DuckDB expressions, each once.

In:    the name and type of a column; what the sample told about dates and decimal marks.
Out:   SQL expressions; NULL where a text is not what it should be.
Never: runs anything, or takes a value of the user into the text unquoted.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from forecast_core.schema import BYTES_PER, FILE_TYPES, OTHER, endings_of

LONGEST_PATH = 32_767
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
    return f"""CASE
        WHEN {name} <> '' AND length({name}) <= 18 AND ltrim({name}, '0123456789') = '' THEN CAST({name} AS BIGINT)
        WHEN regexp_full_match({text}, '\\d{{1,18}}') THEN CAST({text} AS BIGINT)
        WHEN regexp_full_match({text}, '{_sql(GROUPED.format(mark=thousands))}')
        THEN TRY_CAST(regexp_replace({text}, '[^0-9]', '', 'g') AS BIGINT)
        WHEN regexp_full_match(lower({text}), '{_sql(SIZED)}')
        THEN TRY_CAST(round(TRY_CAST(replace({digits}, ',', '.') AS DOUBLE)
            * CASE regexp_extract(lower({text}), '{_sql(SIZED)}', 2) {factors} END) AS BIGINT)
    END"""


def month(name: str, kind: pa.DataType, order: str) -> str:
    """Return the month in UTC as 12 × year + month − 1; `order` is "dmy", "mdy" or "" where it is not known."""
    if pa.types.is_timestamp(kind):
        return _index(f"CAST({name} AS DATE)")
    if pa.types.is_integer(kind):
        milliseconds = f"CASE WHEN abs({name}) < 100000000000 THEN {name} * 1000 ELSE {name} END"
        sound = f"CASE WHEN {name} BETWEEN -99999999999999 AND 99999999999999 THEN {milliseconds} END"
        return _index(f"CAST(make_timestamp({sound} * 1000) AS DATE)")
    text = f"trim({name})"
    first, second, year = (f"CAST(regexp_extract({text}, '{LOCAL}', {part}) AS INTEGER)" for part in (1, 2, 3))
    at, day = (second, first) if order == "dmy" else (first, second)
    local = f"WHEN regexp_full_match({text}, '{LOCAL}') AND {at} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND 31 "
    moment = f"make_timestamp(CAST(TRY_CAST({text} AS DOUBLE) * {{}} AS BIGINT))"
    usual = f"length({name}) = 20 AND {name}[11] = 'T' AND {name}[20] = 'Z'"
    return f"""CASE
        WHEN {usual} THEN {_index(f"TRY_CAST(left({name}, 19) AS TIMESTAMP)")}
        WHEN regexp_full_match({text}, '{ISO}') THEN {
        _index(f'''CASE WHEN regexp_matches({text}, '{OFFSET}$')
            THEN CAST(TRY_CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS DATE)
            ELSE TRY_CAST(replace(replace({text}[1:10], '/', '-'), '.', '-') AS DATE) END''')
    }
        {f"{local} THEN {year} * 12 + {at} - 1" if order else ""}
        WHEN regexp_full_match({text}, '{SECONDS}')
        THEN {_index(f"CAST({moment.format(1000000)} AS DATE)")}
        WHEN regexp_full_match({text}, '{MILLISECONDS}') THEN {_index(f"CAST({moment.format(1000)} AS DATE)")}
        WHEN regexp_full_match({text}, '\\d{{4}}-(0[1-9]|1[0-2])')
        THEN CAST({text}[1:4] AS INTEGER) * 12 + CAST({text}[6:7] AS INTEGER) - 1
    END"""


def ending(path: str) -> str:
    """Return what follows the last dot of a name, in lower case."""
    return rf"lower(regexp_extract({path}, '[^/\\]\.([^./\\]*)$', 1))"


def file_type(ending: str) -> str:
    """Return the family of a file by its ending, as `schema.file_type` does."""
    cases = " ".join(
        f"WHEN {ending} IN ({', '.join(map(quoted, endings_of(name)))}) THEN '{name}'"
        for name in FILE_TYPES
        if name != OTHER
    )
    return f"CASE {cases} ELSE '{OTHER}' END"


def size_class(name: str) -> str:
    """Return the class of a size: exact, which a logarithm of floats is not near a power of two."""
    return f"CASE WHEN {name} = 0 THEN -1 ELSE length(bin({name})) - 1 END"


def folder(path: str) -> str:
    """Return the folder of a path with chr(1) between its parts, so that parts sort before whole texts do."""
    normal = rf"trim(regexp_replace({path}, '[\\/]+', '/', 'g'), '/')"
    return f"replace(regexp_extract({normal}, '^(.*)/', 1), '/', chr(1))"


def by_folder(name: str, start: int, levels: int, otherwise: str) -> str:
    """Return the parts `start` … of a folder as a scope."""
    parts = f"array_to_string(list_slice(string_split({name}, chr(1)), {start + 1}, {start + levels}), '/')"
    return f"CASE WHEN {parts} = '' THEN {quoted(otherwise)} ELSE {parts} END"


def by_mapping(path: str, scope: str, mapping: Sequence[tuple[str, str]]) -> str:
    """Return the scope of the longest beginning of a path that a mapping names, else `scope`."""
    normal = rf"regexp_replace({path}, '[\\/]+', '/', 'g')"
    longest = sorted(mapping, key=lambda pair: -len(pair[0]))
    cases = " ".join(f"WHEN starts_with({normal}, {quoted(_slashes(old))}) THEN {quoted(new)}" for old, new in longest)
    named = " ".join(f"WHEN {scope} = {quoted(old)} THEN {quoted(new)}" for old, new in longest)
    return f"CASE {cases} {named} ELSE {scope} END" if cases else scope


def is_true(name: str) -> str:
    """Return whether a text says yes."""
    return f"lower({name}) IN ({TRUE})"


def _index(date: str) -> str:
    return f"(date_part('year', {date}) * 12 + date_part('month', {date}) - 1)"


def _short() -> dict[str, int]:
    return {unit: BYTES_PER[unit + "b"] for unit in "kmgtp"}


def _slashes(text: str) -> str:
    return "/".join(part for part in text.replace("\\", "/").split("/") if part) if text.strip("\\/") else text


def _sql(pattern: str) -> str:
    return pattern.replace("'", "''")
