"""Whole pages: their behaviour without a browser, and the app in Chromium."""
