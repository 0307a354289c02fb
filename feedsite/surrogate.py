"""Surrogate keys: names under which shared caches keep answers, so that they can be told to drop those that changed.

A key is made of the site and the path alone, so that every machine names alike what it never talked about, and several
sites can stand behind one cache.
"""

from .digest import digest_of
from .urls import single_slashes

FIELD = "Surrogate-Key"
_SIZE = 9  # bytes, 12 letters: two keys that fall together would only drop more than they must


def of_site(site: str) -> str:
    """The key of all that a site answers. `site` is its id."""
    return digest_of(site.encode(), _SIZE)


def of_path(site: str, path: str) -> str:
    """The key of what is answered there: one, whether slashes are doubled and the last one is there or not."""
    return digest_of(f"{site}\0{single_slashes(path).rstrip('/')}".encode(), _SIZE)
