"""From the text of a file to values: site.yaml and the entry files. Reads no file itself."""
