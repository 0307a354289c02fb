"""The index after any edits is as if all files had been compared at once."""

from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from feedsite.codes import Code
from feedsite.edits import Edit
from feedsite.errors import Fault
from feedsite.index.claims import claims, resolve
from feedsite.index.edition import Edition
from feedsite.index.index import Derived, Index
from feedsite.index.readresult import ReadResult
from feedsite.index.unusable import Unusable
from feedsite.model import NEVER, Category

from .support.builders import entry, faults_of, holding, index, journalled, read_result, standing
from .support.builders import put as put_entries
from .support.golden import NOW
from .support.laws import seldom

FILES = [f"entries/{number}.yaml" for number in range(5)]
BROKEN = "broken"
# Few ids, addresses and aliases, so that many files claim the same; /a.b is a file where /a.b/c needs a folder.
SAID = st.builds(
    lambda hours, id_, path, aliases: {
        "published": NEVER if hours is None else NOW + timedelta(hours=hours),
        "id": id_,
        "path": path,
        "aliases": aliases,
    },
    st.none() | st.integers(-2, 2),
    st.sampled_from("abcd"),
    st.sampled_from(["/a/", "/A/", "/b/", "/c/", "/a.b/"]),
    st.lists(st.sampled_from(["/a", "/b/", "/x", "/X/", "/a.b", "/a.b/c", "/a.b/c.d/e"]), max_size=3).map(tuple),
)
# What one scan of the folder finds, by file: what it says, that it is broken, or that it is gone.
SCANS = st.lists(
    st.dictionaries(st.sampled_from(FILES), SAID | st.sampled_from([BROKEN, None]), min_size=1, max_size=5), max_size=6
)


def article(source, said):
    return entry(source=source, updated=said["published"], **said)


def faulty(source):
    return ReadResult(source, faults=(Fault(source, 1, 1, Code.MISPLACED, BROKEN),))


def put(held, *reads):
    with held.writing() as writer:
        touched = set()
        for read in reads:
            touched |= writer.put(read)
        writer.settle(touched)


def state(held):
    """All that follows from the files."""
    return list(held.entries()), set(held.faults()), held.meta("count")


def expected(articles, broken, rights, refused=(), formers=(), held_before=()):
    """The same, worked out from all files at once; what stands as it was before is put back into `articles`."""
    formers, refused = dict(formers), set(refused)
    while True:
        resolved = resolve(articles.values(), rights)
        fallen = {source for source in formers if source not in resolved.standing}
        if not fallen:
            break
        refused |= {fault for fault in faults_of(resolved) if fault.path in fallen}
        articles.update((source, formers.pop(source)) for source in fallen)
        back = {right for right in held_before if right[0] in fallen}  # also from the file that was to have them
        rights = {right for right in rights if right[0] not in fallen and right[1] not in {key for _, key in back}}
        rights |= back
    faults = {Fault(source, 1, 1, Code.MISPLACED, BROKEN) for source in broken} | {*faults_of(resolved)} | refused
    right = standing(articles.values(), rights)
    return right, faults, sum(one.published != NEVER for one in right), refused


DRAFT = {"published": NEVER, "id": "a", "path": "/a/", "aliases": ()}
ARTICLE = DRAFT | {"published": NOW}


@seldom
@given(SCANS)
@example(
    [  # an id is handed over, while a draft with another one is broken
        {FILES[0]: DRAFT},
        {FILES[1]: DRAFT | {"id": "b"}, FILES[2]: DRAFT, FILES[3]: DRAFT},
        {FILES[0]: BROKEN, FILES[2]: ARTICLE, FILES[1]: None, FILES[3]: ARTICLE | {"id": "b"}},
    ]
)
@example([{FILES[4]: ARTICLE}, {FILES[2]: ARTICLE, FILES[4]: ARTICLE | {"id": "b"}}])  # handed over, and taken back
def test_what_stands_is_what_all_files_say_together(scans):
    """The law: step by step, with all conflicts of ids, addresses and aliases, as if everything were compared anew.

    Broken files count as what they said last, and who held something before a step keeps it. What stood, and claims
    too much now, stands as it was.
    """
    held, articles, broken, rights, refused, right = Index(), {}, set(), set(), set(), []
    for scan in scans:
        stood = {one.source for one in right if one.published != NEVER}
        formers, held_before, new, left = {}, set(rights), set(), []
        refused = {fault for fault in refused if fault.path not in scan}
        with held.writing() as writer:
            touched = set()
            for source, said in sorted(scan.items(), key=lambda one: one[1] is None):  # as a commit does
                if said is None:
                    touched |= writer.drop(source)
                    if gone := articles.pop(source, None):
                        left.append((gone, {key for right, key in rights if right == source}))
                        rights = {right for right in rights if right[0] != source}
                    new.discard(source)
                    broken.discard(source)
                    formers.pop(source, None)
                elif said == BROKEN:
                    touched |= writer.put(faulty(source))
                    broken.add(source)
                else:
                    if source in articles and articles[source].id != said["id"]:
                        left.append((articles[source], {key for right, key in rights if right == source}))
                        new.add(source)
                        rights = {right for right in rights if right[0] != source}
                    if source in stood and said["published"] != NEVER:
                        formers[source] = articles[source]
                    if source not in articles:
                        new.add(source)
                    articles[source] = article(source, said)
                    touched |= writer.put(read_result(articles[source]))
                    broken.discard(source)
            for gone, lost in left:  # renamed, where a file that is new, or had another article, has its id
                heirs = [name for name in new if articles[name].id == gone.id]
                assume(len(heirs) <= 1)  # between several their texts decide (tests/test_renames.py)
                rights |= {(heir, key) for heir in heirs for key in lost & claims(articles[heir])}
            writer.settle(touched)
        right, faults, count, refused = expected(articles, broken, rights, refused, formers, held_before)
        assert (list(held.entries()), held.meta("count")) == (right, count)
        # Of two that refuse a third, the one may be named that was there when it came, or the one that stands now.
        assert sorted(fault.path for fault in held.faults()) == sorted(fault.path for fault in faults)
        rights = holding(*right)
    with held.writing() as writer:
        writer.settle({key for one in articles.values() for key in claims(one)})
    assert state(held) == expected(articles, broken, rights, refused)[:3]


@seldom
@given(st.dictionaries(st.sampled_from(FILES), SAID))
def test_a_first_scan_settles_as_if_all_were_compared(said):
    """Nothing is held yet, and only entries that share a claim are compared."""
    articles = {source: article(source, fields) for source, fields in said.items()}
    assert state(index(*articles.values())) == expected(articles, set(), set())[:3]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"path": "/one/"}, {"path": "/two/"}),
        ({"path": "/two/", "published": NEVER}, {"path": "/two/"}),
        ({"path": "/one/"}, {"path": "/one/", "aliases": ("/old",)}),
    ],
    ids=["another slug", "a draft that is published", "an alias"],
)
def test_an_edit_takes_nothing_from_a_file_that_stayed(tmp_path, before, after):
    """Whatever is read with it, in whatever order, and also where another process goes on."""
    earlier = NOW - timedelta(days=9)
    other = entry("b", path="/two/", aliases=("/old",), published=NOW)
    former, edited = (entry("a", **({"published": earlier} | fields)) for fields in (before, after))
    states = []
    for number, order in enumerate([(edited,), (edited, other), (other, edited)]):
        path = tmp_path / f"{number}.sqlite"
        with closing(Index(path)) as held:
            put(held, *(read_result(one) for one in (former, other)))
        for _ in range(2):
            with closing(Index(path)) as held:
                put(held, *(read_result(one) for one in order))
                states.append(state(held))
                assert other in held.entries()
                assert [fault.path for fault in held.faults()] == [edited.source]
    assert all(one == states[0] for one in states)


def test_a_renamed_file_keeps_its_address():
    """Also where an earlier article claims it in vain."""
    held = Index()
    other, earlier = entry("b", path="/two/"), entry("a", path="/two/", published=NOW - timedelta(days=9))
    renamed = entry("b", path="/two/", source="entries/c.yaml")
    for one in (other, earlier):
        put(held, read_result(one))
    with held.writing() as writer:
        writer.settle(writer.put(read_result(renamed)) | writer.drop(other.source))
    assert list(held.entries()) == [renamed]
    assert [fault.path for fault in held.faults()] == [earlier.source]


def test_a_dropped_file_leaves_no_row():
    """In no table: an index does not grow by what comes and goes."""
    held = index(entry("a", aliases=("/old",)))
    tables = "SELECT (SELECT count(*) FROM file) + (SELECT count(*) FROM content) + (SELECT count(*) FROM claim)"
    with held.writing() as writer:
        writer.set_faults(
            "entries/2026-11-22-a.yaml", "walk", [Fault("entries/2026-11-22-a.yaml", 0, 0, Code.UNREADABLE, "lost")]
        )
        writer.settle(writer.drop("entries/2026-11-22-a.yaml"))
    with held.reading() as view:
        assert view.execute(tables).fetchone() == (0,)
    assert (list(held.entries()), held.faults(), held.signatures("entries")) == ([], [], {})


def test_what_was_never_there_can_be_dropped():
    """A file may come and go between two scans."""
    held = index(entry("a"))
    with held.writing() as writer:
        assert writer.drop("entries/never.yaml") == set()


def test_a_last_good_version_stays():
    """After two faulty versions the entry is the last good one, and the file has the fault."""
    held = index(entry("a"))
    for _ in range(2):
        put(held, faulty("entries/2026-11-22-a.yaml"))
    assert state(held) == ([entry("a")], {Fault("entries/2026-11-22-a.yaml", 1, 1, Code.MISPLACED, BROKEN)}, 1)


def test_an_article_is_read_as_it_was_put():
    """With its body, and with the aliases that it keeps."""
    whole = entry("a", body="<p>Long.</p>" * 1000, aliases=("/old", "/2026/11/b/"))
    held = index(whole, entry("b"))
    (row,) = [row for row in Edition(held, NOW).all() if row.source == whole.source]
    assert held.entry(row.number) == entry("a", body=whole.body, aliases=("/old",))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE content SET body = replace(body, 'train', 'plane')",
        "UPDATE content SET body = ''",
        "UPDATE content SET record = replace(record, 'Night', 'Day')",
        "UPDATE content SET record = '{}'",
        "UPDATE file SET digest = x'00'",
        "DELETE FROM content",
    ],
)
def test_an_article_that_something_else_changed_is_never_given_out(change):
    """A letter that another program changed is damage."""
    held = index(entry("a"))
    with held.database.writing() as connection:
        connection.execute(change)
    with pytest.raises(Unusable) as caught:
        list(held.entries())
    assert caught.value.is_damaged


def test_another_process_sees_all_of_a_change(tmp_path):
    """Everything that was committed is there for the next process that opens the index."""
    path = tmp_path / "index.sqlite"
    with closing(Index(path)) as held, closing(Index(path)) as other:
        put(held, read_result(entry("a", aliases=("/old",)), signature=(1, 2, 3, 2**63 - 1), hash=b"\0" * 16))
        put(held, faulty("entries/b.yaml"))
        assert state(other) == state(held)
        assert other.signatures("entries") == {
            "entries/2026-11-22-a.yaml": (1, 2, 3, 2**63 - 1),
            "entries/b.yaml": None,
        }
        assert other.hash("entries/2026-11-22-a.yaml") == b"\0" * 16


def test_an_index_that_was_copied_goes_on_by_itself(tmp_path):
    """The copy in memory has all that the file had, and does not change the file."""
    with closing(Index(tmp_path / "index.sqlite")) as held:
        put(held, read_result(entry("a")))
        copy = held.in_memory()
        assert copy.is_in_memory
        put(copy, read_result(entry("b")))
        assert [one.source for one in held.entries()] == ["entries/2026-11-22-a.yaml"]
        assert len(list(copy.entries())) == 2


@pytest.mark.parametrize(
    ("below", "found"),
    [
        ("entries", {"entries/a.yaml", "entries/a/b.yaml", "entries/a0.yaml", "entries/a-.yaml"}),
        ("entries/a", {"entries/a/b.yaml"}),
        ("entries/a.yaml", {"entries/a.yaml"}),
        ("entries/a/", set()),
        ("entries/%", set()),
        ("entrie", set()),
    ],
)
def test_what_is_below_a_folder_is_below_its_slash(below, found):
    """Paths that only begin with the same letters are not below it."""
    names = ("entries/a.yaml", "entries/a/b.yaml", "entries/a0.yaml", "entries/a-.yaml", "entries.yaml")
    held = index(*(entry(str(number), source=name) for number, name in enumerate(names)))
    assert set(held.signatures(below)) == found


def test_a_fault_comes_out_as_it_went_in():
    fault = Fault("entries/a.yaml", 2, 8, Code.COLON_IN_VALUE, "quote this", 11, (Edit(7, 10, '"Wär"'),))
    held = Index()
    with held.writing() as writer:
        writer.set_faults(fault.path, "file", [fault])
    assert held.faults() == [fault]


def test_faults_of_several_origins_stand_side_by_side():
    """Of a walk, of the file and of claims: each replaces its own, and equal ones are listed once."""
    held, path = Index(), "entries/a.yaml"
    walked, read = Fault(path, 0, 0, Code.UNREADABLE, "lost"), Fault(path, 1, 1, Code.MISPLACED, "wrong")
    with held.writing() as writer:
        writer.set_faults(path, "file", [read])
        writer.set_walk_faults("entries", [walked, walked])
        writer.set_faults(path, "claims", [read])
    assert held.faults() == [walked, read]
    with held.writing() as writer:
        writer.set_walk_faults("entries", [])
        writer.set_faults(path, "claims", [])
    assert held.faults() == [read]


def test_articles_without_an_id_of_their_own_are_listed():
    """Neither those of faulty files, nor those whose ids were written meanwhile."""
    reads = [
        read_result(entry(name, source=f"entries/{name}.yaml"), derived_id=derived)
        for name, derived in [("b", entry("b").id), ("a", entry("a").id), ("own", None), ("broken", entry("broken").id)]
    ]
    held = Index()
    put(held, *reads, faulty("entries/broken.yaml"))
    assert held.derived() == [Derived(f"entries/{name}.yaml", entry(name).id, 1) for name in "ab"]


def test_a_stored_document_has_the_fingerprint_that_is_asked_for():
    """Each path has one, the last one."""
    held = Index()
    for fingerprint in ("old", "new"):
        with held.writing() as writer:
            writer.put_document("/feed.rss", fingerprint, fingerprint.encode())
    assert [held.document("/feed.rss", mark) for mark in ("old", "new", "other")] == [None, b"new", None]
    assert held.document("/feed.atom", "new") is None


@pytest.mark.parametrize("claimed", [{"aliases": ("/v1.0/other",)}, {"title": "Another"}])
def test_an_edit_asks_no_more_where_a_thousand_need_the_same_folder(claimed):
    """Aliases such as /v1.0/a need the folder /v1.0, and none conflicts with another one."""
    counts = []
    for many in (20, 200):
        one = index(*(entry(str(number), aliases=(f"/v1.0/a{number}",)) for number in range(many)))
        asked = []
        one.database._writer.set_trace_callback(asked.append)
        with one.writing() as writer:
            writer.settle(writer.put(read_result(entry("5", **{"aliases": ("/v1.0/a5",)} | claimed))))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_thousand_copies_are_settled_in_linear_time():
    """As many questions as files, and not their square."""
    counts = []
    for many in (20, 200):
        one = Index()
        asked = []
        one.database._writer.set_trace_callback(asked.append)
        with one.writing() as writer:
            for number in range(many):
                writer.put(read_result(entry(str(number), id="tag:a,2026:x")))
            writer.settle_all()
        counts.append(len(asked))
    assert counts[1] < 12 * counts[0]


def test_a_first_scan_leaves_the_index_as_scans_of_one_file_each_do():
    """The members of collections and their counts, which it writes at once, are those that triggers write."""
    tags = [Category(term=name, label=name, scheme="tag") for name in ("a", "b")]
    made = [
        entry("a", tags=(tags[0],)),
        entry("b", tags=tuple(tags)),
        entry("c", path="/2026/11/a/"),
        entry("d", published=NEVER),
    ]
    one_by_one = Index()
    for each in made:
        put_entries(one_by_one, each)
    members = "SELECT key, count, published, sort_name, part FROM member JOIN collection c ON c.number = collection"
    at_once, one_after_another = (sorted(held.database._reader.execute(members)) for held in (index(*made), one_by_one))
    assert at_once == one_after_another != []


def test_former_addresses_are_few():
    """The index remembers the latest thousand; an address that is left again is one of them, once."""
    held = journalled(entry("a"), entry("b"))
    for number in range(1100):
        put_entries(held, entry("a", path=f"/2026/11/a{number}/"))
    for _ in range(3):
        put_entries(held, entry("b", path="/2026/11/c/"))
        put_entries(held, entry("b"))
    found = [address for address, _ in Edition(held, NOW).former_addresses()]
    assert 990 < len(found) <= 1000
    assert found[-2:] == ["/2026/11/a1098/", "/2026/11/c/"]
