"""HTML that is put into a page from outside, so that it is there whichever template draws the page."""

import re

_HEAD = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
_END = b"</body>"


def at_end(page: bytes, html: str) -> bytes:
    """The page with the HTML as the last of its body. Without an end tag the body ends with the document (HTML
    13.1.2.4). Within a page's text no end tag can stand: every `<` is escaped there.
    """
    place = page.rfind(_END)
    before, behind = (page, b"") if place < 0 else (page[:place], page[place:])
    return before + html.encode() + behind


def in_head(page: bytes, html: str) -> bytes:
    """The page with the HTML as the first of its head; as it is where no head begins in so many words."""
    found = _HEAD.search(page)
    return page[: found.end()] + html.encode() + page[found.end() :] if found else page
