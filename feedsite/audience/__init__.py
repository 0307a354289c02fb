"""Who reads the feeds, told from the access logs of a server or a proxy."""
