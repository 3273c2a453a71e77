"""Is it still true? What came against what was expected, and what was said."""
