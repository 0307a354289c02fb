"""The manifest of an export as a value: its rows, and the difference from a plan."""

import gc
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.changes import State
from feedsite.export import manifest
from feedsite.export.manifest import UNKNOWN, Difference, Row
from feedsite.planned import Planned

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
FILES = NAMES.filter(manifest._is_name)
ROWS = st.dictionaries(FILES, st.builds(Row, NAMES, NAMES, NAMES, st.integers(), st.integers(), NAMES))
STATES = st.none() | st.builds(
    State, journal=NAMES, row=st.integers(), article_row=st.integers(), moment=st.integers(), common=NAMES
)
PRINTS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("123"))


@given(ROWS, STATES)
def test_a_manifest_is_read_as_it_was_written(rows, state):
    """A manifest is read as it was written, with any name of a file, any row and any state."""
    assert manifest.from_bytes(manifest.to_bytes(rows, state)) == (rows, state)


@given(PRINTS, PRINTS)
def test_a_difference_leads_from_then_to_now(then, now):
    """A name is in one part of the difference at most; manifest and plan agree about all other names."""
    told = manifest.difference(then, now)
    parts = [*told.new, *told.changed, *told.removed]
    assert len(parts) == len(set(parts))
    assert {name: now.get(name, then.get(name)) for name in then.keys() | now.keys() if name not in parts} == {
        name: then[name] for name in then.keys() & now.keys() if then[name] == now[name]
    }
    assert bool(told) == (then != now)


def test_a_difference_keeps_the_order_of_the_plan():
    """A difference has the order of the plan, in which files are written."""
    told = manifest.difference({"z": "1", "y": "1", "x": "1"}, {"c": "1", "z": "2", "b": "1", "y": "1"})
    assert told == Difference(new=("c", "b"), changed=("z",), removed=("x",))


def test_a_list_of_feedsite_0_1_is_read():
    """A list by feedsite 0.1 gives names and entry files, with unknown content."""
    old = json.dumps({"a/index.html": "entries/a.yaml", "rows": ""}, indent=0).encode()
    rows = {"a/index.html": Row(UNKNOWN, source="entries/a.yaml"), "rows": Row(UNKNOWN)}
    assert manifest.from_bytes(old) == (rows, None)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1]",
        b"1",
        b'{"rows": {"a": 1}}',
        b'{"rows": {"a": []}}',
        b'{"rows": {}, "state": {"row": 1}}',
        b"[" * 99999,
    ],
)
def test_any_other_text_is_refused(text):
    """Text that is no manifest raises ValueError: its content is not guessed."""
    with pytest.raises(ValueError, match="no list"):
        manifest.from_bytes(text)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../a",
        "a/../../b",
        "a//b",
        "a/",
        "./a",
        ".feedsite/written.json",
        ".FeedSite/x",
        "a\0b",
        "\x1b[2J",
    ],
)
def test_what_is_no_name_of_an_exports_file_is_left_out(name):
    """A forged list names nothing outside the folder, and nothing in feedsite's own folder in it."""
    for listed in ({"version": 2, "rows": {name: ["x"], "b": ["x"]}}, {name: "", "b": ""}):
        assert list(manifest.from_bytes(json.dumps(listed).encode()).rows) == ["b"]


def test_what_a_killed_build_had_pending_stays_pending():
    """What a killed build was about to write stays pending in the next build, though the site no longer has it."""
    rows = {"a": Row("1"), "b": Row(UNKNOWN, source="entries/b.yaml")}
    items = {"a": Planned("/a", "2", "entries/a.yaml")}
    work = manifest.work(rows, items, frozenset(), lambda _name, row: row)
    assert (work.tasks, work.stale) == (("a",), ("b",))
    assert manifest.pending(work, rows, items) == {
        "a": Row(UNKNOWN, source="entries/a.yaml", path="/a"),
        "b": Row(UNKNOWN, source="entries/b.yaml"),
    }


def test_what_is_foreign_is_never_pending():
    """Somebody else's file is never pending: the build after one that was killed would overwrite it."""
    work = manifest.Work(unchanged={}, tasks=("a", "robots.txt"), stale=(), untouched={})
    items = {name: Planned(f"/{name}", "x") for name in work.tasks}
    assert list(manifest.pending(work, {}, items, {"robots.txt"})) == ["a"]


def test_a_hundred_thousand_rows_are_read_well_within_a_second():
    """Reading 100,000 rows takes less than 0.9 s of processor time: every build begins with it."""
    rows = {f"2026/11/story-{n}/index.html": Row("f" * 16, "d" * 16, f"entries/{n}.yaml", n, n) for n in range(100_000)}
    text = manifest.to_bytes(rows)
    gc.disable()  # its time depends on all other objects of the process
    try:
        begun = time.process_time()
        manifest.from_bytes(text)
        assert time.process_time() - begun < 0.9
    finally:
        gc.enable()
