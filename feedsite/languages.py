"""What languages call themselves. The only door to Babel."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(256)
def own_name(tag: str) -> str:
    """日本語 for ja; the tag itself (RFC 5646) for a language that is in no list."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError, TypeError):
        return tag
