"""A fault beside its line: what is shown of the line, what of it is wrong, and the mend."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.cells import cells
from feedsite.checking.framed import WIDEST, Frame, Mended, framed
from feedsite.checking.printing import coloured, frame_lines
from feedsite.codes import Code
from feedsite.edits import Edit
from feedsite.errors import Fault

TEXT = "id: x\ntitle: War: what is it\nbody: |\n  The night train runs again.\n"
QUOTED = '"War: what is it"'


def frame(text, line, column, end=0, message="this is odd", mend=()):
    return framed(Fault("entries/a.yaml", line, column, Code.COLON_IN_VALUE, message, end, mend), text)


def printed(*of, **more):
    """The frame's lines below its head."""
    return list(frame_lines(frame(*of, **more)))[1:]


def replaced(text, old, new):
    begin = text.index(old)
    return (Edit(begin, begin + len(old), new),)


def test_a_fault_is_shown_below_its_line_and_above_the_line_as_it_should_be():
    """What the message says of the mend is left out, for the mend stands below it."""
    message = f"a value that holds a colon must stand in quotation marks; write title: {QUOTED}"
    of = frame(TEXT, 2, 8, 23, message, replaced(TEXT, "War: what is it", QUOTED))
    assert of == Frame(
        "entries/a.yaml:2:8",
        Code.COLON_IN_VALUE,
        "a value that holds a colon must stand in quotation marks",
        number=2,
        shown="title: War: what is it",
        begin=7,
        end=22,
        mend=(Mended(2, f"title: {QUOTED}"),),
    )
    assert list(frame_lines(of)) == [
        "E010 entries/a.yaml:2:8",
        "    2 | title: War: what is it",
        "      |        ^^^^^^^^^^^^^^^",
        "      | a value that holds a colon must stand in quotation marks",
        f"  fix | title: {QUOTED}",
    ]


def test_a_message_keeps_the_advice_that_no_mend_shows():
    """Without a mend, and with one of other words."""
    message = "nothing is called that; write `title`"
    assert frame(TEXT, 2, 1, message=message).message == message
    assert frame(TEXT, 2, 1, message=message, mend=replaced(TEXT, "id", "ID")).message == message


def test_a_mend_is_not_said_twice_however_the_message_begins_it():
    """Behind a colon, too."""
    said = frame("title:War", 1, 6, 7, "write a space after the colon: title: War", replaced("title:War", ":", ": "))
    assert said.message == "write a space after the colon"


def test_a_short_beginning_of_a_line_stays_where_all_behind_it_is_wrong():
    """Whoever reads it sees which field it is."""
    of = frame(f"aliases: [{'/a, ' * 100}]", 1, 10, 412)
    assert of.shown.startswith("aliases: [/a, ")
    assert of.shown.endswith("...")
    assert cells(of.shown) == WIDEST


def test_a_fault_of_the_whole_file_has_no_line():
    """Nor has one whose file is gone, or has fewer lines by now."""
    for of in (frame(TEXT, 0, 0), frame("", 2, 1), frame(TEXT, 99, 1)):
        assert (of.number, of.shown) == (0, "")


def test_a_new_line_is_added_and_a_changed_one_fixed():
    """A line elsewhere has its number; of many some are shown."""
    below = len(TEXT)
    assert printed(TEXT, 1, 1, mend=(Edit(0, 0, "status: draft\n"),))[-1] == "  add | status: draft"
    assert printed(TEXT, 1, 1, mend=(Edit(below, below, "tags: [a]\n"),))[-1] == "add 5 | tags: [a]"
    two = (Edit(0, 2, "ID"), Edit(TEXT.index("body"), TEXT.index("body") + 4, "BODY"))
    assert printed(TEXT, 1, 1, mend=two)[-2:] == ["  fix | ID: x", "fix 3 | BODY: |"]
    many = printed(TEXT, 1, 1, mend=(Edit(0, 0, "x\n" * 100),))
    assert many[-7:] == ["  add | x", *["      | x"] * 5, "      | ..."]


def test_a_line_that_is_taken_out_is_not_shown():
    """The message says so; where two lines become one, that is shown."""
    assert frame(TEXT, 1, 1, mend=replaced(TEXT, "id: x\n", "")).mend == ()
    assert frame(TEXT, 1, 1, mend=replaced(TEXT, "x\ntitle", "x, title")).mend == (
        Mended(1, "id: x, title: War: what is it"),
    )


def test_a_mend_of_a_file_that_has_changed_is_not_shown():
    """The edit's place may lie behind the end of the file as it is now."""
    assert frame("x\n", 1, 1, mend=(Edit(100, 104, "y"),)).mend == ()


@pytest.mark.parametrize(
    ("line", "wrong", "carets"),
    [
        ("title: 戦争: それは何か", "戦争: それは何か", " " * 7 + "^" * 16),
        ("東京: x", "x", " " * 6 + "^"),
        ("e\u0301te\u0301: x", "x", " " * 5 + "^"),
        ("a\tb", "b", " " * 5 + "^"),
        ("\tb", "\t", "^^^^"),
        ("각각: x", "x", " " * 6 + "^"),
        ("नमस्ते: x", "x", " " * 6 + "^"),
        ("🚂: x", "x", " " * 4 + "^"),
        ("x: שלום: עולם", "עולם", " " * 3 + "^" * 10),
        ("שלום: x", "x", " " * 6 + "^"),
    ],
)
def test_carets_stand_below_what_is_wrong_at_a_terminal(line, wrong, carets):
    """Wide letters, marks, tabs; of letters from right to left the whole run, which may be drawn either way."""
    column = line.index(wrong) + 1
    assert printed(line, 1, column, column + len(wrong))[1] == f"      | {carets}"


def test_a_line_with_letters_from_right_to_left_does_not_turn():
    """A mark before the line's number keeps it in front; other lines have none."""
    shown, carets, *_ = printed("כותרת: x", 1, 8, 9)
    assert shown == "\u200e    1 | כותרת: x"
    assert "\u200e" not in carets


def test_the_end_of_a_line_can_be_wrong():
    """There is no character then, and one caret."""
    of = frame("title: x", 1, 9, 9)
    assert (of.shown, of.begin, of.end) == ("title: x", 8, 8)
    assert printed("title: x", 1, 9, 9)[1] == "      |         ^"


def test_no_character_of_a_file_moves_the_cursor():
    """Escapes of terminals, and marks that turn the line, in the line, the mend, the message and the name."""
    hostile = "\x1b[2J\u202e\x07\r"
    fault = Fault(f"a{hostile}.yaml", 1, 1, Code.NO_FIELD, hostile, 0, (Edit(0, 0, hostile),))
    text = "\n".join(frame_lines(framed(fault, f"x{hostile}")))
    assert not [each for each in text if each != "\n" and unicodedata.category(each) in ("Cc", "Cf")]


WORDS = st.text(st.sampled_from("ab :戦\u0301ש🚂\t\x1b"), max_size=400)


@given(WORDS, WORDS, WORDS)
def test_a_long_line_is_cut_around_what_is_wrong(before, wrong, behind):
    """The law: a frame fits, and shows what is wrong or its beginning."""
    of = frame(before + wrong + behind, 1, len(before) + 1, len(before) + len(wrong) + 1)
    assert cells(of.shown) <= WIDEST
    assert 0 <= of.begin <= of.end <= len(of.shown)
    whole = re.sub("[\x1b]", "?", wrong.replace("\t", "    "))
    marked = of.shown[of.begin : of.end]
    assert marked == whole or whole.startswith(marked.removesuffix("...")) or not wrong
    assert not of.shown.removeprefix("...").startswith("\u0301") or before.startswith("\u0301") or not before


@given(st.text(), st.integers(0, 5), st.integers(0, 50), st.integers(0, 60), st.lists(st.integers(0, 60), max_size=4))
def test_every_place_has_a_frame(text, line, column, end, places):
    """The law: whatever the places are, of a file as it was or as it is now, lines come of them."""
    edits = tuple(Edit(place, place, "x\n") for place in places)
    of = framed(Fault("a.yaml", line, column, Code.NO_FIELD, "odd", end, edits), text)
    assert len(list(frame_lines(of, coloured))) == 2 + 2 * bool(of.number) + len(of.mend)
