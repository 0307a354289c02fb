"""Which paths may have changed between two states of a site: all that did, and few others."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite import archives, feeds, paging
from feedsite.export import manifest
from feedsite.export.manifest import UNKNOWN, Row
from feedsite.export.names import planned, planned_since, unusual_path
from feedsite.folder.mediafiles import Media
from feedsite.index.edition import Edition
from feedsite.index.index import Index
from feedsite.model import NEVER, UNDATED, Category, Correction, Nav, Person, Withdrawal
from feedsite.plan import Plan
from feedsite.settings import NamedMix, Section
from feedsite.shifts import slots
from feedsite.site import Site

from .support.builders import entry, read_result, settings
from .support.golden import NOW
from .support.laws import seldom

HOUR = timedelta(hours=1)
SECTIONS = {"world": Section(title="World")}
MIXES = {
    "quiet": NamedMix(of=("section/world", "tag/rail"), without=("author/mina-sato",)),
    "ours": NamedMix(of=("section/sport", "author/mina-sato"), title="Ours"),
}
SIGNATURE = (1, 2, 3, 4)


def category(label, scheme):
    return Category(term=label.lower(), label=label, scheme=scheme)


def made(name, hours, **changes):
    """An article of so many hours from now; a draft where they are None."""
    moment = NEVER if hours is None else NOW + hours * HOUR
    sound = {"published": moment, "updated": moment, "day": moment.date(), "path": f"/{moment:%Y/%m}/{name}/"}
    return entry(name, **(sound | changes))


def standing_page(name, **changes):
    """A standing page; its address may be that of a section."""
    sound = {"source": f"pages/{name}.yaml", "id": name, "path": f"/{name}/", "authors": (), "nav": Nav()}
    moments = {"published": UNDATED, "updated": UNDATED, "day": UNDATED.date()}
    aliases = tuple(alias for alias in changes.pop("aliases", ()) if alias != sound["path"])  # as pagefile reads them
    return entry(name, **(sound | moments | changes), aliases=aliases)


HOURS = st.sampled_from([-1600, -800, -799, -798, -50, -5, -4, -3, -2, -1, 0, 1, 2, 3, None])
NOTICES = st.sampled_from([-700, -3, -1, 1, 2]).map(lambda hours: NOW + hours * HOUR)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["One", "Two"]),
        "body": st.sampled_from(["<p>One.</p>\n", "<p>Two.</p>\n"]),
        "section": st.sampled_from(["World", "WORLD", "World/Asia", "Sport", "SPORT"]).map(
            lambda label: category(label, "section")
        ),
        "tags": st.lists(st.sampled_from(["Rail", "RAIL", "Trams"]), max_size=2, unique_by=str.lower).map(
            lambda labels: tuple(category(label, "tag") for label in labels)
        ),
        "authors": st.sampled_from([(Person(name="Mina Sato"),), (Person(name="mina sato"),)]),
        "language": st.sampled_from(["en", "ja", "JA"]),
        "corrections": st.builds(
            lambda at, announce: (Correction(at=at, note="No.", announce=announce),), NOTICES, st.booleans()
        ),
        "withdrawal": st.builds(
            lambda at, announce: Withdrawal(at=at, reason="No.", announce=announce), NOTICES, st.booleans()
        ),
        "aliases": st.sampled_from([("/old",), ("/old", "/older/"), ("/sport/",), ("/quiet/",)]),
        "path": st.sampled_from(["/2026/11/slug/", "/2026/11/a/"]),
        "id": st.sampled_from(["tag:a", "tag:b"]),
        "pin": st.just(True),
    },
)
PUT = st.tuples(st.sampled_from("abcdefgh"), st.tuples(HOURS, CHANGES) | st.none())
PAGE = st.tuples(
    st.sampled_from(["pages/about", "pages/sport", "pages/other"]),
    st.fixed_dictionaries(
        {},
        optional={
            "title": st.sampled_from(["One", "Two"]),
            "body": st.sampled_from(["<p>One.</p>\n", "<p>Two.</p>\n"]),
            "nav": st.builds(Nav, order=st.sampled_from([None, 1])),
            "published": st.sampled_from([UNDATED, NEVER]),
            "aliases": st.sampled_from([("/old",), ("/sport/",), ("/quiet/",)]),
        },
    )
    | st.none(),
)
EDIT = PUT | PAGE | st.tuples(st.sampled_from(["/images/a.png", "/audio/b.mp3"]), st.integers(0, 2))
STEPS = st.lists(st.tuples(st.lists(EDIT, max_size=3), st.sampled_from([0, 0, 0, 1, 2, -1])), min_size=2, max_size=5)


def commit(index, edits):
    """Writes some edits to an index in one transaction, as a commit of a folder's changes does."""
    with index.writing() as writer:
        touched = set()
        for name, change in edits:
            if name.startswith("/"):
                if change:
                    shape = (
                        f'{{"type": "image/png", "width": {900 * change}, "height": 600}}' if "images" in name else ""
                    )
                    writer.put_medium(name[1:], "image/png", (*SIGNATURE[:3], change), None, shape)
                else:
                    writer.drop_medium(name[1:])
            elif name.startswith("pages/"):
                page = standing_page(name.removeprefix("pages/"), **(change or {}))
                touched |= writer.drop(page.source) if change is None else writer.put(read_result(page))
            elif change is None:
                touched |= writer.drop(entry(name).source)
            else:
                touched |= writer.put(read_result(made(name, change[0], **change[1])))
        writer.settle(touched)


def first(*entries):
    """An index whose first scan had these articles."""
    index = Index()
    with index.writing() as writer:
        for each in entries:
            writer.put(read_result(each))
        writer.settle_all()
        writer.begin_journal()
    return index


def plan(index, hours=0, tmp_path=None, **changes):
    sound = {"window": 2, "sections": SECTIONS, "mixes": MIXES, "series": ("trams",), "archives": "all"} | changes
    return Plan(Edition(index, NOW + hours * HOUR), settings(**sound), Media(tmp_path, index))


def fingerprints(one):
    return {planned.path: planned.fingerprint for planned in one}


@pytest.fixture(scope="module", autouse=True)
def small():
    """Short pages, archive parts and feeds, so that few articles fill many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "PAGE_SIZE", 2)
        patch.setattr(archives, "SIZE", 2)
        patch.setattr(feeds, "RECENT", 3 * HOUR)
        yield


@seldom
@given(st.lists(PUT, max_size=8), STEPS)
def test_every_path_that_differs_is_among_the_changes(before, steps):
    """Law: between any two states of an index, each path that came, went or differs is among the changes, once.

    It comes with its later fingerprint, or as gone.
    """
    index = first(made("world", -2000, section=category("World", "section"), authors=(Person(name="Desk"),)))
    commit(index, before)
    clock = 0
    former = [plan(index)]
    known = [fingerprints(former[0])]
    for edits, hours in steps:
        commit(index, edits)
        clock += hours
        now = plan(index, clock)
        stands = fingerprints(now)
        for one, fingerprints_then in zip(former, known, strict=True):
            changes = list(now.changes(one.state))
            found = {path: planned and planned.fingerprint for path, planned in changes}
            assert len(found) == len(changes)
            differing = {
                path for path in {*stands, *fingerprints_then} if stands.get(path) != fingerprints_then.get(path)
            }
            assert differing - found.keys() == set()
            assert found == {path: stands.get(path) for path in found}
        former.append(now)
        known.append(stands)


def site(index, hours):
    one = plan(index, hours)
    return Site(one._edition, one._settings, one._media)


@seldom
@given(st.lists(PUT, max_size=8), STEPS, st.randoms())
def test_a_build_plans_the_same_by_its_manifest(before, steps, chance):
    """Law: by the manifest of an earlier build the same files are planned as without it, each with its fingerprint.

    Rows of unknown content, as killed builds leave them, change nothing, be there a file or not.
    """
    index = first(made("world", -2000, section=category("World", "section"), authors=(Person(name="Desk"),)))
    commit(index, before)
    clock = 0
    one = site(index, clock)
    built, state = planned(one), one.plan.state
    for edits, hours in steps:
        commit(index, edits)
        clock += hours
        rows = {
            name: Row(
                item.fingerprint if chance.random() < 0.9 else UNKNOWN, "", item.source, path=unusual_path(item.path)
            )
            for name, item in built.items()
        }
        unknown = {"gone/index.html": Row(UNKNOWN), "audio/gone.mp3": Row(UNKNOWN, path="/audio/gone.mp3")}
        written = manifest.from_bytes(manifest.to_bytes(rows | unknown, state))
        one = site(index, clock)
        now = planned(one)
        found = planned_since(one, written)
        assert found.keys() == now.keys()
        assert [replace(found[name], newest=0) for name in now] == [replace(item, newest=0) for item in now.values()]
        built, state = now, one.plan.state


@given(st.lists(st.booleans(), max_size=12), st.sets(st.integers(0, 11)), st.integers(1, 4))
def test_the_slots_that_differ_are_found_without_the_list(stood, touched, size):
    """Law: of a list cut into slots, those differ that would differ if both lists were compared whole."""
    before, after, events = [], [], []
    for number, is_there in enumerate(stood):
        came, went = number in touched and not is_there, number in touched and is_there and number % 2
        place = len(after)
        if is_there:
            before.append((number, 0))
        if came or (is_there and not went):
            after.append((number, int(number in touched and not came)))
        if number in touched:
            events.append((place, 1 if came else -1 if went else 0))
    cut = [[some[start : start + size] for start in range(0, 24, size)] for some in (before, after)]
    differing = {number for number, (old, new) in enumerate(zip(*cut, strict=True)) if old != new}
    assert slots(events, len(after), size) == differing


DISCOVERED = 20  # lists of what a site has, which show every article or how many there are


def long_site():
    """An index of 300 articles in four sections, five tags and two authors, five hours apart."""
    sections, tags, authors = ["World", "World/Asia", "Sport", "Culture"], ["Rail", "Trams", "Ports"], ["Ann", "Bo"]
    return first(
        *(
            made(
                f"n{number:03}",
                -5 * number - 1,
                section=category(sections[number % 4], "section"),
                tags=(category(tags[number % 3], "tag"),),
                authors=(Person(name=authors[number % 2]),),
            )
            for number in range(300)
        )
    )


@pytest.mark.parametrize(
    ("edits", "most"),
    [
        ([("n150", (-751, {"body": "<p>Another.</p>\n"}))], 60),
        ([("n150", (-751, {"title": "Another"}))], 60),
        ([("n003", (-16, {"body": "<p>Another.</p>\n"}))], 60),
        ([("new", (-1, {"title": "Another"}))], 60),
        ([("/images/a.png", 1)], 7),  # with its copies
        ([("draft", (None, {"title": "Another"}))], 0),
        ([("soon", (1, {"title": "Another"}))], 0),
    ],
)
def test_an_edit_touches_few_paths(monkeypatch, edits, most):
    """An edit in a site of 300 articles, with 700 paths and more, touches fewer than 60 of them."""
    monkeypatch.setattr(paging, "PAGE_SIZE", 20)
    monkeypatch.setattr(archives, "SIZE", 100)
    index = long_site()
    shown = {"mixes": {}, "window": 20}
    since = plan(index, **shown)
    stands = fingerprints(since)
    if edits[0][0] in ("n150", "n003"):
        (row,) = [row for row in since._edition.all() if edits[0][0] in row.path]
        kept = since._edition.entry(row)
        edited = replace(kept, **edits[0][1][1])
        with index.writing() as writer:
            writer.settle(writer.put(read_result(edited)))
    else:
        commit(index, edits)
    now = plan(index, **shown)
    found = [path for path, _ in now.changes(since.state)]
    assert len(stands) > 600
    assert len(found) <= most + DISCOVERED * bool(most > 1)
    stands_now = fingerprints(now)
    found = {path for path in found if path in stands.keys() | stands_now.keys() and not now._discovery.at(path)}
    changed = {path for path, mark in stands_now.items() if stands.get(path) != mark}
    changed = {path for path in changed if not now._discovery.at(path)}
    assert changed <= found
    assert len(found - changed) < 3  # pages of articles that have another one of the tag in its place


def test_what_cannot_be_known_is_everything():
    """Of no state, of another index, another site.yaml, another version of feedsite, nothing is known."""
    index = first(made("a", -1))
    state = plan(index).state
    assert plan(index).changes(None) is None
    assert plan(first(made("a", -1))).changes(state) is None
    assert plan(index, title="Another").changes(state) is None
    assert plan(index, archives="none").changes(state) is None
    assert plan(index).changes(replace(state, common="other code")) is None
    assert plan(index, purge=("http://127.0.0.1:6081",)).changes(state) is not None


def test_an_index_before_its_first_scan_has_no_state():
    """Before the first scan is committed, a plan has no state from which later changes could be known."""
    index = Index()
    assert plan(index).state is None
    assert plan(index).changes(None) is None


def test_what_is_asked_again_has_not_changed():
    """Between a state and itself nothing changed."""
    index = first(made("a", -1))
    assert list(plan(index).changes(plan(index).state)) == []
