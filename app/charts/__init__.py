"""Pictures of results as plain Plotly dictionaries.

In:    results of the core.
Out:   `Picture`: title (the finding), subtitle (quantity and unit), figure `{"data", "layout"}`, alternative text.
Never: knows Streamlit or Plotly's classes, computes a result, hides a band.
"""
