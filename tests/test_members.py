"""The items of a collection at one moment: the index answers as a list of all articles would."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.collection import EVERYTHING, path_of
from feedsite.index.edition import Edition
from feedsite.index.unusable import Unusable
from feedsite.model import NEVER, Category, Correction, Person, Withdrawal

from .support.builders import entry, index, read_result, standing
from .support.laws import few
from .support.rows import rows

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECTIONS = (None, "world", "world/asia", "culture")
TAGS = ("rail", "sea", "日本")
KEYS = [EVERYTHING, "section/world", "section/world/asia", "section/culture", *(f"tag/{tag}" for tag in TAGS)]
KEYS += [
    "corrections",
    "author/mina-sato",
    "author/wire",
    "language/en",
    "language/ja",
    "date/2026",
    "date/2026/11",
    "tag/nowhere",
]


def article(name, hours, section, tags, author, language, notices):
    moment = NEVER if hours is None else NINE + hours * HOUR
    later = moment if hours is None else moment + 40 * HOUR
    return entry(
        name,
        corrections=tuple(
            Correction(at=later, note=note, announce=note == "loud") for note in notices if note != "gone"
        ),
        withdrawal=Withdrawal(at=later, reason="It was wrong.", announce=len(notices) > 1)
        if "gone" in notices
        else None,
        published=moment,
        updated=moment,
        day=moment.date(),
        section=section and Category(term=section, label=section.title(), scheme="section"),
        tags=tuple(Category(term=tag, label=tag.upper(), scheme="tag") for tag in sorted(tags)),
        authors=(Person(name=author),),
        language=language,
    )


ARTICLE = st.tuples(
    st.none() | st.integers(-900, 30),
    st.sampled_from(SECTIONS),
    st.sets(st.sampled_from(TAGS)),
    st.sampled_from(["Mina Sato", "Wire"]),
    st.sampled_from(["en", "ja"]),
    st.lists(st.sampled_from(["loud", "quiet", "gone"]), max_size=2, unique=True),
)
ARTICLES = st.dictionaries(st.sampled_from("abcdefgh"), ARTICLE, max_size=8).map(
    lambda said: [article(name, *fields) for name, fields in said.items()]
)
NAMED = st.sets(st.sampled_from(KEYS), min_size=1, max_size=3)


def members_of(entries, of, without, now):
    """By the rules alone: newest first, those in one of these collections, and in none of the others."""
    collections = rows(standing(entries), now)
    of, without = (
        {item.id for key in keys if path_of(key) in collections for item in collections[path_of(key)][1]}
        for keys in (of, without)
    )
    return [item.id for item in every_item(collections) if item.id in of - without]


def every_item(collections):
    """All items of a site, newest first."""
    found = {item.id: item for path in ("/", "/corrections/") if path in collections for item in collections[path][1]}
    return sorted(found.values(), key=lambda one: one.age, reverse=True)


@few
@given(ARTICLES, NAMED, st.sets(st.sampled_from(KEYS), max_size=2), st.integers(-900, 30), st.data())
def test_a_collection_has_its_articles_and_no_others(entries, of, without, hours, data):
    """The law, for one collection and for any mix: size, window, every stretch, all, oldest; drafts are in none."""
    now = NINE + hours * HOUR
    asked, right = Edition(index(*entries), now), members_of(entries, of, without, now)
    members = asked.members(sorted(of), sorted(without))
    assert [row.id for row in members.all()] == [asked.entry(row).id for row in members.all()] == right
    assert members.size == len(right)
    assert members.window(3, timedelta()) == list(members.all())[:3]
    assert (members.oldest and members.oldest.id) == (right[-1] if right else None)
    first = data.draw(st.integers(0, len(right)))
    size = data.draw(st.integers(0, len(right) - first))
    assert [row.id for row in members.stretch(first, size)] == right[::-1][first : first + size][::-1]


@few
@given(ARTICLES, ARTICLES, st.integers(-900, 30))
def test_after_an_edit_each_collection_is_as_if_made_anew(before, after, hours):
    """The law: articles that come, go, move to another section or change their tags leave nothing behind."""
    now = NINE + hours * HOUR
    held = index(*before)
    with held.writing() as writer:
        touched = set()
        for one in before:
            if one.source not in {other.source for other in after}:
                touched |= writer.drop(one.source)
        for one in after:
            touched |= writer.put(read_result(one))
        writer.settle(touched)
    edited, anew = Edition(held, now), Edition(index(*after), now)
    for key in KEYS:
        left, right = (
            [row._replace(number=0, items="") for row in one.members((key,)).all()] for one in (edited, anew)
        )
        assert left == right
        assert edited.members((key,)).size == anew.members((key,)).size
    assert [path_of(key) for key in edited.keys() if key != EVERYTHING] == sorted(  # noqa: SIM118  # no dict
        rows(standing(after)).keys() - {"/"}, key=edited_order
    )


def edited_order(path):
    """The order of keys: by kind, then by name."""
    kinds = {"tag": "tag", "author": "author", "language": "language", "corrections": "corrections"}
    first = path.strip("/").partition("/")[0]
    kind = kinds.get(first, "date" if first.isdigit() else "section")
    return kind if kind == first == path.strip("/") else f"{kind}/{path.strip('/').removeprefix(f'{kind}/')}"


@few
@given(ARTICLES, NAMED)
def test_months_hold_each_item_once(entries, of):
    """The law: from the newest month back, and from the oldest on, months meet every item of a collection once."""
    now = NINE + 30 * HOUR
    members = Edition(index(*entries), now).members(sorted(of))
    back, second = [], int(now.timestamp()) + 1
    while month := members.month_before(second):
        assert month.size == len(members.of_month(month, 0, 100)) > 0
        back.append(month)
        second = month.begin
    on, second = [], -(10**10)
    while month := members.month_from(second):
        on.append(month)
        second = month.end
    assert back == on[::-1]
    assert [row for month in back for row in members.of_month(month, 0, 100)] == list(members.all())


@pytest.mark.parametrize("count", [999, 1000, 2100])
def test_a_long_list_of_one_second_is_asked_for_in_parts_that_join(count):
    """Where a part ends among articles of one second, none is left out and none comes twice."""
    ids = [f"{number}" for number in range(count)]
    asked = Edition(index(*(entry(name, id=name) for name in ids)), NINE)
    assert [row.id for row in asked.members(("language/en", "date/2026")).all()] == ids[::-1]


@pytest.mark.parametrize("column", ["face", "digest", "address", "is_withdrawn"])
def test_a_row_that_was_never_written_so_is_damage(column):
    """A page of the index that became another one gives values of other types: no caller meets them."""
    held = index(entry("a"))
    with held.database.writing() as connection:
        connection.execute(f"UPDATE file SET {column} = NULL")  # noqa: S608  # one of the columns above
    asked = Edition(held, NINE)
    for rows_of in (asked.everything.window, lambda *_: list(asked.all()), lambda *_: list(asked.everything.all())):
        with pytest.raises(Unusable) as error:
            rows_of(9, HOUR)
        assert error.value.is_damaged
