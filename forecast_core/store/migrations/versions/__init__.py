"""Every revision that was ever shipped; a shipped one is never changed."""
