"""The readers of the feeds, counted from the access logs of a server or a proxy."""
