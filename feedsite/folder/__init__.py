"""The site's folder: what stands on the disk, taken into the index."""
