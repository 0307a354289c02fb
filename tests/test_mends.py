"""What a fault says is written is what mends it: once that is applied, the file is the one that was meant."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from feedsite.edits import applied
from feedsite.parsing import composer, entryfile

from .support.builders import PATH
from .support.laws import FILES, SITE, often

SAMPLES = sorted((Path(__file__).parent / "faulty").glob("*.yaml"))
TEXT = """\
id: "4711"
title: Night trains
published: 2026-11-22
section: world
tags: [rail, night trains]
authors: [Mina Sato]
status: published
pin: true
language: en
image:
  src: images/train.jpg
  alt: The train
corrections:
  - at: 2026-11-23
    note: It was Linz.
summary: One night to Vienna.
body: |
  The train *runs* again.

  - one
    - two

      code
"""


def read(text):
    return entryfile.read(text.encode(), PATH, SITE)


def mended(text):
    """The text once each fault is mended that can be, and the faults that are left."""
    for _ in range(10):
        found = read(text)
        faults = [fault for fault in found.faults if not fault.is_note]
        if not any(fault.mend for fault in faults):
            return text, faults
        text = applied(text, (edit for fault in faults for edit in fault.mend))
    raise AssertionError(text)


def meant(slip, *, of=TEXT):
    """The text with a slip, once it is mended, is the one that was meant."""
    text, faults = mended(slip)
    assert faults == []
    assert read(text).entry == read(of).entry
    return text


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_a_mended_fault_is_gone_and_brings_no_other(sample):
    """Of a file that could not be parsed the parser reads on; in any other one only fewer faults are left."""
    text = sample.read_text()
    before = read(text).faults
    assume_mends = [fault for fault in before if fault.mend and not fault.is_note]
    if not assume_mends:
        return
    after = read(applied(text, (edit for fault in assume_mends for edit in fault.mend))).faults
    assert not {(fault.code, fault.message) for fault in assume_mends} & {(one.code, one.message) for one in after}
    if composer.parse(text.encode(), PATH)[0]:
        assert {fault.code for fault in after} <= {fault.code for fault in before}
        assert len(after) < len(before)


TITLES = st.text(st.sampled_from("ab  ::#@&!*%{}[]|>?`-,日\"'"), min_size=1, max_size=12).map(str.strip)
PLAIN = st.text(st.sampled_from("ab 日.-"), min_size=1, max_size=8).map(str.strip).filter(re.compile("[ab日]").match)


@often
@given(TITLES)
@example("A: b")
@example("#1 again")
@example("& so on")
@example("[one] two")
def test_a_title_that_yaml_reads_otherwise_is_put_in_quotation_marks(title):
    """Not a letter of it is lost. Marks around it are YAML's own."""
    assume(title and title[0] not in "\"'")
    slip = TEXT.replace("Night trains", title)
    found = read(slip).faults
    assume(found and found[0].mend)
    text, faults = mended(slip)
    assert faults == []
    assert read(text).entry.title == " ".join(title.split())


@often
@given(PLAIN, PLAIN, st.sampled_from(['"{} "{}" now"', '"{}" {}', "'{}'s {} now'"]))
def test_a_quotation_mark_within_a_value_is_kept(one, other, form):
    """Those around all of it are YAML's, where they belong to nothing else."""
    assume(one and other and not other.startswith("-"))
    written = form.format(one, other)
    is_outer = form != '"{}" {}'
    slip = TEXT.replace("Night trains", written)
    assume(read(slip).faults)
    text, faults = mended(slip)
    assert faults == []
    assert read(text).entry.title == " ".join((written[1:-1] if is_outer else written).split())


@pytest.mark.parametrize("around", ["“{}”", "„{}“", "«{}»", "「{}」"])
def test_typographic_quotation_marks_around_a_value_become_straight_ones(around):
    """Only where the value needs some: else they are a part of it."""
    slip = TEXT.replace("title: Night trains", f"title: {around.format('Night: trains')}")
    assert read(mended(slip)[0]).entry.title == "Night: trains"


@pytest.mark.parametrize(
    ("written", "slip"),
    [
        ('title: "Night trains"', 'title: "Night trains'),
        ('title: "Night trains"', 'title: "Night trains”'),
        ("title: 'Night trains'", "title: 'Night trains"),
        ("tags: [rail, night trains]", "tags: [rail, night trains"),
        ("tags: [rail, night trains]", "tags: [rail,, night trains]"),
        ("tags: [rail, night trains]", "tags: {rail, night trains}"),
        ("tags: [rail, night trains]", "tags:[rail, night trains]"),
        ("tags: [rail, night trains]", "tags:\n  * rail\n  * night trains"),
        ("tags: [rail, night trains]", "tags:\n-rail\n-night trains"),
        ("tags: [rail, night trains]", "tags：[rail, night trains]"),
        ('tags: ["#rail", night trains]', "tags: [#rail, night trains]"),
        ('tags: ["@rail", night trains]', "tags: [@rail, night trains]"),
        ('tags: ["a: b", night trains]', "tags: [a: b, night trains]"),
        ("title: Night trains", "Title: Night trains"),
        ("title: Night trains", "headline: Night trains"),
        ("title: Night trains", "titel: Night trains"),
        ("title: Night trains", "title : Night trains"),
        ("title: Night trains", "title:Night trains"),
        ("title: Night trains", "title:\u00a0Night trains"),
        ("title: Night trains", "title：Night trains"),
        ('title: "Night: trains"', "title：Night: trains"),
        ('title: "Night: trains"', "title:\u00a0Night: trains"),
        ("authors: [Mina Sato]", "author: Mina Sato"),
        ("section: world", "category: world"),
        ("summary: One", "description: One"),
        ("published: 2026-11-22", "date: 2026-11-22"),
        ("published: 2026-11-22", "published: 2026/11/22"),
        ("published: 2026-11-22", "published: 22.11.2026"),
        ("published: 2026-11-22", "published: 22 November 2026"),
        ("published: 2026-11-22", "date: 22.11.2026"),
        ("published: 2026-11-22T09:30", "published: 22.11.2026 9.30 Uhr"),
        ("status: published", "status: Published"),
        ("pin: true", "pin: yes"),
        ("language: en", "language: “en”"),
        ("body: |", "body: ｜"),
        ("body: |", "text: |"),
        ("  src: images/train.jpg\n  alt: The train", "\tsrc: images/train.jpg\n\talt: The train"),
        ("  src: images/train.jpg\n  alt: The train", "src: images/train.jpg\nalt: The train"),
        ("  src: images/train.jpg\n  alt: The train", "\u00a0\u00a0src: images/train.jpg\n\u00a0\u00a0alt: The train"),
        ("    note: It was Linz.", "\tnote: It was Linz."),
        ('summary: "Linz, that is: not Wels"', "summary: Linz, that is: not Wels"),
        ("image:\n  src: images/train.jpg", "image:\n  file: images/train.jpg"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_slip_of_an_editor_becomes_what_was_meant(written, slip, end):
    """The entry is that of the text which was meant; with the line ends of Windows, too."""
    line = next(one for one in (written, written.partition(": ")[0]) if one in TEXT or one is written)
    begin = TEXT if written in TEXT else re.sub(rf"(?m)^{re.escape(line.partition(':')[0])}: .*$", written, TEXT)
    assert written in begin
    text = begin.replace(written, slip).replace("\n", end)
    assert meant(text, of=begin).count(end) == text.count(end)


@pytest.mark.parametrize("space", ["\t", "\u00a0\u00a0", "\u3000"])
def test_odd_white_space_before_the_lines_of_a_text_becomes_spaces(space):
    """Deeper lines stay deeper."""
    head, body = TEXT.split("body: |\n")
    indented = "".join(
        (space * ((len(line) - len(line.lstrip(" "))) // 2) + line.lstrip(" ")) if line.strip() else line
        for line in body.splitlines(keepends=True)
    )
    meant(f"{head}body: |\n{indented}")


@pytest.mark.parametrize(
    "slip",
    [
        "title: Night trains section: news",
        "title: *lead",
        "published: 03/04/2026",
        "published: now",
        "published: 1790000000",
        "permalink: night-trains",
        "image: *lead",
        "title: A: b # a comment",
        "title: Night trainssection: news",
        "title: ,Night trains",
        'title: "Night trains"x',
        "title:n ight trains",
        'tags: "rail"]',
        "tags: [rail]x",
        "published: 2026-11-2T09:00",
        "published: 2026-11-22 09:3",
        "corrections: [{at: 2026-11-23, note: It was Linz., announce :true}]",
        "tags: #rail #vienna",
        "tags: rail, vienna",
        "section = world",
    ],
)
def test_what_is_not_certain_has_no_mend(slip):
    """Two fields on a line, YAML's own signs, a letter that is missing, days that may be others: an editor decides."""
    name = slip.partition(":")[0]
    text = re.sub(rf"(?m)^{name}:.*(?:\n  .*)*$", slip, TEXT) if re.search(f"(?m)^{name}:", TEXT) else f"{slip}\n{TEXT}"
    found = [fault for fault in read(text).faults if not fault.is_note]
    assert found
    assert slip.startswith("title: *") or not any(fault.mend for fault in found)


@often
@given(FILES)
def test_a_mend_brings_the_parser_on_and_changes_nothing_of_a_sound_file(content):
    """Whatever stands in a file."""
    found = entryfile.read(content, PATH, SITE)
    text = content.decode("utf-8-sig", "replace")
    for fault in found.faults:
        if fault.mend and not fault.is_note:
            again = entryfile.read(applied(text, fault.mend).encode(), PATH, SITE)
            if composer.parse(content, PATH)[0] is None:
                assert not again.faults or again.faults[0] != fault


def test_an_id_that_is_missing_is_written_as_it_was_derived():
    """Subscribers notice nothing: the entry is the same one."""
    text = "# A comment.\n" + TEXT.replace('id: "4711"\n', "")
    before = read(text)
    (note,) = [fault for fault in before.faults if fault.mend]
    after = applied(text, note.mend)
    assert after == text.replace("title:", f"id: {before.derived_id}\ntitle:", 1)
    assert read(after).entry == before.entry
    assert read(after).faults == ()


@often
@given(FILES | st.sampled_from([sample.read_bytes() for sample in SAMPLES]))
def test_what_is_wrong_lies_on_its_line(content):
    """The law: it ends where it begins, or behind that, on the same line; or its end is not known."""
    try:
        lines = re.split("\r\n|\r|\n", content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return
    for fault in entryfile.read(content, PATH, SITE).faults:
        assert 1 <= fault.line <= len(lines)
        assert fault.end == 0 or fault.column <= fault.end <= max(len(lines[fault.line - 1]) + 1, fault.column + 1)


@pytest.mark.parametrize(
    ("slip", "wrong"),
    [
        ("title: Night: trains", ":"),
        ("title: “Night: trains”", "“Night: trains”"),
        ("title: [one] two", "[one] two"),
        ("tags: [C#, @home]", "@home]"),
        ("titel: A", "titel"),
        ("published: 2026-02-30", "2026-02-30"),
        ('language: "jp"', '"jp"'),
        ("aliases: [/old, /feed.rss]", "/feed.rss"),
        ("body: |\n  See [^1] there.", "[^1]"),
        ("body: |\n  A {{< figure >}} there.", "{{< figure >}}"),
    ],
)
def test_of_a_line_just_what_is_wrong_is_marked(slip, wrong):
    """A sign, a name, a value, an item, a code of another generator."""
    name = slip.partition(":")[0]
    text = re.sub(rf"(?ms)^{name}:.*?(?=^\w|\Z)", f"{slip}\n", TEXT) if f"\n{name}:" in TEXT else f"{slip}\n{TEXT}"
    fault = read(text).faults[0]
    line = text.split("\n")[fault.line - 1]
    assert line[fault.column - 1 : fault.end - 1] == wrong
