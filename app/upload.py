"""The parts of the Data page: a file, what was understood, its faults, the user's choices, the final yes.

In:    the uploaded bytes; `Reading` from the service.
Out:   widgets; the accepted data set is opened.
Never: uses a file before the user says so.
"""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import streamlit as st

from app import connect, state, tables, widgets
from app.state import files
from app.text import data as words
from forecast_core import InventoryReading, Reading, Recognised, Upload, UsageReading

SIMULATOR_PAGE = str(Path(__file__).resolve().parents[1] / "pages" / "simulator.py")
SHOWN_ISSUES = 40
TYPES = ["csv", "tsv", "txt", "json", "parquet", "gz", "zip", "xlsx", "xlsm", "xls", "ods"]


def ask() -> Reading | InventoryReading | UsageReading | None:
    """Draw the one way that was chosen to bring data, and return what was understood; None before there is any."""
    ways = {"Upload a file": _uploaded}
    if state.settings().sources:
        ways["Read from a storage address"] = connect.address
    if state.service().connections.archive_log:
        ways["Read from the archive database"] = connect.archive_log
    first, *others = ways
    if not others:
        return _uploaded()
    chosen = st.segmented_control(
        "Bring data", list(ways), default=first, key="source", required=True, on_change=files.forget_reading
    )
    return ways[chosen]()


def _uploaded() -> Reading | InventoryReading | UsageReading | None:
    """Draw the uploader and return what was understood of the file: a history, a file list or a usage report."""
    chosen = st.file_uploader(
        "CSV, TSV, Excel, Parquet or JSON file; also packed as .gz or .zip",
        type=TYPES,
        key="upload",
        on_change=files.forget_reading,
        max_upload_size=state.settings().max_upload_mb,
    )
    if chosen is None:
        return None
    content = chosen.getvalue()
    file_id = hashlib.sha256(content).hexdigest()
    with st.spinner(f"Reading {chosen.name} …", show_time=True):
        return files.reading(Upload(chosen.name, content), file_id)


def empty() -> None:
    """Draw what the page will show, and a file to start from."""
    st.info(
        "Needed: one row per month with `month` and `archived_gb`. Better: `total_files`, `avg_file_size_mb`, the "
        "shares `pct_pdf`, `pct_docx`, `pct_xlsx`, `archive_frequency_per_day`, `savings_gb`, and one `scope` per site "
        "or department. Or a list of files, then the archive rule itself can be moved: Azure Blob, S3 or Google "
        "inventory, rclone, WizTree, TreeSize, PowerShell, `find`, any table with path, size and last change, or what "
        "`archive-forecast scan FOLDER` writes.",
        icon=":material/table_view:",
    )
    st.download_button(
        "Download a template (CSV)",
        tables.to_csv(tables.template()),
        "archive-forecast-template.csv",
        "text/csv",
        key="template",
        on_click="ignore",
    )


def counts(found: Reading) -> None:
    """Draw the sentence, and where every row went."""
    st.html(widgets.title(words.understood(found)))
    st.markdown(f"{words.counted(found)} {words.faults(found)}")
    if found.missing:
        lines = "  \n".join(f"**{missing.column}** is not in the file: {missing.why}." for missing in found.missing)
        st.info(lines, icon=":material/help:")


def questions(found: Reading) -> None:
    """Draw what the file does not settle, then every other choice, folded."""
    for question in found.questions:
        _choice(question.choice, question.text, question.options)
    asked = {question.choice for question in found.questions}
    with st.expander("How the file is read", type="compact"):
        for name, text in words.CHOICES.items():
            if name not in asked:
                _choice(name, text, words.choice_options(name))
        key = state.prepared("stock_includes_archived", bool(files.choices().stock_includes_archived))
        st.toggle(
            "total_files still counts files that were archived",
            key=key,
            on_change=state.on_value(key, lambda value: files.choose_reading(stock_includes_archived=value)),
        )


def _choice(name: str, text: str, options: tuple[str, ...]) -> None:
    key = state.prepared(f"choice_{name}", str(getattr(files.choices(), name)))
    options = options if "auto" in options else ("auto", *options)
    st.segmented_control(
        text,
        options,
        key=key,
        required=True,
        format_func=lambda option: words.OPTIONS.get(option, option),
        on_change=state.on_value(key, lambda value: files.choose_reading(**{name: value})),
    )


def issues(found: Reading | InventoryReading | UsageReading) -> None:
    """Draw every fault: how grave, where, what, what is allowed, what to do; the longest lists go on in the file."""
    if not found.issues:
        return
    table = tables.issues(found)
    st.html(widgets.text_table(table, "faults", SHOWN_ISSUES))
    if len(found.issues) > SHOWN_ISSUES:
        st.caption(f"{len(found.issues) - SHOWN_ISSUES:,} more are in the download.")
    content = tables.to_csv(table)
    st.download_button(
        "Download the list (CSV)", content, "faults.csv", "text/csv", key="issues_csv", on_click="ignore"
    )


def columns(found: Reading) -> None:
    """Draw which header was taken for what; another column may be chosen."""
    with st.expander(f"Columns: {words.recognised(found)}", type="compact"):
        options = ["", *tables.column_names()]
        for index, item in enumerate(found.recognised):
            _column(f"map_{index}", item, options)


def _column(key: str, item: Recognised, options: list[str]) -> None:
    st.selectbox(
        f"**{item.header}** {item.words}",
        options,
        key=state.prepared(key, item.column or ""),
        format_func=words.column_title,
        on_change=state.on_value(key, partial(files.map_column, item.header)),
    )


def confirm(found: Reading) -> None:
    """Draw the yes: nothing is stored or used before it."""
    if found.history is None:
        st.error(
            "Nothing is used yet: the faults above stop it. Fix the file and upload it again.", icon=":material/block:"
        )
        return
    seen = True
    if text := words.consent(found):
        seen = st.checkbox(text, key="consent")
    help_text = "Stores it in this workspace and opens it in the simulator."
    if st.button("Use this data", key="use", icon=":material/check:", disabled=not seen, help=help_text):
        with st.spinner("Learning from your data …", show_time=True):
            files.accept(found)
        st.switch_page(SIMULATOR_PAGE)
