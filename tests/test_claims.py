"""Which entry keeps an id, an address or an alias that two claim."""

from datetime import UTC, datetime, timedelta

import pytest

from feedsite.index.claims import Resolved, resolve
from feedsite.model import NEVER

from .support.builders import entry, faults_of, holding, standing

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(hours, name, **changes):
    moment = NINE + timedelta(hours=hours)
    return entry(name, **({"published": moment, "updated": moment} | changes))


def sources(entries):
    return [one.source.removeprefix("entries/2026-11-22-").removesuffix(".yaml") for one in entries]


def faults(entries, held=frozenset()):
    return faults_of(resolve(entries, held))


def faulty(entries, held=frozenset()):
    return [fault.path for fault in faults(entries, held)]


def test_an_id_that_two_files_claim_stays_with_the_earlier_published():
    """A file that was copied as a template does not push its model out."""
    entries = [at(1, "copy", id="tag:x"), at(0, "model", id="tag:x")]
    assert sources(standing(entries)) == ["model"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-copy.yaml: the id tag:x is that of entries/2026-11-22-model.yaml, which stands, and is "
        "made of this file's name; rename this file, or write an id of its own"
    ]


def test_an_address_that_two_files_claim_stays_with_the_earlier_published():
    """The fault of the other file names a slug that is free."""
    entries = [at(1, "copy", path="/2026/11/rail/"), at(0, "model", path="/2026/11/rail/")]
    assert sources(standing(entries)) == ["model"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-copy.yaml: the address /2026/11/rail/ is that of entries/2026-11-22-model.yaml, which "
        "stands; add `slug: rail-2`"
    ]


def test_of_two_published_at_once_the_first_by_file_name_keeps_the_id():
    """Every machine decides the same where two were published in one second."""
    assert sources(standing([at(0, "b", id="tag:x"), at(0, "a", id="tag:x")])) == ["a"]


def test_a_whole_copy_has_one_fault():
    """A copy claims id and address; its one fault says what to mend first."""
    assert len(faults([at(0, "a"), at(0, "b", id=at(0, "a").id, path=at(0, "a").path)])) == 1


def test_an_id_stays_with_the_entry_that_held_it():
    """Even where another file that claims it is backdated."""
    known = at(0, "known", id="tag:x")
    assert sources(standing([known, at(-9, "backdated", id="tag:x")], holding(known))) == ["known"]


def test_an_address_stays_with_the_entry_that_held_it():
    """Even where another file that claims it is backdated."""
    known = at(0, "known", path="/a/")
    assert sources(standing([known, at(-9, "backdated", path="/a/")], holding(known))) == ["known"]


def test_an_article_that_moves_pushes_none_off_its_address():
    """Neither that it stood elsewhere nor that it is the earlier one gives it another's address."""
    first, second = at(0, "a", path="/one/"), at(1, "b", path="/two/")
    entries, held = [at(0, "a", path="/two/"), second], holding(first, second)
    assert sources(standing(entries, held)) == ["b"]
    assert faulty(entries, held) == [first.source]


def test_a_draft_that_is_published_pushes_none_off_its_address():
    """A draft has held its id only, and no address."""
    draft, links = at(0, "a", published=NEVER, path="/links/"), at(1, "b", path="/links/")
    assert sources(standing([at(0, "a", path="/links/"), links], holding(draft, links))) == ["b"]


def test_an_alias_stays_with_the_entry_that_held_it():
    """A redirect keeps its target when an earlier article claims the alias."""
    first, second = at(0, "a"), at(1, "b", aliases=("/old",))
    entries, held = [at(0, "a", aliases=("/old",)), second], holding(first, second)
    assert [one.aliases for one in standing(entries, held)] == [("/old",), ()]
    assert faulty(entries, held) == [first.source]


def test_an_alias_that_was_held_needs_its_folder():
    """A new alias that would be a file in the place of that folder is a fault."""
    first, second = at(0, "a"), at(1, "b", aliases=("/a.b/c",))
    entries = [at(0, "a", aliases=("/a.b",)), second]
    assert faulty(entries, holding(first, second)) == [first.source]


def test_an_articles_own_address_beats_an_alias_that_was_held():
    """Whichever was first: a node that starts now knows of no former holder, and publishes the same."""
    before = at(0, "old", path="/one/", aliases=("/two/",))
    after = [before, at(1, "new", path="/two/")]
    for held in (frozenset(), holding(before)):
        assert [(one.path, one.aliases) for one in standing(after, held)] == [("/two/", ()), ("/one/", ())]
        assert [str(fault) for fault in faults(after, held)] == [
            "entries/2026-11-22-old.yaml: the alias /two/ belongs to entries/2026-11-22-new.yaml already; "
            "take it out here"
        ]


def test_a_former_address_goes_to_the_article_that_asks_for_it_as_its_own():
    """Also at the moment when its former article moves away and keeps it as an alias."""
    before, other = at(1, "a", path="/one/"), at(0, "b", path="/two/")
    after = [at(1, "a", path="/new/", aliases=("/one/",)), at(0, "b", path="/one/")]
    stand = standing(after, holding(before, other))
    assert [(one.path, one.aliases) for one in stand] == [("/new/", ()), ("/one/", ())]


def test_a_draft_never_keeps_an_id_from_what_is_published():
    """Of two drafts, the one that held the id keeps it."""
    draft, other = (at(0, name, id="tag:x", published=NEVER) for name in ("draft", "a"))
    assert sources(standing([draft, at(9, "new", id="tag:x")], holding(draft))) == ["new"]
    assert sources(standing([draft, other], holding(draft))) == ["draft"]


@pytest.mark.parametrize("alias", ["/a/", "/a"])
def test_an_alias_never_takes_an_articles_address(alias):
    """With or without its last slash; both articles stay."""
    entries = [at(0, "old", aliases=(alias,)), at(1, "new", path="/a/")]
    assert sources(standing(entries)) == ["new", "old"]
    assert [str(fault) for fault in faults(entries)] == [
        f"entries/2026-11-22-old.yaml: the alias {alias} belongs to entries/2026-11-22-new.yaml already; "
        "take it out here"
    ]


def test_an_alias_that_two_files_claim_stays_with_the_earlier_published():
    """The other file has a fault, and both articles stay."""
    entries = [at(1, "new", aliases=("/a",)), at(0, "old", aliases=("/a/",))]
    assert sources(standing(entries)) == ["new", "old"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-new.yaml: the alias /a belongs to entries/2026-11-22-old.yaml already; take it out here"
    ]


def test_an_alias_that_one_file_names_twice_is_no_fault():
    """/a and /a/ are the same alias."""
    assert faults([entry(aliases=("/a", "/a/", "/a"))]) == []


def test_a_draft_claims_no_address():
    """Neither its own nor an alias; it claims an id."""
    drafts = [
        entry("draft", published=NEVER, updated=NEVER, path="/a/", aliases=("/b/",)),
        entry("other", published=NEVER, updated=NEVER, path="/a/", aliases=("/b/",)),
    ]
    entries = [*drafts, at(0, "a", path="/a/"), at(0, "b", path="/b/")]
    assert faults(entries) == []
    assert len(faults([*drafts, at(0, "draft")])) == 1


def test_an_alias_of_a_refused_file_is_free():
    """An entry that does not stand holds nothing."""
    entries = [at(0, "model", id="tag:x"), at(1, "copy", id="tag:x", aliases=("/a",)), at(2, "third", aliases=("/a",))]
    assert faulty(entries) == ["entries/2026-11-22-copy.yaml"]


def test_faults_come_in_the_order_of_files():
    """In whatever order the claims were decided."""
    entries = [at(hours, name, id="tag:x") for hours, name in enumerate("dcba")]
    assert [(fault.path, fault.is_note) for fault in faults(entries)] == [
        (f"entries/2026-11-22-{name}.yaml", False) for name in "abc"
    ]


def test_a_copy_of_a_file_never_takes_the_place_of_its_model():
    """A copy's name is longer: also a node that starts now serves the model."""
    model, copy = entry("a", source="entries/a.yaml"), entry("a", source="entries/a - Kopie.yaml")
    entries = [copy, model]
    assert [one.source for one in standing(entries)] == ["entries/a.yaml"]
    assert faulty(entries) == ["entries/a - Kopie.yaml"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a.b", "/a.b/c"),
        ("/a.b/c", "/a.b"),
        ("/A.b", "/a.B/c"),
        ("/a.b", "/a.b/"),
        ("/Old", "/old"),
        ("/old/", "/old"),
        ("/caf\u00e9", "/cafe\u0301"),
    ],
)
def test_aliases_that_cannot_be_two_files_are_a_fault(one, other):
    """An export has a file for each address: none may be another's folder, or differ in capitals alone."""
    entries = [entry("a", aliases=(one,)), entry("b", aliases=(other,))]
    assert len(faults(entries)) == 1


def test_an_article_s_own_aliases_are_compared_too():
    """/a.b and /a.b/c of one article cannot both be written."""
    entries = [entry("a", aliases=("/a.b", "/a.b/c"))]
    assert len(faults(entries)) == 1
    assert standing(entries)[0].aliases == ("/a.b",)


def test_an_alias_that_is_a_folder_and_one_below_it_stand_both():
    """/a.b/ is a folder's page, as /a.b/c is; only /a.b would be a file."""
    one = entry("a", aliases=("/a.b/", "/a.b/c"))
    assert resolve([one]) == Resolved({one.source: one.aliases}, ())


def test_an_alias_with_and_without_its_last_slash_is_a_file_or_a_folder():
    """Of an article's own /a.b and /a.b/ only the first can be written; readers find it under both."""
    entries = [entry("a", aliases=("/a.b", "/a.b/"))]
    assert (standing(entries)[0].aliases, len(faults(entries))) == (("/a.b",), 1)
