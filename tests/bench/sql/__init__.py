"""What it costs to count files where they are."""
