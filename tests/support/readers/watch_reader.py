"""Polls with lemon24's reader each address that a line names; prints what it holds, and what of it is unread.

Then it marks all as read, as somebody does who has read it.
"""

import json
import sys
from contextlib import closing

from reader import make_reader

with closing(make_reader("reader.sqlite")) as reader:
    for address in map(str.strip, sys.stdin):
        reader.add_feed(address, exist_ok=True)
        reader.update_feed(address)
        held = [
            {
                "id": one.id,
                "title": one.title,
                "url": one.link,
                "author": one.author or "",
                "content": one.content[0].value,
                "published": one.published.timestamp(),
                "updated": one.updated and one.updated.timestamp(),
                "enclosure": one.enclosures[0].href if one.enclosures else "",
                "is_unread": not one.read,
            }
            for one in reader.get_entries(feed=address)
        ]
        for one in reader.get_entries(feed=address, read=False):
            reader.mark_entry_as_read(one)
        print(json.dumps(held), flush=True)
