"""How often drift is called where there is none, and found where there is some."""
