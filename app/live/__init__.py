"""The live instrument: levers and pictures in one component that follows the thumb.

In:    levers of the core, an answer's words and figures as plain dictionaries.
Out:   a Streamlit component (`component`), its description as plain values (`panel`), its files (`serving`).
Never: computes, knows what a lever means, or trusts a value that the browser sends.
"""
