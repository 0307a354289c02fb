"""HTML that is put into a page from outside, so that it is there whichever template draws the page."""

from dataclasses import replace

from ..document import Document

_END = b"</body>"


def at_end(page: Document, html: str) -> Document:
    """The page with the HTML as the last of its body. Without an end tag the body ends with the document (HTML
    13.1.2.4). Within a page's text no end tag can stand: every `<` is escaped there.
    """
    place = page.body.rfind(_END)
    before, behind = (page.body, b"") if place < 0 else (page.body[:place], page.body[place:])
    return replace(page, body=before + html.encode() + behind)
