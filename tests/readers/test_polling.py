"""Real feed readers that poll again: nothing is downloaded where nothing changed, and else what changed is seen."""

from functools import partial

import pytest

from ..support import paper
from ..support.readers import EACH, named
from ..support.readers.showing import expected, shown
from ..support.waiting import until

_WITH_VALIDATORS = [each for each in EACH if each[0].polls_to_validators]


@pytest.mark.parametrize("reading", _WITH_VALIDATORS, ids=named, indirect=True)
def test_a_second_poll_downloads_nothing(newspaper, reader, suffix):
    """The reader sends the validators that it was given, and is answered 304 without a body."""
    for folder in paper.COLLECTIONS:
        poll = partial(reader.poll, newspaper.feed(folder, suffix))
        held = [poll().items for _ in range(reader.polls_to_validators)][-1]
        again, answers = newspaper.answers(poll)
        assert answers == [(304, 0)], folder
        assert shown(again.items) == (shown(held) if reader.keeps_items else []), folder


def test_after_an_edit_exactly_that_article_is_seen_anew(own_newspaper, reader, suffix):
    """In each feed that has it, and nothing in the others: two articles mended, then one published.

    A reader that asks for deltas is sent one where it was given an ETag for them before.
    """
    newspaper = own_newspaper
    feeds = [Feed(newspaper, reader, suffix, folder) for folder in paper.COLLECTIONS]
    for article in (paper.Article(294, version=2), paper.Article(293, version=2), paper.Article(301)):
        paper.save(newspaper.site, article)
        until(partial(_is_served, newspaper, article))
        for feed in feeds:
            feed.expect(paper.items(feed.folder, [article]))


class Feed:
    """A feed that a reader holds, with all that it ever saw of it."""

    def __init__(self, newspaper, reader, suffix, folder):
        self.newspaper, self.reader, self.suffix, self.folder = newspaper, reader, suffix, folder
        self.changes = 0
        self.held = set()
        for _ in range(reader.polls_to_validators or 1):
            self.held |= set(shown(self.poll()))

    def poll(self):
        return self.reader.poll(self.newspaper.feed(self.folder, self.suffix)).items

    def expect(self, items):
        """The next poll brings these items, and no others that were not held before."""
        polled, answers = self.newspaper.answers(self.poll)
        fresh = set(shown(polled)) - self.held
        self.held |= fresh
        assert sorted(fresh) == expected(items, self.newspaper.base, polled, self.reader, self.suffix), self.folder
        assert [status for status, _ in answers] == [self._status(bool(items))], self.folder
        self.changes += bool(items)

    def _status(self, is_changed):
        if not is_changed and self.reader.polls_to_validators:
            return 304
        return 226 if self.reader.asks_for_deltas and self.changes >= self.reader.whole_first else 200


def _is_served(newspaper, article):
    return article.headline.encode() in newspaper.get("/feed.json").body
