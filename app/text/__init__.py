"""Numbers into words.

In:    results of the core, and plain numbers with their unit.
Out:   short English sentences and labels; text, no markup beyond what Markdown shows.
Never: computes a result, knows Streamlit, or says more than the numbers carry.
"""
