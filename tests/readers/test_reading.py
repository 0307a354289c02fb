"""Real feed readers see every article of a feed, and over its archives every article of its collection, once."""

import json

import pytest
from lxml import etree

from ..support import paper
from ..support.readers.showing import expected, shown

_LINK = "{http://www.w3.org/2005/Atom}link"
_folders = pytest.mark.parametrize("folder", list(paper.COLLECTIONS))


@_folders
def test_a_reader_sees_every_article_of_a_feed_once(newspaper, reader, suffix, folder):
    """With its title, link, dates, text and recording, as far as the reader's model has them."""
    polled = reader.poll(newspaper.feed(folder, suffix)).items
    window = paper.items(folder, paper.articles())[: paper.WINDOW]
    assert shown(polled) == expected(window, newspaper.base, polled, reader, suffix)


@_folders
def test_over_the_archives_a_reader_sees_every_article_once(newspaper, reader, suffix, folder):
    """Behind the feed each stands in one document; a reader that shows links is led by them, any other by the test."""
    documents = []
    address = newspaper.feed(folder, suffix)
    while address:
        assert len(documents) < 100, address
        poll = reader.poll(address)
        documents.append(poll.items)
        links = poll.links if suffix in reader.shows_links else _links(newspaper, suffix, address)
        address = links.get("prev-archive", links.get("next"))
    polled = [one for items in documents[1:] for one in items]
    every = paper.items(folder, paper.articles())
    assert len(every) > 2 * paper.WINDOW
    assert shown(polled) == expected(every, newspaper.base, polled, reader, suffix)


def _links(newspaper, suffix, address):
    document = newspaper.get(address.removeprefix(newspaper.base)).body
    if suffix == "json":
        value = json.loads(document)
        return {"next": value["next_url"]} if "next_url" in value else {}
    return {one.get("rel"): one.get("href") for one in etree.fromstring(document).iter(_LINK)}
