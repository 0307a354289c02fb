"""A slip that an editor makes without seeing it: where it is told, and that the line shown makes the file sound.

An editor who does what a message says loses no word of the article.
"""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsite.errors import Faults
from feedsite.parsing import entryfile, sitefile

from .support.builders import PATH, settings
from .support.laws import FILES, often
from .support.mending import mended

SITE = settings()
HEAD = 'id: "4711"\ntitle: Night trains\npublished: 2026-11-22T09:00:00Z\n'
BODY = "body: |\n  Hello.\n"


def faults(text):
    return [fault for fault in entryfile.read(text.encode(), PATH, SITE).faults if not fault.is_note]


def mend(text):
    """The entry of the file once each message is obeyed, up to five of them."""
    for _ in range(5):
        if not (found := faults(text)):
            return entryfile.read(text.encode(), PATH, SITE).entry
        text = mended(text, found[0])
    raise AssertionError((text, faults(text)))


def told(text):
    """The first fault of a file: line, column, message."""
    fault = faults(text)[0]
    return fault.line, fault.column, fault.message


MINISTER = "The minister said on Tuesday that all trains run again: they do not."


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (MINISTER, f"`  {MINISTER}`"),
        ('Minister: "We do not know."', '`  Minister: "We do not know."`'),
        ("Note: this is it.", "`  Note: this is it.`"),
        ("Title: this is it.", "`  Title: this is it.`"),
        ('Minister: "We do not know," she said.', 'indented, each of its lines like the first: `  Minister: "We do'),
        ("Note: this: is it.", "`  Note: this: is it.`"),
        ("They do not.", "`  They do not.`"),
        ("---", "`  ---`"),
        ("[^1]: A note.", "`  [^1]: A note.`"),
        ("* one", "`  * one`"),
        ("- one", "`  - one`"),
        ("> one", "`  > one`"),
    ],
)
@pytest.mark.parametrize("after", ["", "\n  More.\n"])
def test_a_line_of_the_text_in_the_first_column_is_to_be_indented(line, shown, after):
    """It is shown with its indentation, and nothing is said of taking it out, or of calling it by another name."""
    text = f"{HEAD}{BODY}\n{line}\n{after}"
    assert told(text)[:2] == (7, 1)
    assert shown in told(text)[2]
    assert not any("x-" in fault.message or "take" in fault.message for fault in faults(text))
    assert "Hello" in mend(text).body


def test_a_text_that_is_nowhere_indented_is_told_at_its_first_line():
    """Each of its lines has to be indented, and it begins there."""
    text = f"{HEAD}body: |\nThe train.\n\nIt is full.\n"
    assert told(text)[:2] == (5, 1)
    assert mend(text).body == "<p>The train.</p>\n<p>It is full.</p>\n"


def test_a_field_by_a_known_name_behind_a_text_stays_one():
    """`Summary:` behind a body is a slip for a field that the file does not have yet."""
    assert "called summary here; write `summary:`" in told(f"{HEAD}{BODY}Summary: x\n")[2]


def test_a_line_that_is_less_indented_than_the_text_is_told_there():
    """Not at the first field of the file, though that stands in quotation marks."""
    text = 'title: "A"\npublished: 2026-11-20\nbody: |\n   Hello\n  there\n'
    assert told(text)[:2] == (5, 3)
    assert told(text)[2].endswith("like the first: `   there`")
    assert mend(text).body == "<p>Hello\nthere</p>\n"


@pytest.mark.parametrize(
    ("fields", "owner", "shown"),
    [
        ("image:\nsrc: images/a.png\nalt: A car\n", "image", ["  src: images/a.png", "  alt: A car"]),
        ("image:\n    src: images/a.png\nalt: A car\n", "image", ["    alt: A car"]),
        ("withdrawn:\nat: 2026-11-23\nreason: Wrong.\n", "withdrawn", ["  at: 2026-11-23", "  reason: Wrong."]),
        ("enclosures:\nurl: audio/a.mp3\n", "enclosures", ["  url: audio/a.mp3"]),
    ],
)
def test_a_field_of_a_field_is_to_be_indented_below_it(fields, owner, shown):
    """An image, a withdrawal, an enclosure: each line is shown as it should stand."""
    text = HEAD + fields + BODY
    assert [fault.message for fault in faults(text)] == [f"indent it below {owner}: `{line}`" for line in shown]
    assert mend(text)


def test_a_field_of_the_publisher_is_to_be_indented_below_it():
    """site.yaml is told of in the same way."""
    with pytest.raises(Faults) as raised:
        sitefile.read(b"title: x\ndescription: y\npublisher:\nname: The Meridian\nurl: https://a.example/\n", {})
    assert [str(fault) for fault in raised.value.faults] == [
        "site.yaml:4:1: indent it below publisher: `  name: The Meridian`",
        "site.yaml:5:1: indent it below publisher: `  url: https://a.example/`",
    ]


NOT_CLOSED = "this quotation mark is never closed on its line; write title: "


@pytest.mark.parametrize(
    ("title", "rest", "meant"),
    [
        ('"A”', f'summary: "x"\n{BODY}', "A"),
        ('"Night trains', f'summary: "They run."\n{BODY}', "Night trains"),
        ('"Night trains', 'body: |\n  She said "x" yesterday.\n', "Night trains"),
        ('"Night trains', 'section: 5"\nbody: |\n  Hello.\n', "Night trains"),
        ("'Night trains", "body: |\n  It's late.\n", "Night trains"),
        ('"Night trains', BODY, "Night trains"),
        ("'Night trains’", BODY, "Night trains"),
        ("'tis the season", BODY, "'tis the season"),
        ('"He said “no”', BODY, "He said “no”"),
        ('"He said \\"no\\"', BODY, 'He said "no"'),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_told_where_it_stands(title, rest, meant):
    """Not where the parser meets the next one. A typographic mark at the end was meant to close it."""
    text = f"title: {title}\npublished: 2026-11-22T09:00:00Z\n{rest}"
    assert told(text)[:2] == (1, 8)
    assert told(text)[2].startswith(NOT_CLOSED)
    assert mend(text).title == meant


def test_a_mark_that_is_not_closed_below_a_field_or_in_a_list_is_told_where_it_stands():
    """The line is shown as it stands there, without its indentation."""
    text = f'{HEAD}image:\n  src: "images/a.png\n  alt: "x"\nauthors:\n  - "Mina\n  - "Ken"\n{BODY}'
    assert told(text) == (5, 8, 'this quotation mark is never closed on its line; write src: "images/a.png"')
    entry = mend(text)
    assert (entry.image.alt, [person.name for person in entry.authors]) == ("x", ["Mina", "Ken"])


def test_a_value_of_several_lines_in_quotation_marks_is_no_fault():
    """Also where another line of the file is one."""
    text = f'{HEAD}summary: "Night\n  trains \\\n  run"\nsection: @x\n{BODY}'
    assert told(text)[0] == 7
    assert mend(text).summary == "Night trains run"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("image: {src: images/a.png, alt: A blue car", "closed; write image: {src: images/a.png, alt: A blue car}"),
        ("tags: [a, b,", "the bracket is never closed; write tags: [a, b]"),
        ("corrections: [{at: 2026-11-23, note: x", "write corrections: [{at: 2026-11-23, note: x}]"),
        (
            "corrections: [{at: 2026-11-23, note: 'It's five'}]",
            'an apostrophe ends the value early; write corrections: [{at: 2026-11-23, note: "It\'s five"}]',
        ),
        ("authors: {sato, okafor}", "a list stands in brackets; write authors: [sato, okafor]"),
        ("tags: {news, travel}", "write tags: [news, travel]"),
        ("tags: {news}", "write tags: [news]"),
        ("section: {news}", "write section: news"),
        ("summary: {news, travel}", 'write summary: "{news, travel}"'),
        (
            "image: {src:images/a.png,alt:x}",
            "a space belongs behind each colon; write image: {src: images/a.png, alt: x}",
        ),
        ("summary: Number #1", 'write summary: "Number #1"'),
        ("section: #travel", 'write section: "#travel"'),
        ("section:\u00a0A", "a no-break space stands behind the colon; write an ordinary one: section: A"),
        ("section:　日本", "an ideographic space stands behind the colon; write an ordinary one: section: 日本"),
        ("summary:\u00a0A: b", 'write an ordinary one: summary: "A: b"'),
        ("summary:A: b", 'write a space after the colon: summary: "A: b"'),
    ],
)
@pytest.mark.parametrize("after", [BODY, f"summary: x\n{BODY}"])
def test_the_whole_line_is_shown_as_it_should_be(line, shown, after):
    """Pasted over the faulty one, it makes the file sound."""
    text = f"{HEAD}{line}\n{'' if line.startswith('summary') else after}"
    text = text if "body" in text else text + BODY
    assert told(text)[0] == 4
    assert told(text)[2].endswith(shown)
    assert mend(text)


def test_an_odd_space_behind_the_first_colon_of_a_file_is_named():
    """The parser finds no field there."""
    text = f"title:\u00a0A\npublished: 2026-11-22\n{BODY}"
    assert told(text) == (1, 7, "a no-break space stands behind the colon; write an ordinary one: title: A")
    assert mend(text).title == "A"


@pytest.mark.parametrize("sign", ["｜", "＞"])
@pytest.mark.parametrize("words", ["Hello.", "Hello: it runs."])
def test_a_wide_sign_of_a_block_is_named(sign, words):
    """To YAML it is a letter of the text, whether or not it can read that."""
    text = f"{HEAD}body: {sign}\n  {words}\n"
    assert told(text)[:2] == (4, 7)
    assert f"this sign ({sign}) is a letter to YAML" in told(text)[2]
    assert told(text)[2].endswith("write body: |")
    assert mend(text).body == f"<p>{words}</p>\n"


def noted(fields):
    """The messages of the notes on an article with these lines."""
    text = f'id: "4711"\npublished: 2026-11-22T09:00:00Z\n{fields}\n'
    return [fault.message for fault in entryfile.read(text.encode(), PATH, SITE).faults if fault.is_note]


@pytest.mark.parametrize(
    ("title", "words", "whole"),
    [
        ("“War”", "War", '"“War”"'),
        ("„Der Krieg“", "Der Krieg", '"„Der Krieg“"'),
        ("« La guerre »", "La guerre", '"« La guerre »"'),
    ],
)
@pytest.mark.parametrize("name", ["title", "summary"])
def test_typographic_marks_around_a_whole_value_are_noted_with_both_ways_to_write_it(name, title, words, whole):
    """Each of them ends the note; so does a text that has the same words, for then it is a quotation."""
    other = "" if name == "title" else "title: A\n"
    (message,) = noted(f"{other}{name}: {title}\nbody: x")
    assert message.endswith(f"letters; write {name}: {words}, or, if it is a quotation, {name}: {whole}")
    for written, body in ((words, "x"), (whole, "x"), (title, f"He said: {title}.")):
        assert noted(f"{other}{name}: {written}\nbody: |\n  {body}") == []


@pytest.mark.parametrize(
    "title", ["“War” and “peace”", "‘We were wrong’", "「戦争」", "War “in our time”", "“War”, he says"]
)
def test_quotation_marks_of_a_headline_have_no_note(title):
    """They are not around it, or they are such as no program makes of straight ones alone."""
    assert noted(f"title: {title}\nbody: x") == []


@pytest.mark.parametrize(
    "line", ["title: Up # by half", "title: A\nsummary: Up # by half", "title: A\nrights: Up # by half"]
)
def test_a_comment_right_behind_a_text_for_readers_is_noted_with_both_ways_to_write_it(line):
    """In quotation marks it is text; two spaces before the # tell that it is a comment."""
    (message,) = noted(f"{line}\nbody: x")
    assert 'readers do not get "by half"; if they shall, put all in quotation marks: "Up # by half"; if not' in message
    for written in ('"Up # by half"', "Up  # by half", "Up\t# by half", "Up # TODO by half", "Up # draft"):
        assert noted(f"{line.replace('Up # by half', written)}\nbody: x") == []


def test_a_comment_behind_a_word_of_the_desk_is_a_comment():
    """Nobody reads these values as they stand; an empty one waits for its words."""
    assert noted("title: A\nsection: world # by half\nstatus: published # by half\nsummary: # one line\nbody: x") == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("The *Titanic* sails", "The Titanic sails"),
        ("Fish &amp; chips&#33;", "Fish & chips!"),
        ("The <i>Titanic</i> sails<br>", "The Titanic sails"),
        ("A [long](https://a.example) way", "A long way"),
    ],
)
@pytest.mark.parametrize("name", ["title", "summary", "rights"])
def test_markup_in_a_text_that_has_none_is_noted_with_the_text_alone(typed, words, name):
    """Readers see its signs."""
    other = "" if name == "title" else "title: A\n"
    (message,) = noted(f'{other}{name}: "{typed}"\nbody: x')
    assert message.endswith(f'text without markup; write "{words}"')


@pytest.mark.parametrize(
    "title", ["F*ck and sh*t", "Q&A; R&D", "1 * 2 * 3 < 4 > 3", "[Exclusive] (updated)", "AT&T; a&b", "5*", "*A star"]
)
def test_signs_that_are_no_markup_have_no_note(title):
    assert noted(f'title: "{title}"\nbody: x') == []


def test_a_text_that_begins_with_its_title_has_a_note_and_another_heading_none():
    """In any capitals, with one # or two."""
    twice = "the title stands above the text already; take this heading out"
    for heading in ("# A trip", "## A TRIP ##"):
        assert noted(f"title: A trip\nbody: |\n  {heading}\n\n  x") == [twice]
    for text in ("# A trip home", "A trip", "x\n\n  # A trip"):
        assert noted(f"title: A trip\nbody: |\n  {text}\n\n  x") == []


def test_a_tag_loses_what_nobody_sees_at_its_ends():
    """It came with a copy, and would make another tag of it; within a word it can be meant."""
    text = f'{HEAD}tags: ["\u200brail\u00ad", "a\u200bb"]\n{BODY}'
    assert [tag.label for tag in entryfile.read(text.encode(), PATH, SITE).entry.tags] == ["rail", "a\u200bb"]


def test_toml_is_named():
    """Hugo's other front matter is no YAML."""
    line, column, message = told('+++\ntitle = "Night trains"\n+++\nHello.\n')
    assert (line, column) == (1, 1)
    assert message.startswith("TOML front matter begins here; feedsite reads YAML: take the +++ lines out")


def proposals(message):
    """The lines that a message shows, as they are to be written."""
    written = re.search(r"\bwrite (?:an ordinary one: |a space after the colon: )?(.*)$", message)
    indented = re.search(r"indent(?:ed)?\b.*?: `([ ].*)`$", message)
    return [found[1] for found in (written, indented) if found]


PIECES = st.lists(st.sampled_from(['title: "A"', "  x", "   y", "body: |", "'", "a: [b]", "{c}", "C d: e", "image:"]))


@often
@given(FILES | PIECES.map("\n".join).map(str.encode))
@example(b'title: "A"\npublished: 2026-11-20\nbody: |\n   Hello\n  there\n')
@example(b'title: "A"\nsummary: "b"\n- x\n')
def test_a_message_never_proposes_the_line_that_stands_there(content):
    """What is to be written differs from what is written."""
    found = entryfile.read(content, PATH, SITE).faults
    if found and any(proposals(fault.message) for fault in found):
        lines = re.split("\r\n|\r|\n", content.decode("utf-8-sig"))
        for fault in found:
            line = lines[fault.line - 1]
            assert not {line, line.strip()} & set(proposals(fault.message))
