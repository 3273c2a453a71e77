"""The web app: a frame around the pages, and everything that knows Streamlit."""
