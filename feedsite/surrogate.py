"""Surrogate keys: names by which a shared cache can be made to drop the answers that changed.

A key is made of the site's id and the path alone. So all machines of a site have the same keys, and several sites can
stand behind one cache.
"""

from .digest import digest_of
from .urls import single_slashes

FIELD = "Surrogate-Key"
_SIZE = 9  # bytes, 12 letters; where two keys are equal by chance, a cache drops more than it must


def of_site(site: str) -> str:
    """The key of all answers of a site. `site` is its id."""
    return digest_of(site.encode(), _SIZE)


def of_path(site: str, path: str) -> str:
    """The key of the answers at a path: the same with doubled slashes, and with or without a last one."""
    return digest_of(f"{site}\0{single_slashes(path).rstrip('/')}".encode(), _SIZE)
