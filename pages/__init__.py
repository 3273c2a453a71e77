"""One question per file; Streamlit runs each of them as a script."""
