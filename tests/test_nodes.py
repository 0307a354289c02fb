"""YAML text as fields: names, values and places. Faults of YAML's own syntax are in faulty/."""

from time import process_time

import pytest

from feedsite.parsing import composer
from feedsite.parsing.nodes import Mapping, Mark, Named, Scalar, Sequence


def parse(text):
    return composer.parse(text.encode(), "a.yaml")


def value(text):
    root, faults = parse(text)
    assert not faults
    return root.fields[0].value


def faults_of(text):
    return [str(fault) for fault in parse(text)[1]]


def test_every_name_and_value_keeps_its_place():
    """Lines and columns count from 1, for names and for values, at every depth; and where each ends on its line."""
    root, faults = parse("title: War\n\ntags: [a, {b: c}]\nimage:\n  alt: x\n")
    assert faults == []
    assert root == Mapping(
        (
            Named("title", Mark(1, 1, 6), Scalar("War", Mark(1, 8, 11))),
            Named(
                "tags",
                Mark(3, 1, 5),
                Sequence(
                    (
                        Scalar("a", Mark(3, 8, 9)),
                        Mapping(
                            (Named("b", Mark(3, 12, 13), Scalar("c", Mark(3, 15, 16))),),
                            Mark(3, 11, 17),
                            is_in_braces=True,
                        ),
                    ),
                    Mark(3, 7, 18),
                ),
            ),
            Named(
                "image",
                Mark(4, 1, 6),
                Mapping((Named("alt", Mark(5, 3, 6), Scalar("x", Mark(5, 8, 9))),), Mark(5, 3)),
            ),
        ),
        Mark(1, 1),
    )


def test_a_column_counts_characters_not_bytes():
    """A column is the number that an editor's program shows, whatever letters stand before it."""
    assert value("日本: {a: 🚃, b: c}\n").fields[1].mark == Mark(1, 12, 13)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_with_every_line_end(end):
    """Line ends of Windows, Unix and old Macs give the same lines, and a text has only \\n."""
    root, faults = parse(end.join(["a: |", "  x", "  y", "b: c", ""]))
    assert faults == []
    assert root == Mapping(
        (
            Named("a", Mark(1, 1, 2), Scalar("x\ny\n", Mark(1, 4), "|")),
            Named("b", Mark(4, 1, 2), Scalar("c", Mark(4, 4, 5))),
        ),
        Mark(1, 1),
    )


def test_a_byte_order_mark_is_no_part_of_the_text():
    """A file that begins with a byte order mark gives the same fields in the same columns."""
    assert composer.parse(b"\xef\xbb\xbf" + b"title: War\n", "a.yaml") == parse("title: War\n")


@pytest.mark.parametrize(
    "plain",
    ["1984", "no", "true", "null", "~", "12:30", "0x10", "1e3", ".5", "2026-11-22", "=", "1_000", "b#c", "a ~ b"],
)
def test_a_plain_value_stays_the_text_it_is(plain):
    """YAML's types do not apply: the title `no` is the word no."""
    assert value(f"title: {plain}\n") == Scalar(plain, Mark(1, 8, 8 + len(plain)))


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
    """Quotation marks, escapes, blocks and folds give the text that they mean in YAML."""
    assert value(f"title: {written}\n").text == meant


def test_the_first_of_two_equal_names_is_kept():
    """A doubled name is a fault where it stands the second time, and the rest of the file is read."""
    root, faults = parse("a: 1\nb: {c: 2, c: 3}\na: 4\n")
    assert [(named.name, named.mark) for named in root.fields] == [("a", Mark(1, 1, 2)), ("b", Mark(2, 1, 2))]
    assert [str(fault) for fault in faults] == [
        "a.yaml:2:11: c is written twice, first on line 2; keep one of the two",
        "a.yaml:3:1: a is written twice, first on line 1; keep one of the two",
    ]


def test_a_document_may_begin_and_end_with_its_marks():
    """`---` above the fields and `...` below them begin no second document."""
    assert parse("---\na: b\n...\n")[0] == Mapping((Named("a", Mark(2, 1, 2), Scalar("b", Mark(2, 4, 5))),), Mark(2, 1))


@pytest.mark.parametrize("bomb", ["[" * 25_000, "{a: " * 25_000, "- " * 25_000], ids=["lists", "fields", "items"])
def test_endless_nesting_is_a_fault(bomb):
    """Parsing stops at the twenty-first level."""
    assert faults_of(f"tags: {bomb}") or faults_of(bomb)


def test_a_thousand_members_are_enough():
    """The 1001st item of a list, and the 1001st field, is a fault."""
    assert faults_of(f"tags: [{'a,' * 1000}]\n") == []
    message = "more than 1000 fields or list items stand together here"
    assert faults_of(f"tags: [{'a,' * 1001}]\n") == [f"a.yaml:1:2008: {message}"]
    assert faults_of("".join(f"x-{number}: a\n" for number in range(1001))) == [f"a.yaml:1001:1: {message}"]


def test_a_faulty_line_of_any_length_is_explained_in_a_moment():
    """A line with 20,000 spaces is explained in half a second, not once for each space."""
    began = process_time()
    assert faults_of("title: @a" + " " * 20_000 + "b\n")
    assert process_time() - began < 0.5


def test_names_within_names_are_a_fault():
    """A field's name that is itself a list or fields is a fault, however deep it nests."""
    assert faults_of("? " * 5_000 + "x\n") == [
        "a.yaml:1:3: a field's name must be a word; a name in brackets cannot be read"
    ]


def test_aliases_that_multiply_are_a_fault():
    """Twenty-four lines of aliases mean 2 ** 24 values in YAML; the first anchor is refused."""
    lines = ["x-0: &a0 [lol, lol]", *(f"x-{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 24))]
    assert [line.partition(": ")[0] for line in faults_of("\n".join(lines))] == ["a.yaml:1:6"]


def test_a_byte_that_is_not_utf_8_is_a_fault_in_its_place():
    """The column of a Latin-1 ü counts the characters before it, not their bytes."""
    (fault,) = composer.parse("title: ok\nbody: 日本 Z".encode() + "ürich\n".encode("latin-1"), "a.yaml")[1]
    assert (fault.line, fault.column) == (2, 11)
    assert fault.message.startswith(
        "this is not UTF-8 text (byte 0xFC), but probably Windows-1252 or Latin-1, where that is ü; "
    )


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-32"])
def test_another_encoding_is_a_fault_in_the_first_line(coding):
    """UTF-16 and UTF-32 are refused at the first or second byte."""
    (fault,) = composer.parse("title: War\n".encode(coding), "a.yaml")[1]
    assert (fault.line, fault.column) in {(1, 1), (1, 2)}


@pytest.mark.parametrize("mark", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_carry_is_a_fault_in_its_place(mark):
    """A character that no feed can contain is refused before the file is parsed as YAML."""
    assert faults_of(f"a: b\nc: de{mark}f\n") == [
        f"a.yaml:2:6: an invisible control character (U+{ord(mark):04X}) stands here; delete it and type the place anew"
    ]


def test_a_byte_order_mark_within_the_text_is_a_fault_in_its_place():
    """Two files joined into one leave an invisible character, which would be part of a field's name."""
    (fault,) = parse("a: b\n\ufeffc: d\n")[1]
    assert (fault.line, fault.column) == (2, 1)
    assert "U+FEFF" in fault.message


@pytest.mark.parametrize(
    "text", ["", "\n", "# nothing yet\n", " \n# x\n\n", "\ufeff", "---", "---\n", "--- # x\n...\n"]
)
def test_a_file_without_fields_is_empty(text):
    """A file of white space and comments is empty, which is a fault at its beginning."""
    assert faults_of(text) == ["a.yaml:1:1: the file is empty; write its fields, such as `title: Night trains return`"]


def test_a_thousand_directives_are_one_fault():
    """libyaml compares each %TAG with all before it, so many of them are refused before it parses."""
    text = "".join(f"%TAG !x{number}! y\n" for number in range(1000)) + "---\ntitle: x\n"
    root, faults = composer.parse(text.encode(), "entries/a.yaml")
    assert root is None
    assert [str(fault) for fault in faults] == [
        "entries/a.yaml:1:1: 1000 lines begin with %, which YAML keeps for itself; indent them, or take them out"
    ]
