"""Polls each address that a line names, as gPodder does with podcastparser, and prints what it sees.

gPodder's own validators are not podcastparser's: it is given a feed that another program has fetched.
"""

import json
import sys
from urllib.request import urlopen

import podcastparser

for address in map(str.strip, sys.stdin):
    with urlopen(address, timeout=60) as answer:
        feed = podcastparser.parse(address, answer)
    seen = {
        "links": {"next": feed["paged_feed_next"]} if "paged_feed_next" in feed else {},
        "items": [
            {
                "id": one["guid"],
                "title": one["title"],
                "link": one["link"],
                "published": one["published"],
                "content": one.get("description_html") or one["description"],
                "enclosure": one["enclosures"][0]["url"] if one["enclosures"] else None,
            }
            for one in feed["episodes"]
        ],
    }
    print(json.dumps(seen), flush=True)
