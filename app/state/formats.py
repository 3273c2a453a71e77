"""How this reader writes numbers: as chosen, else as the browser's language does.

In:    the session, the browser's language.
Out:   the `Locale` of every word on the page.
Never: changes a number, a file for machines, or what another reader sees.
"""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.text import locale

KEY = "formats"


def chosen() -> locale.Locale:
    """Return the reader's choice; English where nobody is looking."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return locale.ENGLISH
    return locale.of(st.session_state.get(KEY) or st.context.locale)


def choose(tag: str) -> None:
    """Write numbers so from now on."""
    st.session_state[KEY] = tag
    locale.use(chosen())


def apply() -> None:
    """Write what follows as the reader does."""
    locale.use(chosen())


locale.listen(chosen)
