"""How fast lists of files are read, and that memory does not grow with them."""
