"""The site's folder on the disk: it is scanned, and its changes are committed to the index."""
