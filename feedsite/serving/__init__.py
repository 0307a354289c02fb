"""From a request to the bytes that answer it, and how a folder is followed meanwhile."""
