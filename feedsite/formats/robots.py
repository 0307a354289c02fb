"""robots.txt (RFC 9309): all may read everything, but for the rules of site.yaml; and where the sitemaps are."""

import re
from collections.abc import Iterable

from ..settings import Settings

MEDIA_TYPE = "text/plain; charset=utf-8"
_FOR_ALL = re.compile(r"^user-agent[ \t]*:[ \t]*\*[ \t]*(?:#.*)?$", re.IGNORECASE | re.MULTILINE)
# Not `Allow: /`, which would win over a `Disallow: /` of site.yaml (RFC 9309 2.2.2). It is left out where site.yaml has
# a group for all, for some programs read the first such group alone.
_OPEN = "User-agent: *\nDisallow:"


def render(settings: Settings, sitemaps: Iterable[str]) -> bytes:
    """`sitemaps` are their paths."""
    named = "\n".join(f"Sitemap: {settings.urls.absolute(path)}" for path in sitemaps)
    parts = ("" if _FOR_ALL.search(settings.robots) else _OPEN, settings.robots, named)
    return "".join(f"{part}\n\n" for part in parts if part).removesuffix("\n").encode()
