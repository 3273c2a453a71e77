"""The component as Streamlit knows it: registered from its folder, so that the browser loads plain files.

In:    a description of levers and pictures, callbacks for what the browser says.
Out:   the mounted component.
Never: sends its script with a message; a strict content security policy would refuse it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from app.live.assets import FOLDER, PLOTLY, VERSION

PACKAGE = f"live-{VERSION}"
NAME = f"{PACKAGE}.instrument"


def draw(key: str, data: dict[str, Any], **events: Callable[[], None]) -> None:
    """Mount or update the component; `events` are called when the browser sends one of that name."""
    _declare()
    callbacks = {f"on_{name}_change": act for name, act in events.items()}
    # Bytes go as they are; a dictionary would be searched for data frames and written twice.
    written = json.dumps({"lib": PLOTLY, **data}, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    _renderer()(key=key, data=written.encode(), **callbacks)


def _declare() -> None:
    """Register the folder: what Streamlit does itself for an installed package, which a repository is not."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(NAME) is None:
        config = ComponentConfig("instrument", FOLDER.name)
        manager.register_from_manifest(ComponentManifest(PACKAGE, VERSION, [config]), FOLDER.parent)


@cache
def _renderer() -> Any:
    return st.components.v2.component(NAME, css="live.css", js="live.js", isolate_styles=False)
