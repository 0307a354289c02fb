"""From the files of a site's folder to values: an editor's text becomes entries, settings and faults."""
