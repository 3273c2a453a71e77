"""What a start costs until the app can answer."""
