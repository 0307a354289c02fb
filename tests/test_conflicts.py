"""What is told where two files ask for the same: what they are, which of them stands, and what to write."""

import gc
from time import process_time

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from feedsite.folder.library import Library
from feedsite.index.claims import resolve
from feedsite.index.copies import originals
from feedsite.parsing.entryfile import read
from feedsite.urls import is_writable, slug_of

from .support.builders import PATH, entry, entry_text, settings
from .support.laws import SOURCES, seldom

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
TRAINS = entry_text(id=None)


class Folder:
    """A site's folder, and the library that follows it."""

    def __init__(self, path, files):
        self._path = path
        (path / "entries").mkdir()
        (path / "site.yaml").write_text(SITE)
        self._library = Library(path, {})
        self.scan(files)

    def scan(self, files):
        """Writes these files; None deletes one."""
        for name, text in files.items():
            path = self._path / "entries" / name
            path.unlink() if text is None else path.write_text(text)
        self._library.read()

    @property
    def standing(self):
        return {entry.source.removeprefix("entries/") for entry in self._library.index.entries()}

    @property
    def faults(self):
        return [str(fault) for fault in self._library.index.faults() if not fault.is_note]


def test_an_id_of_another_file_is_a_fault_at_its_line(tmp_path):
    """With the place in the file that has it. Who does what the message says has two articles."""
    text = entry_text()
    site = Folder(tmp_path, {"a.yaml": text, "new.yaml": f"# A copy\n{text}"})
    assert site.faults == [
        "entries/new.yaml:2:5: the id tag:news.example,2026-11-22:night-trains is that of entries/a.yaml:1:5, which "
        "stands; if this file is a copy of it, delete it, or take its id line out"
    ]
    site.scan({"new.yaml": entry_text(id=None)})
    assert (site.standing, site.faults) == ({"a.yaml", "new.yaml"}, [])


def test_an_address_of_another_file_is_a_fault_at_the_slug_or_the_date(tmp_path):
    """The slugs of the messages are free, and differ: who writes them has three articles."""
    one = {name: entry_text(id=f"tag:news.example,2026:{name}") for name in ("a", "bb", "cc")}
    site = Folder(
        tmp_path, {"a.yaml": one["a"], "bb.yaml": f"slug: a\n{one['bb']}", "cc.yaml": f"{one['cc']}slug: a\n"}
    )
    taken = "the address /2026/11/a/ is that of entries/a.yaml:3:12, which stands; write"
    assert site.faults == [f"entries/bb.yaml:1:7: {taken} `slug: a-2`", f"entries/cc.yaml:6:7: {taken} `slug: a-3`"]
    site.scan({"bb.yaml": f"slug: a-2\n{one['bb']}", "cc.yaml": f"{one['cc']}slug: a-3\n"})
    assert (site.standing, site.faults) == ({"a.yaml", "bb.yaml", "cc.yaml"}, [])


def test_a_copy_with_its_slug_is_told_both(tmp_path):
    """Id and address at once, so that one round is enough."""
    text = entry_text() + "slug: x\n"
    site = Folder(tmp_path, {"a.yaml": text, "bb.yaml": text})
    assert site.faults[0].endswith("or take its id line out and write `slug: x-2`")
    site.scan({"bb.yaml": entry_text(id=None) + "slug: x-2\n"})
    assert (site.standing, site.faults) == ({"a.yaml", "bb.yaml"}, [])


def test_an_alias_of_another_file_is_a_fault_at_that_alias(tmp_path):
    """Both places are named."""
    texts = {name: entry_text(id=f"tag:news.example,2026:{name}") for name in "ab"}
    site = Folder(
        tmp_path, {"a.yaml": texts["a"] + "aliases: [/x, /y]\n", "b.yaml": texts["b"] + "aliases: [/z, /y]\n"}
    )
    assert site.faults == [
        "entries/b.yaml:6:15: the alias /y belongs to entries/a.yaml:6:15 already; take it out of one of the two"
    ]


@pytest.mark.parametrize(
    ("stands", "other", "what"),
    [
        ("trains.yaml", "Trains.yaml", "to Windows and macOS this is the same file as {}, for only capitals differ"),
        (
            "caf\u00e9.yaml",
            "cafe\u0301.yaml",
            "to macOS this is the same file as {}; here its accents are written in two",
        ),
        ("trains.yml", "trains.yaml", "this file and {} are the same but for their endings"),
    ],
)
def test_files_that_are_twins_are_told_what_they_are(tmp_path, stands, other, what):
    """Neither has an id line; one stands."""
    site = Folder(tmp_path, {stands: TRAINS})
    site.scan({other: TRAINS})
    (fault,) = site.faults
    assert fault.startswith(f"entries/{other}: " + what.format(f"entries/{stands}"))
    assert fault.endswith("; that one stands: delete this one, or rename it")
    assert site.standing == {stands}


COPIES = [
    "a (conflicted copy 2026-11-26).yaml",
    "a (Mina Sato's conflicted copy 2026-11-26).yaml",
    "a.sync-conflict-20261126-101010-ABCDEFG.yaml",
    "a_conflict-20261126-101010.yaml",
    "Copy of a.yaml",
    "a - Kopie (2).yaml",
    "a copy.yaml",
    "a (1) (conflicted copy 2026-11-26).yaml",
]
NUMBERED = ["a 2.yaml", "a (1).yaml", "a(1).yaml"]


@pytest.mark.parametrize("name", [*COPIES, *NUMBERED])
@pytest.mark.parametrize(
    "text", [TRAINS, TRAINS.replace("again", "no more"), entry_text()], ids=["same", "edited", "id"]
)
def test_a_copy_that_a_program_made_is_not_published_beside_its_original(tmp_path, name, text):
    """Whichever came first; and when the original is deleted, the copy is the article."""
    site = Folder(tmp_path, {"a.yaml": entry_text() if text.startswith("id:") else TRAINS, name: text})
    (fault,) = site.faults
    assert fault.startswith(
        f"entries/{name}: by its name, a program that keeps folders in step made this copy of entries/a.yaml; "
        if "conflict" in name
        else f"entries/{name}: by its name, this is a copy of entries/a.yaml; "
    )
    assert site.standing == {"a.yaml"}
    site.scan({"a.yaml": None})
    assert (site.standing, site.faults) == ({name}, [])


@pytest.mark.parametrize("name", [*COPIES, *NUMBERED])
@pytest.mark.parametrize(
    ("victim", "other"),
    [
        (entry_text(), entry_text(id="tag:x", slug="own", published="2026-11-21")),
        (entry_text(), entry_text(id=None, slug="own")),
        (entry_text(), entry_text(published="2026-11-30 09:00", slug="own")),
        (TRAINS, entry_text(id=None, slug="own", published="2020-01-01")),
        (TRAINS, entry_text(id=None, slug="own", published="2999-01-01")),
        (TRAINS, entry_text(id="tag:x", slug="own")),
    ],
)
def test_no_file_takes_one_off_by_a_name_without_the_copys_end(tmp_path, name, victim, other):
    """Where nobody remembers which was first: neither an earlier nor a later one, nor one of an id of its own."""
    site = Folder(tmp_path, {name: victim, "a.yaml": other})
    assert name in site.standing


@pytest.mark.parametrize("name", NUMBERED)
def test_a_second_article_may_have_a_number(tmp_path, name):
    """With another title, or at another time: a weekly column has one title."""
    for other in ({"title": "Another"}, {"published": "2026-11-23 09:00"}):
        folder = tmp_path / "".join(other)
        folder.mkdir()
        site = Folder(folder, {"a.yaml": TRAINS, name: entry_text(id=None, **other)})
        assert (site.standing, site.faults) == ({"a.yaml", name}, [])


def test_an_article_that_stood_is_not_taken_off_by_another_file(tmp_path):
    """Whoever makes a file of its title and its name without the number gets a fault put there, and nothing more."""
    site = Folder(tmp_path, {"a 2.yaml": TRAINS})
    site.scan({"a.yaml": TRAINS})
    assert site.standing == {"a.yaml", "a 2.yaml"}
    assert len(site.faults) == 1


def test_a_draft_keeps_no_copy_from_what_is_published(tmp_path):
    """As it keeps no id and no address; of two drafts the copy does not stand."""
    site = Folder(tmp_path, {"a.yaml": f"{TRAINS}status: draft\n", "a copy.yaml": TRAINS})
    assert (site.standing, site.faults) == ({"a.yaml", "a copy.yaml"}, [])
    site.scan({"a copy.yaml": None})
    site.scan({"a copy 2.yaml": f"{TRAINS}status: draft\n"})
    assert site.standing == {"a.yaml"}


def test_an_original_that_changes_its_title_lets_its_copy_go(tmp_path):
    """And where it takes the title back, its copy stands by then."""
    site = Folder(tmp_path, {"a.yaml": TRAINS, "a copy.yaml": TRAINS})
    assert site.standing == {"a.yaml"}
    site.scan({"a.yaml": entry_text(id=None, title="Another")})
    assert (site.standing, site.faults) == ({"a.yaml", "a copy.yaml"}, [])


@seldom
@given(SOURCES | st.sampled_from([f"entries/{name}" for name in (*COPIES, *NUMBERED)]))
def test_a_copy_has_a_longer_name_than_its_originals(source):
    """The law: so no file is a copy of itself, or of a copy of its own; they are in the same folder."""
    found = originals(source)
    assert all(len(one) < len(source) for one in found)
    assert {one.rpartition("/")[0] for one in found} <= {source.rpartition("/")[0]}
    assert len(found) <= 3


@seldom
@given(st.text(min_size=1), st.integers(2, 5))
@example("x" * 200, 3)
@example("日" * 66, 2)
def test_a_slug_that_is_proposed_is_accepted_and_free(name, count):
    """The law: pasted, it gives an address that no other of these articles has, and is told."""
    slug = slug_of(name)
    assume(slug and is_writable(slug))
    conflicts = resolve([entry(str(number), path=f"/2026/11/{slug}/") for number in range(count)]).conflicts
    texts = [entry_text(slug=f'"{conflict.advice}"') for conflict in conflicts]
    pasted = [read(text.encode(), PATH, settings()) for text in texts]
    assert [one.faults for one in pasted] == [()] * (count - 1)
    assert len({f"/2026/11/{slug}/", *(one.entry.path for one in pasted)}) == count


@pytest.mark.sampled
@pytest.mark.parametrize("text", [entry_text(), TRAINS, None], ids=["one id", "copies", "one second"])
def test_many_files_that_ask_for_the_same_take_no_longer_than_others(tmp_path, text):
    """When they come, and when they go. (Where each took the others' time, 2,000 took six times as long.)"""

    def seconds(folder, files):
        path = tmp_path / folder
        path.mkdir()
        taken = []
        gc.collect()
        gc.disable()  # its time depends on all other objects of the process
        try:
            began = process_time()
            site = Folder(path, files)
            taken.append(process_time() - began)
            began = process_time()
            site.scan(dict.fromkeys(files))
            return [*taken, process_time() - began]
        finally:
            gc.enable()

    numbers = range(2000)
    name = "a copy {}.yaml" if text == TRAINS else "a{}.yaml"
    same = {name.format(number): text or entry_text(id=None, title=f"N{number}") for number in numbers}
    other = {
        f"b{number}.yaml": entry_text(id=None, published=f"2026-11-22 09:{number // 60 % 60:02}:{number % 60:02}")
        for number in numbers
    }
    tries = []
    for number in range(3):  # another process on the machine may have slowed one of the two down
        limits = [max(0.3, 3.5 * taken) for taken in seconds(f"other {number}", other)]
        taken = seconds(f"same {number}", {"a.yaml": text or TRAINS, **same})
        tries.append((taken, limits))
        if all(one < limit for one, limit in zip(taken, limits, strict=True)):
            return
    raise AssertionError(tries)
