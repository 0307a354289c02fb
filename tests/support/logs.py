"""Lines of access logs, and the Audience they come to."""

import json
from datetime import UTC, datetime, timedelta

from feedsite.audience.tally import Tally

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
FEEDLY = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; )"
RESS = "NetNewsWire (RSS Reader; https://netnewswire.com/)"
FRESH = "FreshRSS/1.23.1 (Linux; https://freshrss.org)"


def line(minutes=0.0, status=304, size=0, *, agent=RESS, client="203.0.113.9", path="/feed.rss", method="GET"):
    """A line of the combined format; `minutes` after nine."""
    when = (NINE + timedelta(minutes=minutes)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{client} - - [{when}] "{method} {path} HTTP/1.1" {status} {size} "-" "{agent}"'


def own(minutes, status, size, *, is_conditional, client="203.0.113.9", agent=RESS):
    """A line of feedsite's own log."""
    members = {
        "time": (NINE + timedelta(minutes=minutes)).isoformat(),
        "client": client,
        "method": "GET",
        "path": "/feed.rss",
        "status": status,
        "bytes": size,
        "agent": agent,
        "is_conditional": is_conditional,
    }
    return json.dumps(members)


def audience_of(*lines, base=""):
    tally = Tally(base)
    tally.take(lines)
    return tally.audience()


DAY = [
    *(line(hour * 60, 304, 0, agent=FEEDLY.format(1234 + hour)) for hour in range(24)),
    *(line(hour * 60, 200 if hour in (0, 9) else 304, 4000, agent=FRESH, client="203.0.113.7") for hour in range(24)),
    *(line(hour * 60, 200, 48_000, agent="feedparser/6.0.11") for hour in range(24)),
    line(5, 301, 200, path="/rss.xml"),
    line(7, 200, 9000, agent="Mozilla/5.0 (X11) Gecko/20100101 Firefox/140.0", path="/"),
    "\x1b[31mno line",
]
