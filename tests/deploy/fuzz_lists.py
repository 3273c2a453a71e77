"""What atheris runs: any bytes as a list of files and as a history; only our own errors may come out.

Run by `tests/deploy/test_fuzz.py`; for longer: `python -m tests.deploy.fuzz_lists FOLDER -max_total_time=600`.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["forecast_core.sources", "forecast_core.history"]):
    from forecast_core.errors import ForecastError
    from forecast_core.sources.listing import NotUtf8Error, Tally, Upload, listing_of
    from tests.property.test_reading import attempt as attempt_history
    from tests.unit.test_hostile_lists import attempt as attempt_list

COUNTED = 16  # one in so many lists is counted to its cells, too; reading its text alone is sixteen times as fast


def one(data: bytes) -> None:
    """Read the bytes after the first one, which chooses what they are taken for."""
    kind, text = data[:1], data[1:]
    if kind == b"h":
        attempt_history(text)
    elif kind and kind[0] % COUNTED == 0:
        attempt_list(text)
    else:
        rows_of(text)


def rows_of(text: bytes) -> None:
    """Read a list to its end; every line is a row or a misfit."""
    try:
        listing = listing_of(Upload("list", text))
        for batch in listing.batches(Tally()) if listing else ():
            assert batch.num_rows == len(batch["path"])
    except ForecastError as error:
        assert error.what
    except NotUtf8Error:
        if kind_of_text(text):
            rows_of(text.decode("latin-1").encode())


def kind_of_text(text: bytes) -> bool:
    """Return whether the bytes become other ones when they are read as Windows text, as the app does then."""
    return text.decode("latin-1").encode() != text


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
