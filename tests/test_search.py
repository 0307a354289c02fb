"""What the search in an index finds, whatever happened to the articles before."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsite import searchwords
from feedsite.collection import names_of
from feedsite.index import search, searchwriter
from feedsite.index.database import Database, TooLong
from feedsite.index.index import Index
from feedsite.index.search import MOST, Asked
from feedsite.index.searchschema import UNORDERED
from feedsite.index.searchtext import text_of
from feedsite.model import NEVER, UNDATED, Category, Correction, Enclosure, Image, Nav, Person, Withdrawal
from feedsite.queries import Phrase, read

from .support.builders import entry, index, put, read_result
from .support.golden import NOW

SECONDS = int(NOW.timestamp())
LATE = SECONDS + 10**6
WITHDRAWAL = Withdrawal(at=NOW, reason="Its source was wrong.")


def ready(held):
    while held.tend_search(1):
        pass
    return held


def found(held, query="", now=SECONDS, **asked):
    """The titles of what is found, the newest first."""
    asked = Asked(phrases=read(query).phrases if query else (), **asked)
    return titles(held, search.found(held, asked, now))


def titles(held, answer):
    return [held.entry(row.number).title for row in search.rows(held, answer.places)]


def unordered(held):
    """The index, as it is where the rows of the search are not in the order of the moments."""
    with held.database.writing() as connection:
        connection.execute("INSERT INTO meta VALUES (?, 1)", (UNORDERED,))
    return held


def is_ordered(held):
    with held.reading() as view:
        return searchwriter.is_ordered(view)


def at(minutes, name, **fields):
    published = datetime(2026, 11, 22, 8, tzinfo=UTC) + timedelta(minutes=minutes)
    return entry(name, **{"title": name, "published": published, "updated": published} | fields)


PAGE = entry("page", title="Page", published=UNDATED, updated=UNDATED, nav=Nav())


class TestFields:
    EVERYWHERE = entry(
        title="Alpha",
        is_summary_written=True,
        summary="Beta",
        body="<h2>Gamma</h2><p>del<em>ta</em></p>",
        image=Image(src="https://news.example/images/a.png", alt="Epsilon", caption="Zeta", credit="Eta"),
        enclosures=(Enclosure(url="https://news.example/audio/a.mp3", type="audio/mpeg", title="Theta"),),
        section=Category(scheme="section", term="world", label="Iota"),
        tags=(Category(scheme="tag", term="kappa", label="Kappa"),),
        authors=(Person(name="Lambda Mu"),),
        contributors=(Person(name="Nu"),),
        corrections=(Correction(at=NOW, note="Xi"),),
    )

    @pytest.mark.parametrize("word", "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi".split())
    def test_an_article_is_found_by_each_of_its_words(self, word):
        assert found(ready(index(self.EVERYWHERE)), word) == ["Alpha"]

    @pytest.mark.parametrize("phrase", ['"alpha beta"', '"mu nu"', '"beta gamma"'])
    def test_no_phrase_is_found_across_two_fields(self, phrase):
        assert found(ready(index(self.EVERYWHERE)), phrase) == []

    def test_a_summary_that_is_the_beginning_of_the_text_counts_once(self):
        assert found(ready(index(entry(summary="Elsewhere"))), "elsewhere") == []

    @pytest.mark.parametrize(
        ("body", "text"),
        [
            ("<p>a<strong>b</strong>c</p><p>d</p>", "abc d"),
            ('<p>a <a href="https://x.example/?a=1&amp;b=>">b</a> &amp; c</p>', "a b & c"),
            ("<ul><li>a</li><li>b</li></ul>x", "a b x"),
            ('<p>a<sup class="footnote-reference"><a href="#1">1</a></sup> b</p>', "a b"),
            ("<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京</ruby></p>", "東京"),
            ('<img alt="a > b" src="x">c', "c"),
        ],
    )
    def test_the_text_of_an_article_has_no_tags(self, body, text):
        assert " ".join(text_of(body).split()) == text


class TestOrder:
    def test_the_newest_comes_first(self):
        held = ready(index(at(2, "b"), at(1, "a"), at(3, "c")))
        assert found(held, "vienna") == ["c", "b", "a"]

    def test_an_article_between_others_has_its_place(self):
        held = ready(index(at(0, "first"), at(1000, "last")))
        for minute in (500, 250, 750, 499, 498, 501, 502, 1, 999, 998):
            put(held, at(minute, f"{minute}"))
            ready(held)
        names = ["last", "999", "998", "750", "502", "501", "500", "499", "498", "250", "1", "first"]
        assert found(held, "vienna", LATE) == names

    def test_any_number_of_articles_fits_between_two_others(self):
        held = ready(index(at(0, "first"), at(1000, "last")))
        put(held, *(at(minute / 2, f"{minute}") for minute in range(1, 300)))
        assert found(ready(held), "vienna", LATE) == ["last", *(f"{minute}" for minute in range(299, 0, -1)), "first"]
        assert not is_ordered(held)

    def test_articles_that_appear_before_scheduled_ones_and_pages_leave_the_rows_in_order(self):
        held = ready(index(PAGE, at(0, "first"), at(24 * 60, "tomorrow")))
        for hour in range(1, 24):
            put(held, at(60 * hour, f"{hour}"))
            ready(held)
        names = ["Page", "tomorrow", *(f"{hour}" for hour in range(23, 0, -1)), "first"]
        assert found(held, "vienna", SECONDS + 2 * 86400, has_pages=True) == names
        assert is_ordered(held)

    def test_an_article_that_is_due_later_is_found_then(self):
        later = at(0, "later", published=NOW + timedelta(hours=1))
        held = ready(index(at(0, "now"), later))
        assert found(held, "vienna") == ["now"]
        assert found(held, "vienna", SECONDS + 3600) == ["later", "now"]

    def test_where_every_article_is_due_later_nothing_is_found(self):
        held = ready(index(at(0, "later", published=NOW + timedelta(hours=1))))
        assert found(held, "vienna") == found(held, "vienna", has_pages=True) == []

    def test_of_very_many_the_newest_are_found_and_no_more_is_counted(self):
        held = ready(index(*(at(minute, f"{minute}") for minute in range(MOST + 5))))
        answer = search.found(held, Asked(phrases=read("vienna").phrases), LATE)
        assert (len(answer.places), answer.is_more) == (MOST, True)
        assert titles(held, answer)[0] == f"{MOST + 4}"


class TestBeginnings:
    HELD = staticmethod(lambda: ready(index(at(0, "night quarters"), at(1, "quartered at night"), at(2, "quays"))))

    @pytest.mark.parametrize("beginning", ["q", "qu", "qua", "quar", "quart"])
    def test_a_beginning_of_any_length_finds_what_begins_with_it(self, beginning):
        longer = ["quartered at night", "night quarters"]
        assert found(self.HELD(), f"{beginning}*") == (["quays", *longer] if len(beginning) < 4 else longer)

    def test_a_beginning_beside_a_phrase_is_found(self):
        assert found(self.HELD(), '"at night" qu*') == ["quartered at night"]
        assert found(self.HELD(), '"night quarters" xy*') == []

    def test_a_word_is_no_beginning(self):
        assert found(self.HELD(), "qu") == found(self.HELD(), "nigh") == []


class TestLists:
    HELD = staticmethod(lambda: ready(index(at(0, "a", section=RAIL), at(1, "b", tags=(TRADE,)), at(2, "c"))))

    def test_a_collection_and_those_above_it_have_the_article(self):
        held = self.HELD()
        assert found(held, lists=(("section/world/asia",),)) == ["a"]
        assert found(held, lists=(("section/world",),)) == ["a"]
        assert found(held, lists=(("tag/trade", "section/world"),)) == ["b", "a"]
        assert found(held, lists=(("tag/trade",), ("section/world",))) == []
        assert found(held, lists=(("tag/none",),)) == found(held, lists=((),)) == []

    @pytest.mark.parametrize(
        ("since", "until", "names"),
        [
            (None, None, ["new", "mid", "old"]),
            ("2020-05-01", None, ["new", "mid"]),
            (None, "2020-05-01", ["old"]),
            ("2020-05-01", "2021-01-01", ["mid"]),
            ("1000-01-01", "9999-01-01", ["new", "mid", "old"]),
            ("2021-01-01", "2020-01-01", []),
            ("2021-01-01", None, ["new"]),
            (None, "1969-01-01", []),
        ],
    )
    def test_a_time_has_its_articles(self, since, until, names):
        days = {"old": datetime(1980, 1, 1, tzinfo=UTC), "mid": datetime(2020, 5, 1, tzinfo=UTC), "new": NOW}
        entries = (
            entry(name, title=name, published=day, updated=day, day=(day + timedelta(hours=14)).date())
            for name, day in days.items()
        )
        begin, end = (day and int(datetime.fromisoformat(f"{day}T00:00Z").timestamp()) for day in (since, until))
        held = ready(index(*entries))
        assert found(held, "vienna", since=begin, until=end) == names
        assert found(unordered(held), "vienna", since=begin, until=end) == names

    def test_a_time_alone_has_its_articles(self):
        held = ready(index(at(0, "a"), at(60 * 24, "b"), PAGE))
        assert found(held, since=SECONDS - 86400, now=LATE) == ["b", "a"]
        assert found(unordered(held), since=SECONDS - 86400, now=LATE) == ["b", "a"]


RAIL = Category(scheme="section", term="world/asia", label="World/Asia")
TRADE = Category(scheme="tag", term="trade", label="Trade")


class TestChanges:
    def test_an_edit_is_found_in_the_commit_that_has_it(self):
        held = ready(index(at(0, "a")))
        with held.writing():
            put(held, at(0, "a", body="<p>Salzburg</p>"))
            held.add_to_search(1)
        assert (found(held, "salzburg"), found(held, "vienna")) == (["a"], [])

    @pytest.mark.parametrize(
        "gone",
        [
            {"withdrawal": WITHDRAWAL, "body": "", "title": "Withdrawn: a"},
            {"published": NEVER},
        ],
    )
    def test_a_withdrawn_article_and_a_draft_are_not_found(self, gone):
        held = ready(index(at(0, "a"), at(1, "b")))
        put(held, at(0, "a", **gone))
        assert found(held, "vienna") == ["b"]
        assert found(ready(held), "vienna") == ["b"]
        put(held, at(0, "a"))
        assert found(ready(held), "vienna") == ["b", "a"]

    def test_the_words_of_what_is_gone_are_nowhere_in_the_files(self, tmp_path):
        """Also where they stood in a part of the index that had been written long before."""
        path = tmp_path / "index.sqlite"
        held = Index(path)
        secrets = {
            name: f"<p>Vienna {name}secretum{'x' * 50}</p>" for name in ("kept", "withdrawn", "draft", "deleted")
        }
        put(held, *(at(number, name, body=body) for number, (name, body) in enumerate(secrets.items())))
        ready(held)
        put(held, *(at(number, f"{number}") for number in range(10, 300)))
        ready(held)
        assert {name for name in secrets if f"{name}secretum" in _bytes(path)} == set(secrets)
        put(held, at(1, "withdrawn", withdrawal=WITHDRAWAL, body="", title="Withdrawn: withdrawn"))
        put(held, at(2, "draft", published=NEVER, body="<p>Empty.</p>"))
        with held.writing() as writer:
            writer.settle(writer.drop(at(3, "deleted").source))
        ready(held)
        assert {name for name in secrets if f"{name}secretum" in _bytes(path)} == {"kept"}
        held.close()

    def test_another_process_that_writes_takes_out_what_it_changes(self, tmp_path):
        server, build = (Index(tmp_path / "index.sqlite") for _ in range(2))
        put(server, at(0, "a"), at(1, "b"))
        ready(server)
        put(build, at(0, "a", withdrawal=WITHDRAWAL, body="", title="Withdrawn: a"), at(2, "c"))
        assert found(build, "vienna") == ["b"]
        assert found(ready(server), "vienna") == ["c", "b"]
        server.close()
        build.close()

    def test_a_text_that_is_read_again_unchanged_is_left_as_it_is(self):
        held = ready(index(at(0, "a"), at(1, "b")))
        put(held, at(0, "a"), at(1, "b", body="<p>Vienna, again</p>"))
        with held.reading() as view:
            assert view.execute("SELECT count(*) FROM unsearched").fetchone() == (1,)
        assert found(ready(held), "vienna") == ["b", "a"]

    def test_it_is_filled_a_little_at_a_time(self):
        held = index(*(at(minute, f"{minute}") for minute in range(300)))
        assert held.tend_search(0)
        with held.reading() as view:
            assert searchwriter.exists(view)
            assert not searchwriter.is_ready(view)
        while held.tend_search(0):
            pass
        with held.reading() as view:
            assert searchwriter.is_ready(view)
        assert len(found(held, "vienna", LATE)) == 300

    def test_an_index_without_a_search_has_no_work_with_it(self):
        held = index(at(0, "a"))
        assert not held.add_to_search(1)
        with held.reading() as view:
            assert not view.execute("SELECT 1 FROM sqlite_schema WHERE name LIKE 'search%'").fetchone()


def test_a_question_that_takes_too_long_is_given_up(tmp_path):
    database = Database(tmp_path / "a.sqlite", "", 7)
    endless = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(TooLong), database.limited(0.01) as view:
        view.execute(endless).fetchone()
    with database.reading() as view:
        assert view.execute("SELECT 1").fetchone() == (1,)
    database.close()


WORDS = st.sampled_from("a b ab Café cafe 日本 本 日 ça".split())
STATES = st.sampled_from(["public", "public", "withdrawn", "draft", "gone"])
STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 3), st.lists(WORDS, max_size=5), STATES, st.booleans()), max_size=12
)


@given(
    STEPS,
    st.lists(st.tuples(st.lists(WORDS, min_size=1, max_size=2), st.booleans()), min_size=1, max_size=2),
    st.booleans(),
)
@settings(deadline=None)
def test_it_finds_what_a_reader_of_all_articles_would_find(steps, phrases, is_ordered):
    """After any changes: an article that has all the phrases, the last word of each perhaps only begun. Also where the
    rows of the search are taken to be in no order.
    """
    held, standing = ready(index()), {}
    if not is_ordered:
        unordered(held)
    for number, minutes, text, state, is_tended in steps:
        name = f"n{number}"
        changes = {"withdrawal": WITHDRAWAL, "body": ""} if state == "withdrawn" else {}
        one = at(minutes, name, **{"body": f"<p>{' '.join(text)}</p>"} | changes)
        one = at(0, name, published=NEVER, body=one.body) if state == "draft" else one
        with held.writing() as writer:
            writer.settle(writer.drop(one.source) if state == "gone" else writer.put(read_result(one)))
            held.add_to_search(1)
        standing[name] = (one.published, one.source, text if state == "public" else None)
        if is_tended:
            ready(held)
    asked = tuple(Phrase(searchwords.words(" ".join(each)), is_beginning) for each, is_beginning in phrases)
    expected = sorted(
        (published, source, name)
        for name, (published, source, text) in standing.items()
        if text is not None and all(_has(searchwords.words(" ".join(text)), phrase) for phrase in asked)
    )
    assert titles(held, search.found(held, Asked(phrases=asked), LATE)) == [name for *_, name in reversed(expected)]


def _has(words, phrase):
    """Whether the words of a text have the phrase."""
    *whole, last = phrase.words
    size = len(phrase.words)
    return any(
        list(words[start : start + size - 1]) == whole
        and (words[start + size - 1].startswith(last) if phrase.is_beginning else words[start + size - 1] == last)
        for start in range(len(words) - size + 1)
    )


def _bytes(path):
    files = [Path(f"{path}{suffix}") for suffix in ("", "-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists()).decode("latin-1")


def test_every_collection_of_an_article_has_a_word_of_its_own():
    one = entry(section=RAIL, tags=(TRADE,))
    held = ready(index(one))
    assert all(found(held, lists=((key,),)) for key in names_of(one))
