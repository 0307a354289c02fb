"""What the front page shows, and what an article's page leads to."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedsite import related as relations
from feedsite.front import front
from feedsite.index.edition import Edition
from feedsite.model import NEVER, Category, Correction, Withdrawal
from feedsite.paging import first_page
from feedsite.sitecollections import Collections

from .support.beside import front_of, related_of
from .support.builders import entry, index, settings, site
from .support.golden import NOW
from .support.laws import few
from .support.rows import rows

HOUR = timedelta(hours=1)
NOTICE = Correction(at=NOW - 7 * HOUR, note="No.", announce=True)


def category(label, scheme):
    return Category(term=label.lower(), label=label, scheme=scheme)


CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "section": st.sampled_from(["World", "World/Asia", "Sport"]).map(lambda label: category(label, "section")),
        "tags": st.lists(st.sampled_from(["Rail", "Trams", "Ports", "Silk"]), max_size=4, unique=True).map(
            lambda labels: tuple(category(label, "tag") for label in labels)
        ),
        "pin": st.just(True),
        "corrections": st.just((NOTICE,)),
        "withdrawal": st.booleans().map(lambda announce: Withdrawal(at=NOW, reason="No.", announce=announce)),
    },
)


def html(held, path):
    return held.find(path).body.decode()


def made(number, change):
    hours, more = change
    moment = NEVER if hours is None else NOW + hours * HOUR
    return entry(
        f"a{number:02}", published=moment, updated=moment, **more | {"pin": "pin" in more and "withdrawal" not in more}
    )


ENTRIES = st.lists(st.tuples(st.sampled_from([*range(-30, 2), None]), CHANGES), max_size=40).map(
    lambda changes: [made(number, change) for number, change in enumerate(changes)]
)


@few
@given(ENTRIES)
def test_each_of_the_newest_articles_stands_on_the_front_page_once(entries):
    """Law: the front page is what its rules say; all that its first page lists stands there, and nothing twice, nor is
    a withdrawal told twice.
    """
    edition = Edition(index(*entries), NOW)
    collections = Collections(edition, settings())
    page = first_page("/", edition.everything.size)
    listed = edition.everything.stretch(page.first, page.size)
    found = front(edition, collections.shown, listed)
    items = rows(entries, NOW)["/"][1][: page.size]
    top, newest, blocks, others = front_of(entries, items, [one.path for one in collections.shown], NOW)
    ids = found.of(lambda row: row.id)
    assert ([ids.lead] if ids.lead else []) + list(ids.seconds) == [item.id for item in top]
    assert list(ids.newest) == [item.id for item in newest]
    shown = [(block.section.path, list(block.items)) for block in ids.blocks]
    assert shown == [(path, [item.id for item in block]) for path, block in blocks]
    assert list(ids.others) == [item.id for item in others]
    assert len(set(ids)) == len(list(ids))
    told = {row.number for row in listed if row.part == "#withdrawn"}
    assert set(ids) >= {row.id for row in listed if row.part or not (row.is_withdrawn and row.number in told)}
    assert not any(row.number in told and not row.part for row in found)


@few
@given(ENTRIES, st.sampled_from([(), ("silk",), ("silk", "rail")]))
def test_an_article_leads_to_older_ones_of_its_section_and_tags(entries, series):
    """Law: each article's page leads to what the rules say, whether it is asked for alone or all are walked."""
    edition = Edition(index(*entries), NOW)
    by_id = {one.id: one for one in entries}
    walk = relations.Walk(edition, series)
    for row in edition.all(is_oldest_first=True):
        found = relations.related(edition, series, row)
        assert walk.next(row) == found
        named = found.of(lambda row: row.id)
        section, tags, part = related_of(entries, by_id[row.id], series, NOW)
        assert (list(named.section), list(named.tags)) == ([one.id for one in section], [one.id for one in tags])
        right = part and (part[0], *(one and one.id for one in part[1:]))
        assert (named.part and (named.part.number, named.part.older, named.part.newer)) == right


def test_a_list_tells_a_withdrawal_once():
    """A page has the notice or, without one, the article with a title that says it; feeds have both."""
    where = {"section": category("World", "section")}
    announced, quiet = (
        entry(
            name,
            title=f"Withdrawn: {name}",
            body="",
            published=NOW - 2 * HOUR,
            updated=NOW - HOUR,
            withdrawal=Withdrawal(at=NOW - HOUR, reason="No.", announce=name == "announced"),
            **where,
        )
        for name in ("announced", "quiet")
    )
    held = site(announced, quiet, entry("sound", **where))
    for path in ("/", "/world/"):
        page = html(held, path)
        assert [page.count(f">Withdrawn: {name}<") for name in ("announced", "quiet")] == [1, 1]
        assert page.count('withdrawn" lang') == 1
        assert page.index(">Withdrawn: announced<") < page.index(">Withdrawn: quiet<")
    assert html(held, "/world/feed.atom").count("<title>Withdrawn: announced</title>") == 2


def test_an_article_of_a_series_leads_once_to_each_part():
    """What lies beside an article in time is not told again where it is the part before or behind it."""
    rail, moment = {"tags": (category("Rail", "tag"),)}, NOW - 9 * HOUR
    one, two, three = (
        entry(f"part-{number}", published=moment + number * HOUR, updated=moment + number * HOUR, **rail)
        for number in range(3)
    )
    other = entry("other", published=moment + 3 * HOUR, updated=moment + 3 * HOUR)
    page = html(site(one, two, three, other, series=("rail",)), two.path)
    assert (page.count("← Earlier"), page.count("Later →")) == (1, 1)
    page = html(site(one, two, three, other, series=("rail",)), three.path)
    assert (page.count("← Earlier"), page.count("Later →")) == (1, 1)
    assert f'class="newer" href="{other.path}"' in page


def test_the_newest_pin_leads_until_a_newer_one():
    """An article with a pin leads, however old it is; one that is scheduled or withdrawn does not."""
    old, older = (entry(name, published=NOW - hours * HOUR, pin=True) for name, hours in (("old", 900), ("older", 950)))
    soon = entry("soon", published=NOW + HOUR, pin=True)
    many = [entry(f"n{number}", published=NOW - number * HOUR) for number in range(60)]

    def lead(*entries, now=NOW):
        edition = Edition(index(*entries), now)
        return front(edition, (), edition.everything.stretch(20, 40)).lead.id

    assert lead(old, older, soon, *many) == old.id
    assert lead(old, soon, *many, now=NOW + HOUR) == soon.id
    assert lead(*many) == many[0].id
