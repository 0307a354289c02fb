"""The time to read a file is linear in its size, whatever it contains and in whichever field."""

import gc
import json
import random
import time
import tracemalloc
from itertools import count

import pytest

from feedsite.checking.references import references
from feedsite.errors import Faults
from feedsite.parsing import entryfile
from feedsite.parsing.entryfields import FIELDS
from feedsite.parsing.nodes import MAX_MEMBERS
from feedsite.parsing.sitefields import FIELDS as SITE_FIELDS
from feedsite.parsing.sitefile import read as read_settings
from feedsite.urls import Urls

from .support.builders import PATH, entry_text, settings
from .support.tried import some

SMALL, LARGE = 16_000, 256_000  # bytes
PIECE = LARGE // MAX_MEMBERS + 1  # letters
MOST = 2.5  # times as long as a linear reading takes; 1.4 at the most was measured, on a busy machine too
PAGE = 3_000  # letters that a message may have
LEAST = 0.001  # seconds for the small text, as nearly all take: what is no slower than that grows harmlessly
SITE = settings()

# Texts of a size, each a unit that is repeated; {} is another number each time.
SHAPES = {
    "one word": "x",
    "parts": "a/",
    "parts with dots": "/a.a",
    "dots": ".",
    "words": "a ",
    "commas": "a, ",
    "colons": "a:b",
    "hyphens": "-a",
    "at signs": "a@",
    "angles and at signs": "a<@",
    "digits": "1",
    "spaces": "x    ",
    "accents": "a\u0301\u0323",
    "marks alone": "\u0301\u0323",
    "letters of three bytes": "夜",
    "addresses": "https://a.example/a ",
    "backslashes": "\\",
    "quotation marks": '"',
    "brackets": "[",
    "links begun": "[a](",
    "pictures begun": "![a](<",
    "links": "[a](b) ",
    "quotations": "> ",
    "stars": "***",
    "stars and words": "**a",
    "underscores": "_a_",
    "ticks": "`a``",
    "tildes": "~~a",
    "bars": "|",
    "footnotes": "x[^{0}] [^{0}]: y ",
    "tags": "<b>",
    "tags of several kinds": "<i><p>",
    "tags begun": "<a ",
    "comments begun": "<!--",
    "ends of tags": "</b>",
    "a value begun": '<a b="',
    "attributes": "<a x{}=y ",
    "entities": "&amp;",
    "ampersands": "&",
    "numbers of letters": "&#",
    "names of letters": "&a",
    "frames begun": "<iframe src=a>",
    "frames": "<iframe src=a title=b></iframe>",
    "objects": "<object data=a>",
    "objects with words": "<object data=a>b<embed src=c></object>",
    "players": "<video src=a><source src=b>",
    "players of two kinds": "<video><audio src=a></video></audio>",
    "pictures in noscript": "<noscript><img src=a>",
    "lazy pictures": "<img data-src=a><noscript><img src=a></noscript>",
    "formulas": "<math><mi>a</mi></math>",
    "formulas begun": "<math><mi/>",
    "annotations": "<math><annotation>a",
    "places": "<a id=a{0} name=b>",
    "marked words": "==a== ",
    "marks begun": "==a ",
    "raised letters": "<sup>1",
    "tasks": "[ ] ",
    "dollar signs": "$a$ ",
    "footnotes' marks": '<div class="footnote-definition">[^{0}]',
    "template code": "{{{{ x ",
    "shortcodes": "[gallery a=b ",
    "links of a wiki": "[[a",
    "names of emoji": ":ab:",
    "attribute lists": "{{: a",
    "embeds": "<iframe src=x ",
    "components": "<Ab ",
    "links to ids": "[a](#b{0}) ",
}
# Of these, what a value that is no Markdown may be slow for.
_OF_A_VALUE = (
    "one word, parts, parts with dots, dots, words, commas, colons, hyphens, angles and at signs, digits, spaces,"
    " accents, addresses, backslashes, quotation marks, brackets, entities"
)
PLAIN = {shape: SHAPES[shape] for shape in _OF_A_VALUE.split(", ")}
# What only a body has lines for.
LINES = {
    "paragraphs": "x\n\n",
    "a table": "|a|b|\n|-|-|\n",
    "rows": "|a|b|c\n",
    "a list": "- a\n",
    "a list in a list": "- - - a\n",
    "numbers": "1. a\n",
    "quotations in lines": "> a\n",
    "headings": "a\n=\n",
    "rules": "---\n",
    "code": "    a\n",
    "fences": "```\n",
    "footnotes in lines": "x[^{0}]\n\n[^{0}]: y\n\n",
    "marks of a merge": "<<<<<<< a\n=======\n>>>>>>> b\n",
    "elements of code": "<code>{{{{x\n",
    "addresses by name": "[a{0}]\n\n[a{0}]: /b\n\n",
    "equals signs": "=",
    "headings alike": "# a\n",
    "headings with ids": "# a {{#b}}\n",
    "headings with ids begun": "# {{#a\n",
    "notices": "> [!NOTE]\n> a\n\n",
    "tasks in lines": "- [ ] a\n",
    "definitions": "a\n: b\n\n",
    "one footnote": "x[^1]\n\n[^1]: y[^1]\n\n",
    "formulas in lines": "$$\na\n$$\n\n",
}
# Where a long text may stand in a body's HTML.
WITHIN = {
    "a title": '<a title="{}">x</a>',
    "an address": '<a href="//{}">x</a>',
    "an address elsewhere": '<a href="https://a.example/{}">x</a>',
    "a link": "[a](//{})",
    "a srcset": '<div><img srcset="{}"></div>',
    "an address in a srcset": '<div><img srcset="https://{} 1x"></div>',
    "a class": '<div class="{}">x</div>',
    "a tag": "<div {}>x</div>",
    "attributes of a paragraph": "<p {}>x</p>",
    "attributes of a picture": "<img data-src=a {}>",
    "attributes of a frame": "<iframe src=a {}></iframe>",
    "a heading": "<h2>{}</h2>",
    "a heading with an id": "<h2>{} {{#a}}</h2>",
    "raised letters": "<p><sup>{}</sup></p>",
    "a film": "<video src=a>{}</video>",
    "a formula": "<math>{}</math>",
    "noscript": "<div><noscript>{}</noscript></div>",
}
FORMS = {
    "text": lambda text: json.dumps(text, ensure_ascii=False),
    "list": lambda text: json.dumps(_pieces(text), ensure_ascii=False),
    "fields": lambda text: json.dumps(dict.fromkeys(_pieces(text), "x"), ensure_ascii=False),
    "as it is": lambda text: text,
}


def grown(unit, size):
    """The unit, repeated until the text has this many bytes."""
    if "{" not in unit:
        return unit * (size // len(unit.encode()))
    made, length = [], 0
    for number in count():
        made.append(unit.format(number))
        length += len(made[-1])
        if length >= size:
            return "".join(made)
    raise AssertionError


def _pieces(text):
    """As the items of a list, each different; of the large text as many as a list may have."""
    return [f"{start}{text[start : start + PIECE]}" for start in range(0, len(text), PIECE)]


def seconds(work, text, tries=3):
    """CPU time of this thread, the least of a few runs: another process on the machine changes little in it.

    Without garbage collection, whose time depends on all other objects of the process.
    """
    best = float("inf")
    gc.disable()
    try:
        for _ in range(tries):
            began = time.thread_time()
            work(text)
            best = min(best, time.thread_time() - began)
            if best > 1:
                break
    finally:
        gc.enable()
    return best


def is_linear(work, make):
    """16 times as much text takes some 16 times as long, not 256 times: measured again where it seems slower."""
    small, large = make(SMALL), make(LARGE)
    if (taken := seconds(work, large, 1)) < LARGE / SMALL * LEAST:
        return True
    allowed = LARGE / SMALL * MOST
    return taken <= allowed * seconds(work, small) or any(
        seconds(work, large) <= allowed * seconds(work, small) for _ in range(3)
    )


def read(text):
    entryfile.read(text.encode(), PATH, SITE)


def read_site(text):
    try:
        read_settings(text.encode(), {})
    except Faults as error:
        assert error.faults  # noqa: PT017  # either outcome is lawful


def slow_shapes(work, field_text, units):
    return [shape for shape, unit in units.items() if not is_linear(work, lambda size: field_text(grown(unit, size)))]  # noqa: B023  # called at once


def file_with(name, form, **others):
    return lambda text: entry_text(**({**others, name: FORMS[form](text)}))


@pytest.mark.sampled
@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"body"}))
def test_a_field_takes_time_that_is_linear_in_its_length(name):
    """A field of an article is checked in linear time, with or without a fault."""
    slow = {form: slow_shapes(read, file_with(name, form), PLAIN) for form in FORMS}
    assert [form for form in FORMS if slow[form]] == [], slow


@pytest.mark.sampled
@pytest.mark.parametrize("name", sorted(SITE_FIELDS))
def test_a_field_of_site_yaml_takes_time_that_is_linear_in_its_length(name):
    """A field of site.yaml is checked in linear time, with or without a fault."""

    def text_in(form):
        def text_of(text):
            needed = {"title": "x", "description": "y"} | {name: FORMS[form](text)}
            return "".join(f"{field}: {value}\n" for field, value in needed.items())

        return text_of

    slow = {form: slow_shapes(read_site, text_in(form), PLAIN) for form in FORMS}
    assert [form for form in FORMS if slow[form]] == [], slow


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("record", "name"),
    [
        ("image", "src"),
        ("image", "alt"),
        ("enclosures", "url"),
        ("enclosures", "type"),
        ("authors", "name"),
        ("authors", "email"),
        ("authors", "url"),
        ("corrections", "at"),
        ("corrections", "note"),
        ("withdrawn", "reason"),
        ("image", "unknown"),
    ],
)
def test_a_field_within_a_field_takes_time_that_is_linear_in_its_length(record, name):
    """A field of an image, an enclosure, an author, ... is checked in linear time."""
    sound = {
        "image": {"src": "images/a.png", "alt": "x"},
        "enclosures": {"url": "audio/a.mp3", "type": "audio/mpeg", "length": "3"},
        "authors": {"name": "x"},
        "corrections": {"at": "2026-11-23", "note": "x"},
        "withdrawn": {"at": "2026-11-23", "reason": "x"},
    }[record]

    def text_of(text):
        return entry_text(**{record: json.dumps(sound | {name: text}, ensure_ascii=False)})

    assert slow_shapes(read, text_of, PLAIN) == []


def test_a_fields_name_takes_time_that_is_linear_in_its_length():
    """An unknown field's name is compared with the known ones in linear time."""
    assert slow_shapes(read, lambda text: entry_text() + f"{json.dumps(text)}: x\n", PLAIN) == []
    assert slow_shapes(read, lambda text: entry_text() + f"{text}: x\n", PLAIN) == []


def indented(text):
    return entry_text(body="|\n" + "".join(f"  {line}\n" for line in text.split("\n")))


def test_a_body_takes_time_that_is_linear_in_its_length():
    """Markdown, HTML and any other text become an article or a fault in linear time."""
    assert slow_shapes(read, indented, dict(some((SHAPES | LINES).items(), random))) == []


def test_formulas_and_typographic_marks_take_linear_time():
    """Where site.yaml asks for them."""
    site = settings(typographer=True, math=True)
    units = {
        name: (SHAPES | LINES)[name] for name in ("dollar signs", "formulas in lines", "quotation marks", "hyphens")
    }

    def read_all(text):
        entryfile.read(text.encode(), PATH, site)

    assert slow_shapes(read_all, indented, units | {"dollar signs alone": "$", "braces": "${{", "dots": "."}) == []


@pytest.mark.sampled
@pytest.mark.parametrize("around", WITHIN.values(), ids=WITHIN)
def test_html_takes_time_that_is_linear_in_its_length(around):
    """A body that is one address, one attribute or one tag takes linear time."""

    def within(text):
        return indented(around.replace("{}", text).replace("{{", "{").replace("}}", "}"))

    assert slow_shapes(read, within, dict(some(SHAPES.items(), random))) == []


def test_a_body_takes_memory_that_is_linear_in_its_length():
    """What Python allocates for a body, aliases, tags or a title is linear in their length."""
    costs = {}
    for name, form in (("body", "text"), ("aliases", "list"), ("tags", "list"), ("title", "text")):
        for shape in ("one word", "parts with dots", "tags"):
            peaks = [peak(file_with(name, form)(grown(SHAPES[shape], size))) for size in (SMALL, LARGE)]
            if peaks[1] > LARGE / SMALL * 2 * max(peaks[0], 400_000):
                costs[name, shape] = peaks
    assert costs == {}


def peak(text):
    read(text)  # what is made once
    tracemalloc.start()
    try:
        read(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_address_is_resolved_in_time_that_is_linear_in_its_length():
    """Urls.resolve() returns or raises in linear time."""

    def resolve(text):
        try:
            Urls("https://news.example").resolve(text, "/2026/11/x/")
        except ValueError:
            return

    assert slow_shapes(resolve, lambda text: f"//{text}", SHAPES) == []
    assert slow_shapes(resolve, lambda text: f"https://a.example/{text}", SHAPES) == []


def test_an_alias_of_forty_kilobytes_is_refused_at_once():
    """An alias that is too long is refused before any other check."""
    text = entry_text(aliases=f'["{"/a.a" * 10_000}"]')
    assert seconds(read, text) < 0.1
    (fault,) = entryfile.read(text.encode(), PATH, SITE).faults
    assert "is too long; 500 letters are the most that can stand here" in fault.message


def test_no_message_about_a_field_is_longer_than_a_page():
    """A message repeats only the two ends of a very long value."""
    longest = {}
    for name in (*FIELDS, "unknown", "x" * 1000):
        for form, written in FORMS.items():
            for shape, unit in PLAIN.items():
                text = entry_text(**{name: written(grown(unit, 2 * PAGE))})
                letters = max(
                    (len(fault.message) for fault in entryfile.read(text.encode(), PATH, SITE).faults), default=0
                )
                if letters > PAGE:
                    longest[name, form, shape] = letters
    assert longest == {}


@pytest.mark.parametrize(
    "unit",
    [
        "tags: [#a\n",
        "body: [#a\n",
        "  a: b: c\n",
        "* a\n",
        "a：b\n",
        "\u00a0a\n",
        "<<<<<<< a\n",
        "title: “a: b”\n",
        "- {a: b, c d: e\n",
        "{a: b, c, ",
        "[a, '",
        'x: {a: b, "',
        "body: a\n  # b\n\n",
        "a: |\n  b\n## c\n",
        'a: "b\n',
        "a: 'b\n'",
        "a: [b,\n",
        "a: [{b: 'c'd\n",
        "- [{a: b},{c: d},\n",
        "a: {b, c}\n",
        "body: |\n  a\nB: c\n",
        "body: |\n   a\n  b\nc\n",
        "B c: d\n",
        "a:\u00a0b\n",
    ],
)
def test_a_faulty_file_is_explained_in_time_that_is_linear_in_its_length(unit):
    """Whatever the parser stops at, and however many lines are above it."""
    units = {unit: unit.replace("{", "{{").replace("}", "}}")}
    assert slow_shapes(read, lambda text: text, units) == []
    assert slow_shapes(read, lambda text: f"title: x\nbody:\n{text}", units) == []


@pytest.mark.parametrize("style", ["", ">\n", "|\n"])
def test_a_body_in_another_style_takes_time_that_is_linear_in_its_length(style):
    """What YAML joins or drops of its lines is found in linear time."""

    def text_of(text):
        return entry_text(body=style + "".join(f"  {line}\n" for line in text.split("\n")) + "## x")

    units = {"paragraphs": "x\n\n", "comments": "x\n# y\n", "items": "- x\n", "plain": "xx\n"}
    assert slow_shapes(read, text_of, units) == []


def test_references_are_found_in_time_that_is_linear_in_the_text():
    """Whatever is begun and not ended."""
    units = {unit: unit for unit in ("[a](", "[a](<", "[a]((", "](a(b", "[", "\n[a", "\n[a]: b", "<http:a", "](   ")}
    units |= {unit: unit for unit in ('href="', "href='", "href = ", "<a data-src=b", "src  ", "](\\", "[a](b) ")}
    assert slow_shapes(lambda text: references(text, str), lambda text: text, units) == []
