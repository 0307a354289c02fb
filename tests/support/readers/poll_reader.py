"""Polls with lemon24's reader each address that a line names, and prints all that it holds of it then."""

import json
import sys
from contextlib import closing

from reader import make_reader

with closing(make_reader("reader.sqlite")) as reader:
    for address in map(str.strip, sys.stdin):
        reader.add_feed(address, exist_ok=True)
        reader.update_feed(address)
        items = [
            {
                "id": one.id,
                "title": one.title,
                "link": one.link,
                "published": one.published.timestamp(),
                "updated": one.updated and one.updated.timestamp(),
                "content": one.content[0].value,
                "enclosure": one.enclosures[0].href if one.enclosures else None,
            }
            for one in reader.get_entries(feed=address)
        ]
        print(json.dumps({"links": {}, "items": items}), flush=True)
