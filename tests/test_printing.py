"""The lines of `feedsite check`: faults first, and what many files share only once."""

import re

from hypothesis import given
from hypothesis import strategies as st

from feedsite.checking.printing import lines
from feedsite.codes import Code
from feedsite.errors import Fault

FAULTS = st.lists(
    st.builds(
        Fault,
        st.sampled_from([f"entries/{name}.yaml" for name in "abcdef"]),
        st.integers(0, 3),
        st.just(1),
        st.sampled_from([Code.MISPLACED, Code.FOREIGN_CODE]),
        st.sampled_from(["/images/a.png is missing", "/images/b.png is missing", '"x" is odd', "no id"]),
    ),
    max_size=20,
)


def note(name, message="no id"):
    return Fault(f"entries/{name}.yaml", 1, 1, Code.FOREIGN_CODE, message)


def told(fault):
    """The line that tells of a fault's place and a note's message."""
    return f"{fault.code} {fault.place}" + (f" {fault.message}" if fault.is_note else "")


def every(faults, *, with_every_note=True):
    return [line for line in lines(faults, lambda _: "", with_every_note=with_every_note) if line and line[0] != " "]


def short(*faults):
    return every(faults, with_every_note=False)


@given(FAULTS)
def test_every_fault_is_printed_and_stands_before_every_note(faults):
    """The law, with and without --notes; with it each note is printed, too."""
    right = [told(fault) for fault in sorted(faults) if not fault.is_note]
    for with_every_note in (True, False):
        printed = every(faults, with_every_note=with_every_note)
        assert printed[: len(right)] == right
        assert all(re.match(r"N101 |`feedsite check --notes`", line) for line in printed[len(right) :])
    assert sorted(every(faults)) == sorted(map(told, faults))


def test_a_note_of_three_files_is_printed_for_each():
    """In the order of files."""
    assert short(*map(note, "cab")) == [f"N101 entries/{name}.yaml:1:1 no id" for name in "abc"]


def test_a_note_of_four_files_is_one_line_with_three_of_them():
    """And a last line that says how to see all."""
    assert short(*map(note, "abcd")) == [
        "N101 4 notes: no id (entries/a.yaml, entries/b.yaml, entries/c.yaml, ...)",
        "`feedsite check --notes` prints each note.",
    ]


def test_notes_that_differ_in_a_path_a_number_or_a_quotation_are_of_one_kind():
    """The first of them stands for all."""
    for one, other in (("/images/{} is gone", "12"), ("published lies in 20{}", "34"), ('"{}" is odd', "xy")):
        notes = [note(name, one.format(other[number % 2])) for number, name in enumerate("abcd")]
        assert short(*notes)[0].startswith(f"N101 4 notes such as: {one.format(other[0])} (entries/a.yaml, ")


def test_whether_a_text_has_more_of_them_makes_no_other_kind():
    """One code of a generator, and one of several."""
    code = "`{{ x }}` is template code{}: write it out"
    notes = [
        note(name, code.format(more)) for name, more in zip("abcd", ["", ", one of 3 in this text"] * 2, strict=True)
    ]
    assert len(short(*notes)) == 2


def test_many_notes_of_one_file_are_each_printed():
    """One file's notes are for one editor."""
    assert len(short(*(note("a", f"/images/{number}.png is gone") for number in range(9)))) == 9
