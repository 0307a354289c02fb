"""YAML text as fields: names, values and places. What is faulty in YAML's own terms is in faulty/."""

from time import process_time

import pytest

from feedsite.parsing import nodes
from feedsite.parsing.nodes import Mapping, Mark, Named, Scalar, Sequence


def parse(text):
    return nodes.parse(text.encode(), "a.yaml")


def value(text):
    root, faults = parse(text)
    assert not faults
    return root.fields[0].value


def told(text):
    return [str(fault) for fault in parse(text)[1]]


def test_every_name_and_value_keeps_its_place():
    """Lines and columns count from 1, for names and for values, at every depth."""
    root, faults = parse("title: War\n\ntags: [a, {b: c}]\nimage:\n  alt: x\n")
    assert faults == []
    assert root == Mapping(
        (
            Named("title", Mark(1, 1), Scalar("War", Mark(1, 8))),
            Named(
                "tags",
                Mark(3, 1),
                Sequence(
                    (
                        Scalar("a", Mark(3, 8)),
                        Mapping((Named("b", Mark(3, 12), Scalar("c", Mark(3, 15))),), Mark(3, 11)),
                    ),
                    Mark(3, 7),
                ),
            ),
            Named("image", Mark(4, 1), Mapping((Named("alt", Mark(5, 3), Scalar("x", Mark(5, 8))),), Mark(5, 3))),
        ),
        Mark(1, 1),
    )


def test_a_column_counts_characters_not_bytes():
    """What an editor's program shows as column 11 is column 11, whatever alphabet stands before it."""
    assert value("日本: {a: 🚃, b: c}\n").fields[1].mark == Mark(1, 12)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_every_line_end(end):
    """Windows, Unix and old Macintosh line ends part the same lines, and a text has only \\n."""
    root, faults = parse(end.join(["a: |", "  x", "  y", "b: c", ""]))
    assert faults == []
    assert root == Mapping(
        (
            Named("a", Mark(1, 1), Scalar("x\ny\n", Mark(1, 4))),
            Named("b", Mark(4, 1), Scalar("c", Mark(4, 4))),
        ),
        Mark(1, 1),
    )


def test_a_byte_order_mark_is_no_part_of_the_text():
    """A file that Notepad saved as UTF-8 reads like any other, and its columns are not moved."""
    assert nodes.parse(b"\xef\xbb\xbf" + b"title: War\n", "a.yaml") == parse("title: War\n")


@pytest.mark.parametrize(
    "plain",
    ["1984", "no", "true", "null", "~", "12:30", "0x10", "1e3", ".5", "2026-11-22", "=", "1_000", "b#c", "a ~ b"],
)
def test_a_plain_value_stays_the_text_it_is(plain):
    """YAML's own types are not asked: a title `no` is the word no."""
    assert value(f"title: {plain}\n") == Scalar(plain, Mark(1, 8))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"a\\tb \\u65e5 \\"q\\""', 'a\tb 日 "q"'),
        ("'It''s'", "It's"),
        ("'back\\slash'", "back\\slash"),
        ("|\n  two\n   lines\n", "two\n lines\n"),
        ("|-\n  two\n  lines\n", "two\nlines"),
        (">\n  one\n  line\n\n  next\n", "one line\nnext\n"),
        ("one\n  line\n", "one line"),
        ("''", ""),
        ("", ""),
        ("text # and a comment", "text"),
        ("text #", "text"),
    ],
)
def test_a_value_is_read_in_each_of_yamls_spellings(written, meant):
    """Quotation marks, escapes, blocks and folds all come to the text that was meant."""
    assert value(f"title: {written}\n").text == meant


def test_the_first_of_two_equal_names_is_kept():
    """A doubled name is told where it stands the second time, and reading goes on."""
    root, faults = parse("a: 1\nb: {c: 2, c: 3}\na: 4\n")
    assert [(named.name, named.mark) for named in root.fields] == [("a", Mark(1, 1)), ("b", Mark(2, 1))]
    assert [str(fault) for fault in faults] == [
        "a.yaml:2:11: c is written twice, first on line 2; keep one of the two",
        "a.yaml:3:1: a is written twice, first on line 1; keep one of the two",
    ]


def test_a_document_may_begin_and_end_with_its_marks():
    """`---` above the fields and `...` below them are YAML's own, and no second document."""
    assert parse("---\na: b\n...\n")[0] == Mapping((Named("a", Mark(2, 1), Scalar("b", Mark(2, 4))),), Mark(2, 1))


@pytest.mark.parametrize("bomb", ["[" * 25_000, "{a: " * 25_000, "- " * 25_000], ids=["lists", "fields", "items"])
def test_endless_nesting_is_a_fault(bomb):
    """Depth costs nothing: reading stops at the twenty-first level."""
    assert told(f"tags: {bomb}") or told(bomb)


def test_a_thousand_members_are_enough():
    """What is larger than any article's list, or has more fields than one, is refused at its first member too many."""
    assert told(f"tags: [{'a,' * 1000}]\n") == []
    message = "more than 1000 fields or list items stand together here"
    assert told(f"tags: [{'a,' * 1001}]\n") == [f"a.yaml:1:2008: {message}"]
    assert told("".join(f"x-{number}: a\n" for number in range(1001))) == [f"a.yaml:1001:1: {message}"]


def test_a_faulty_line_of_any_length_is_explained_in_a_moment():
    """It is read once, not once for each of its spaces."""
    began = process_time()
    assert told("title: @a" + " " * 20_000 + "b\n")
    assert process_time() - began < 0.5


def test_names_within_names_are_a_fault():
    """A name that is a list of names of lists has no bottom, and is refused at its top."""
    assert told("? " * 5_000 + "x\n") == [
        "a.yaml:1:3: a field's name must be a word; a name in brackets cannot be read"
    ]


def test_references_that_multiply_are_a_fault():
    """Twenty-four lines of aliases mean 2 ** 24 values to YAML; here the first of them is refused."""
    lines = ["x-0: &a0 [lol, lol]", *(f"x-{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 24))]
    assert [line.partition(": ")[0] for line in told("\n".join(lines))] == ["a.yaml:1:6"]


def test_a_byte_that_is_no_utf_8_is_told_where_it_stands():
    """A Latin-1 ü is found after the Japanese text before it, in characters."""
    (fault,) = nodes.parse("title: ok\nbody: 日本 Z".encode() + "ürich\n".encode("latin-1"), "a.yaml")[1]
    assert (fault.line, fault.column) == (2, 11)
    assert fault.message.startswith("this is not UTF-8 text (byte 0xFC); ")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_a_fault_in_the_first_line(coding):
    """What Notepad calls Unicode is not UTF-8."""
    (fault,) = nodes.parse("title: War\n".encode(coding), "a.yaml")[1]
    assert (fault.line, fault.column) in {(1, 1), (1, 2)}


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_carry_is_told_where_it_stands(mark):
    """What no feed could hold is refused in the file, before it is read as YAML."""
    assert told(f"a: b\nc: de{mark}f\n") == [
        f"a.yaml:2:6: an invisible control character (U+{ord(mark):04X}) stands here; delete it and type the place anew"
    ]


def test_a_byte_order_mark_within_the_text_is_told_where_it_stands():
    """Two files joined into one leave an invisible character behind, that would be part of a field's name."""
    (fault,) = parse("a: b\n\ufeffc: d\n")[1]
    assert (fault.line, fault.column) == (2, 1)
    assert "U+FEFF" in fault.message


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", " \n# x\n\n", "\ufeff", "---", "---\n", "--- # x\n...\n"]
)
def test_a_file_without_fields_is_empty(text):
    """White space and comments say nothing; the fault stands at the file's beginning."""
    assert told(text) == ["a.yaml:1:1: the file is empty; write its fields, such as `title: Night trains return`"]


def test_a_thousand_directives_are_one_fault():
    """libyaml compares each %TAG with all before it: a megabyte of them took seconds."""
    text = "".join(f"%TAG !x{number}! y\n" for number in range(1000)) + "---\ntitle: x\n"
    root, faults = nodes.parse(text.encode(), "entries/a.yaml")
    assert root is None
    assert [str(fault) for fault in faults] == [
        "entries/a.yaml:1:1: 1000 lines begin with %, which YAML keeps for itself; indent them, or take them out"
    ]
