"""The REST API: the same questions and the same numbers as the pages, under `/api/v1`.

In:    JSON or CSV over HTTP.
Out:   JSON, CSV, or a problem that names field, value and rule.
Never: computes; knows Streamlit.
"""

from app.api.application import Door, create_api

__all__ = ["Door", "create_api"]
