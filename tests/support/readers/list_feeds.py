"""Prints the address and the title of each feed that listparser finds in an OPML: `list_feeds.py FILE`."""

import json
import sys
from pathlib import Path

import listparser

found = listparser.parse(Path(sys.argv[1]).read_text(encoding="utf-8"))
if found.bozo:
    raise found.bozo_exception
json.dump([[feed.url, feed.title] for feed in found.feeds], sys.stdout)
