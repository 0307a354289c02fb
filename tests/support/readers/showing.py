"""Comparing what a reader shows of an item with what stands in the newspaper."""

from lxml import html

from ..paper import blankless


def shown(items):
    """What a reader shows, without the markup of texts, by id; what stands twice is there twice."""
    return sorted((*one[:4], _text(one.content), one.updated, one.enclosure) for one in items)


def expected(items, base, polled, reader, suffix):
    """These items of the newspaper as this reader should show them: what its model lacks is None.

    `polled` is what it shows; whether its model has a date of the last change is taken from there.
    """
    tells = {one.id for one in polled if one.updated is not None}
    return sorted(
        (
            one.id,
            one.title,
            base + one.path,
            one.published.timestamp(),
            one.text,
            one.updated.timestamp() if one.id in tells else None,
            base + one.enclosure if one.enclosure and suffix in reader.shows_enclosures else None,
        )
        for one in items
    )


def _text(content):
    return blankless(html.fragment_fromstring(content, create_parent="div").text_content())
