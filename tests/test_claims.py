"""All entries together: their order, and who keeps an id or address that two claim."""

from datetime import UTC, datetime, timedelta

import pytest

from feedsite.errors import Fault
from feedsite.index.claims import Resolved, resolve
from feedsite.model import NEVER

from .support.builders import entry, holding, standing

NINE = datetime(2026, 11, 22, 9, tzinfo=UTC)


def at(hours, name, **changes):
    moment = NINE + timedelta(hours=hours)
    return entry(name, **({"published": moment, "updated": moment} | changes))


def sources(entries):
    return [one.source.removeprefix("entries/2026-11-22-").removesuffix(".yaml") for one in entries]


def faults(entries, held=frozenset()):
    return resolve(entries, held).faults


def faulty(entries, held=frozenset()):
    return [fault.path for fault in faults(entries, held)]


def test_an_id_that_two_files_claim_stays_with_the_earlier_published():
    """A file copied as a template does not push its model out."""
    entries = [at(1, "copy", id="tag:x"), at(0, "model", id="tag:x")]
    assert sources(standing(entries)) == ["model"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-copy.yaml:1:1: the id tag:x belongs to entries/2026-11-22-model.yaml already; "
        "if this file is a copy, take out its id line"
    ]


def test_an_address_that_two_files_claim_stays_with_the_earlier_published():
    """The other is told a slug that it could have."""
    entries = [at(1, "copy", path="/2026/11/rail/"), at(0, "model", path="/2026/11/rail/")]
    assert sources(standing(entries)) == ["model"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-copy.yaml:1:1: the address /2026/11/rail/ belongs to entries/2026-11-22-model.yaml "
        "already; add `slug: rail-2`"
    ]


def test_of_two_published_at_once_the_first_by_file_name_keeps_the_id():
    """So every machine decides the same."""
    assert sources(standing([at(0, "b", id="tag:x"), at(0, "a", id="tag:x")])) == ["a"]


def test_one_file_too_many_is_told_once():
    """A whole copy claims id and address; one message says what to mend first."""
    assert len(faults([at(0, "a"), at(0, "b", id=at(0, "a").id, path=at(0, "a").path)])) == 1


def test_who_held_an_id_keeps_it_against_an_earlier_one():
    """What readers know stays, even where a file that claims the same is backdated."""
    known = at(0, "known", id="tag:x")
    assert sources(standing([known, at(-9, "backdated", id="tag:x")], holding(known))) == ["known"]


def test_who_held_an_address_keeps_it_against_an_earlier_one():
    """The page that stood there stays there."""
    known = at(0, "known", path="/a/")
    assert sources(standing([known, at(-9, "backdated", path="/a/")], holding(known))) == ["known"]


def test_an_article_that_moves_pushes_none_off_its_address():
    """That it stood elsewhere, and is the earlier one, gives it no right: it is told, not the file nobody touched."""
    first, second = at(0, "a", path="/one/"), at(1, "b", path="/two/")
    entries, held = [at(0, "a", path="/two/"), second], holding(first, second)
    assert sources(standing(entries, held)) == ["b"]
    assert faulty(entries, held) == [first.source]


def test_a_draft_that_is_published_pushes_none_off_its_address():
    """It stood as a draft, and held an id only."""
    draft, links = at(0, "a", published=NEVER, path="/links/"), at(1, "b", path="/links/")
    assert sources(standing([at(0, "a", path="/links/"), links], holding(draft, links))) == ["b"]


def test_an_alias_stays_with_who_held_it():
    """A redirect does not change its aim because an earlier article asks for it now."""
    first, second = at(0, "a"), at(1, "b", aliases=("/old",))
    entries, held = [at(0, "a", aliases=("/old",)), second], holding(first, second)
    assert [one.aliases for one in standing(entries, held)] == [("/old",), ()]
    assert faulty(entries, held) == [first.source]


def test_an_alias_that_was_held_needs_its_folder():
    """A new alias that would be a file in the folder's place is the one too many."""
    first, second = at(0, "a"), at(1, "b", aliases=("/a.b/c",))
    entries = [at(0, "a", aliases=("/a.b",)), second]
    assert faulty(entries, holding(first, second)) == [first.source]


def test_an_articles_own_address_beats_an_alias_that_was_held():
    """Whoever had it first: a node that starts now has seen nobody hold it, and both publish the same."""
    before = at(0, "old", path="/one/", aliases=("/two/",))
    after = [before, at(1, "new", path="/two/")]
    for held in (frozenset(), holding(before)):
        assert [(one.path, one.aliases) for one in standing(after, held)] == [("/two/", ()), ("/one/", ())]
        assert [str(fault) for fault in faults(after, held)] == [
            "entries/2026-11-22-old.yaml:1:1: the alias /two/ belongs to entries/2026-11-22-new.yaml already; "
            "take it out of one of the two"
        ]


def test_a_former_address_goes_to_the_article_that_asks_for_it_as_its_own():
    """Also at the moment when its article moves away."""
    before, other = at(1, "a", path="/one/"), at(0, "b", path="/two/")
    after = [at(1, "a", path="/new/", aliases=("/one/",)), at(0, "b", path="/one/")]
    stand = standing(after, holding(before, other))
    assert [(one.path, one.aliases) for one in stand] == [("/new/", ()), ("/one/", ())]


def test_a_draft_never_keeps_an_id_from_what_is_published():
    """Of two drafts the one that held it does."""
    draft, other = (at(0, name, id="tag:x", published=NEVER) for name in ("draft", "a"))
    assert sources(standing([draft, at(9, "new", id="tag:x")], holding(draft))) == ["new"]
    assert sources(standing([draft, other], holding(draft))) == ["draft"]


@pytest.mark.parametrize("alias", ["/a/", "/a"])
def test_an_alias_never_takes_an_articles_address(alias):
    """With or without its last slash; both articles stay."""
    entries = [at(0, "old", aliases=(alias,)), at(1, "new", path="/a/")]
    assert sources(standing(entries)) == ["new", "old"]
    assert [str(fault) for fault in faults(entries)] == [
        f"entries/2026-11-22-old.yaml:1:1: the alias {alias} belongs to entries/2026-11-22-new.yaml already; "
        "take it out of one of the two"
    ]


def test_an_alias_that_two_files_claim_stays_with_the_earlier_published():
    """The other is told, and both articles stay."""
    entries = [at(1, "new", aliases=("/a",)), at(0, "old", aliases=("/a/",))]
    assert sources(standing(entries)) == ["new", "old"]
    assert [str(fault) for fault in faults(entries)] == [
        "entries/2026-11-22-new.yaml:1:1: the alias /a belongs to entries/2026-11-22-old.yaml already; "
        "take it out of one of the two"
    ]


def test_an_alias_that_one_file_names_twice_is_no_fault():
    """With and without its last slash it is the same."""
    assert faults([entry(aliases=("/a", "/a/", "/a"))]) == ()


def test_a_draft_claims_no_address():
    """Not its own and no alias: only what is published stands anywhere. An id it has."""
    drafts = [
        entry("draft", published=NEVER, updated=NEVER, path="/a/", aliases=("/b/",)),
        entry("other", published=NEVER, updated=NEVER, path="/a/", aliases=("/b/",)),
    ]
    entries = [*drafts, at(0, "a", path="/a/"), at(0, "b", path="/b/")]
    assert faults(entries) == ()
    assert len(faults([*drafts, at(0, "draft")])) == 1


def test_an_alias_of_a_refused_file_is_free():
    """What is not in the catalogue claims nothing."""
    entries = [at(0, "model", id="tag:x"), at(1, "copy", id="tag:x", aliases=("/a",)), at(2, "third", aliases=("/a",))]
    assert faulty(entries) == ["entries/2026-11-22-copy.yaml"]


def test_faults_come_in_the_order_of_files():
    """Whatever order the claims were decided in."""
    entries = [at(hours, name, id="tag:x") for hours, name in enumerate("dcba")]
    assert faults(entries) == tuple(
        Fault(
            f"entries/2026-11-22-{name}.yaml",
            1,
            1,
            "the id tag:x belongs to entries/2026-11-22-d.yaml already; if this file is a copy, take out its id line",
        )
        for name in "abc"
    )


def test_a_copy_of_a_file_never_takes_the_place_of_its_model():
    """A copy's name is longer: at a start, too, the model is served and the copy is told."""
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
    """/a.b and /a.b/c cannot both be written, whoever asks for them."""
    entries = [entry("a", aliases=("/a.b", "/a.b/c"))]
    assert len(faults(entries)) == 1
    assert standing(entries)[0].aliases == ("/a.b",)


def test_an_alias_that_is_a_folder_and_one_below_it_stand_both():
    """/a.b/ is a folder's page, as /a.b/c is: only /a.b would be a file."""
    one = entry("a", aliases=("/a.b/", "/a.b/c"))
    assert resolve([one]) == Resolved({one.source: one.aliases}, ())


def test_an_alias_with_and_without_its_last_slash_is_a_file_or_a_folder():
    """Of an article's own /a.b and /a.b/ only the first can be written; a reader finds it under both."""
    entries = [entry("a", aliases=("/a.b", "/a.b/"))]
    assert (standing(entries)[0].aliases, len(faults(entries))) == (("/a.b",), 1)
