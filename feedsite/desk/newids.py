"""The id of a new article: permanent, whatever becomes of its headline, its file and the site's address."""

import re
from datetime import date
from urllib.parse import quote, urlsplit
from uuid import uuid4

from ..hosts import in_ascii

_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z][a-z0-9-]*")


def new_id(base_url: str | None, day: date, slug: str) -> str:
    """A tag URI (RFC 4151) in the name of the site's domain; for a site that has none yet, a UUID that nobody else has.

    A tag URI is ASCII: letters of other scripts are percent-encoded.
    """
    host = in_ascii(urlsplit(base_url or "").hostname or "")
    if _DOMAIN.fullmatch(host):
        return f"tag:{host},{day.isoformat()}:{quote(slug)}"
    return uuid4().urn
