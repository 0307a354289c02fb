"""The id that is written into a file which names none: the one that subscribers have, or a new one."""

from uuid import uuid4

from ..errors import FeedsiteError
from ..model import NEVER
from .original import Original


def id_of(original: Original, derived: str, *, is_fresh: bool = False) -> str:
    """The id that was made of the file's place. Nobody has a draft's yet; without a base_url it gets a new one.

    Raises FeedsiteError where the id that subscribers have cannot be known, unless it shall be a new one (`is_fresh`).
    """
    settings = original.settings
    if settings.base_url or settings.id:
        return derived
    if is_fresh or original.entry.published == NEVER:
        return uuid4().urn
    raise FeedsiteError(
        "the id that subscribers have follows from the site's address: add a line such as `base_url: https://news.example`"
        " to site.yaml, as the server has it; or, if nobody reads the site yet, run `feedsite write-ids --fresh`"
    )
