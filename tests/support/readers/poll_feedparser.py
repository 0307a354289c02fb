"""Polls with feedparser each address that a line names, with the validators of the poll before; prints what it sees."""

import json
import socket
import sys
from calendar import timegm

import feedparser

socket.setdefaulttimeout(60)
held = {}  # by address
for address in map(str.strip, sys.stdin):
    feed = feedparser.parse(address, **held.get(address, {}))
    if feed.bozo:
        raise feed.bozo_exception
    held[address] = {name: feed[name] for name in ("etag", "modified") if name in feed}
    seen = {
        "links": {link.rel: link.href for link in feed.feed.get("links", ())},
        "items": [
            {
                "id": one.id,
                "title": one.title,
                "link": one.link,
                "published": timegm(one.published_parsed),
                "updated": timegm(one.updated_parsed),
                "content": one.content[0].value,
                "enclosure": one.enclosures[0].href if one.enclosures else None,
            }
            for one in feed.entries
        ],
    }
    print(json.dumps(seen), flush=True)
