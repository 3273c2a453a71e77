"""Lists of files as their tools write them: after the documentation of each, or samples in public test files."""
