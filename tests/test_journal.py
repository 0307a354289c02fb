"""The journal of an index: what changed between two states of it."""

from contextlib import closing

import pytest

from feedsite.index.index import Index
from feedsite.index.journal import Touched, news, position
from feedsite.index.rows import Item
from feedsite.index.sortname import sort_name

from .support.builders import entry, index, journalled, put, read_result

NOW = 2**40  # seconds


@pytest.fixture
def held():
    """An index whose first scan had two articles."""
    return journalled(entry("a"), entry("b"))


def since(held, former):
    return news(held, former.row, position(held).row, NOW, NOW)


def rows(held):
    with held.reading() as view:
        return view.execute("SELECT count(*) FROM journal").fetchone()[0]


def test_nothing_is_journalled_before_the_first_scan_is_committed(held):
    """A first scan of any size leaves no row, and until it is committed an index has no position in a journal."""
    assert position(index(entry("a"))) is None
    assert rows(held) == 0
    assert since(held, position(held)).paths == set()


def test_an_edit_of_a_body_is_one_row(held):
    """An edit of a body changes no list: the article is journalled, and the items that it is in each collection."""
    former = position(held)
    put(held, entry("a", body="<p>Another.</p>\n"))
    found = since(held, former)
    item = Item(int(entry("a").published.timestamp()), sort_name(entry("a").source), "")
    assert rows(held) == 1
    assert found.paths == {"/2026/11/a/"}
    assert found.collections["everything"] == Touched(mended={item: False})
    assert found.collections.keys() == {
        "everything",
        "author/the-meridian",
        "date/2026",
        "date/2026/11",
        "language/en",
    }


def test_a_first_scan_takes_no_more_steps_for_an_article_in_a_large_site():
    """SQLite's steps grow with the number of articles, for no trigger looks through a table."""

    def steps(count):
        counted, made = [], Index()
        with made.writing() as writer:
            for number in range(count):
                writer.put(read_result(entry(f"n{number}")))
        with made.database.writing() as connection:
            connection.set_progress_handler(lambda: counted.append(1) and None, 100)
            connection.execute("UPDATE file SET stands = 1")
            connection.set_progress_handler(None, 0)
        return len(counted)

    assert steps(200) < 3 * steps(100)


def test_an_article_that_came_and_went_again_is_touched_at_most(held):
    """What came and went between two states came to no collection."""
    former = position(held)
    put(held, entry("c"))
    assert next(iter(since(held, former).collections["everything"].came)).sort_name == sort_name(entry("c").source)
    with held.writing() as writer:
        writer.settle(writer.drop(entry("c").source))
    found = since(held, former)
    assert not any(one.came or one.gone for one in found.collections.values())
    assert found.paths == {"/2026/11/c/"}


def test_a_picture_is_journalled_when_its_file_changes(held):
    """A picture that is looked at again, or gets its digest, is no news; article_row stays whatever pictures do."""
    former = position(held)
    for size, digest in ((1, ""), (1, "digest"), (2, "")):
        with held.writing() as writer:
            writer.put_medium("images/a.png", "image/png", (size, 1, 1, 1), digest)
    assert rows(held) == 2
    assert since(held, former).paths == {"/images/a.png"}
    assert position(held) == former._replace(row=2)


def test_the_journal_keeps_its_latest_rows(held):
    """The journal keeps 20,000 rows. What changed since an earlier state is unknown."""
    former = position(held)
    with held.database.writing() as connection:
        connection.executemany("INSERT INTO journal (medium) VALUES (?)", (("a",) for _ in range(20_000)))
    assert since(held, former) is not None
    put(held, entry("a", body="<p>Another.</p>\n"))
    assert rows(held) == 20_000
    assert since(held, former) is None
    assert since(held, former._replace(row=1)) is not None


def test_a_state_that_the_index_never_had_is_unknown(held):
    """An index that was restored from an older copy does not know what changed since a later state."""
    put(held, entry("c"))
    assert news(held, position(held).row + 1, position(held).row + 1, NOW, NOW) is None


def test_each_index_has_a_journal_of_its_own(tmp_path, held):
    """A copy in memory, which goes on by itself, has another journal; an index that is opened again has the same."""
    assert position(held.in_memory()).journal != position(held).journal
    with closing(Index(tmp_path / "index.sqlite")) as kept:
        with kept.writing() as writer:
            writer.begin_journal()
            writer.begin_journal()
        with closing(Index(tmp_path / "index.sqlite")) as again:
            assert position(again) == position(kept)
