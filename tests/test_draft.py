"""The text of an entry file, changed in place: a field is set, a list gets an item, a field is taken out."""

from random import Random

import pytest

from feedsite.editing.draft import Draft
from feedsite.parsing.entryfields import FIELDS

from .support.entrytexts import FILES, comments, said
from .support.nastyfiles import STATES, nasty
from .support.tried import tries

EXAMPLES = tries(1000, one_in=10)  # of each state
NAMES = "id title published updated slug status withdrawn aliases tags corrections x-new".split()
VALUES = (
    "draft",
    "2026-12-01T08:00:00+01:00",
    "tag:news.example,2026:x",
    "null",
    "War: 'what', \"is\" # it? {日本} \\ [x",
    "x " * 2000,
    {"at": "2026-12-01T08:00:00Z", "reason": "Wrong: all, of # it"},
)
RECORD = {"at": "2026-12-01T08:00:00+01:00", "note": "It leaves at nine: not at eight.", "announce": "true"}


def draft(text):
    return Draft.of(text if isinstance(text, bytes) else text.encode(), FIELDS)


HEAD = "title: War\npublished: 2026-11-22 # at nine\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, "title: War\npublished: 2026-11-22 # at nine\nslug: war\n"),
        (f"{HEAD}slug:  peace  # so\nbody: x\n", f"{HEAD}slug:  war  # so\nbody: x\n"),
        (f"{HEAD}slug:  # so\nbody: x\n", f"{HEAD}slug: war  # so\nbody: x\n"),
        (f"{HEAD}slug: 'it''s'\n", f"{HEAD}slug: war\n"),
        (f"{HEAD}slug: ~", f"{HEAD}slug: war"),
        (f"{HEAD}slug: |\n  a\n\nbody: x\n", f"{HEAD}slug: war\n\nbody: x\n"),
        (f"{HEAD}slug: a\n  b\n", f"{HEAD}slug: war\n"),
        (f"{HEAD}slug:\n- a\n- b\nbody: x", f"{HEAD}slug: war\nbody: x"),
        ("# a\r\n---\r\n  body: x\r\n  title: y", "# a\r\n---\r\n  body: x\r\n  title: y\r\n  slug: war"),
        ("# a\n\n# b\nx-desk: y\n", "# a\n\n# b\nslug: war\nx-desk: y\n"),
        ("tags:\n  - a\n  # no b\n# c\nbody: x\n", "tags:\n  - a\n  # no b\nslug: war\n# c\nbody: x\n"),
        ("{title: War, body: x}", "{title: War, slug: war, body: x}"),
        ("{body: x}", "{slug: war, body: x}"),
        ('{"title": "War",\n "slug": "" }\n', '{"title": "War",\n "slug": war }\n'),
        ("{title: War, slug, body: x}", "{title: War, slug: war, body: x}"),
        ("\ufefftitle: 日本\n", "\ufefftitle: 日本\nslug: war\n"),
        ("title: War\rbody: x\r", "title: War\rslug: war\rbody: x\r"),
        ("title: War\nbody: |+\n  x\n\n", "title: War\nslug: war\nbody: |+\n  x\n\n"),
        ("? title\n: War\n", "? title\n: War\nslug: war\n"),
    ],
)
def test_a_field_is_set_and_nothing_else_changes(before, after):
    """A field that is there keeps its place, a new one gets that which the guide gives it."""
    assert draft(before).set("slug", "war").content == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}aliases: [/new/]\n"),
        ("title: War\naliases:\n", "title: War\naliases: [/new/]\n"),
        ("title: War\naliases: null # no\n", "title: War\naliases: [/new/] # no\n"),
        ("title: War\naliases: []\n", "title: War\naliases: [/new/]\n"),
        ("aliases: /old\n", "aliases: [/old, /new/]\n"),
        ("aliases: '/old' # x\n", "aliases: ['/old', /new/] # x\n"),
        ("aliases: /old,/b\n", 'aliases: ["/old,/b", /new/]\n'),
        ("aliases: |\n  /old\n", 'aliases: ["/old", /new/]\n'),
        ("aliases: [ /old , ]\n", "aliases: [ /old, /new/ , ]\n"),
        ("aliases: [\n  /old # x\n]\n", "aliases: [\n  /old, /new/ # x\n]\n"),
        ("aliases:\n- /old # x\nbody: y\n", "aliases:\n- /old # x\n- /new/\nbody: y\n"),
        ("aliases:\n    - /old\n    # x\nbody: y", "aliases:\n    - /old\n    # x\n    - /new/\nbody: y"),
        ("body: y\naliases:\n  - /old", "body: y\naliases:\n  - /old\n  - /new/"),
        ("{aliases: /old, body: x}", "{aliases: [/old, /new/], body: x}"),
        ("{title: x}", "{title: x, aliases: [/new/]}"),
    ],
)
def test_a_list_gets_one_more_item(before, after):
    """It stays the kind of list that it is; what stood there alone becomes the first item."""
    assert draft(before).append("aliases", "/new/").content == after.encode()


ITEM = '- at: 2026-12-01T08:00:00+01:00\n{0}  note: "It leaves at nine: not at eight."\n{0}  announce: true\n'
IN_BRACKETS = '{at: 2026-12-01T08:00:00+01:00, note: "It leaves at nine: not at eight.", announce: true}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, f"{HEAD}corrections:\n  {ITEM.format('  ')}"),
        ("corrections:\n- at: 2026\n  note: x\n", f"corrections:\n- at: 2026\n  note: x\n{ITEM.format('')}"),
        ("corrections:\n  at: 2026\n  note: x\n", f"corrections:\n  - at: 2026\n    note: x\n  {ITEM.format('  ')}"),
        ("corrections:\n  - {at: 2026}\n", f"corrections:\n  - {{at: 2026}}\n  - {IN_BRACKETS}\n"),
        ("corrections: {at: 2026}\n", f"corrections: [{{at: 2026}}, {IN_BRACKETS}]\n"),
        ("corrections: [{at: 2026}]\n", f"corrections: [{{at: 2026}}, {IN_BRACKETS}]\n"),
        ("corrections: {at: '', note: ''}\n", f"corrections: [{IN_BRACKETS}]\n"),
        ("{title: x}\n", f"{{title: x, corrections: [{IN_BRACKETS}]}}\n"),
    ],
)
def test_fields_of_their_own_are_written_as_those_before(before, after):
    """On lines where those of the list stand on lines, and where there is none yet."""
    assert draft(before).append("corrections", RECORD).text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: x\nstatus: draft\nbody: y\n", "title: x\nbody: y\n"),
        ("title: x\r\nstatus: draft  # till Monday\r\nbody: y\r\n", "title: x\r\n# till Monday\r\nbody: y\r\n"),
        ("title: x\n# so\nstatus:\n  draft\n\nbody: y", "title: x\n# so\n\nbody: y"),
        ("title: x\nstatus: draft", "title: x\n"),
        ("status: 'draft'\n\ntitle: x\n", "\ntitle: x\n"),
        ("{title: x, status: draft, body: y}", "{title: x, body: y}"),
        ("{status: draft , title: x}", "{title: x}"),
        ("{title: x, status: draft}", "{title: x}"),
        ("{title: x, status: draft, }", "{title: x, }"),
        ("{title: x,\n status: draft, # so\n body: y}", "{title: x,\n # so\n body: y}"),
        ("{\n  title: x,\n  status: draft,\n  body: y\n}", "{\n  title: x,\n  body: y\n}"),
        ("{title: x # a, b\n , status: draft}", "{title: x # a, b\n }"),
        ("title: x\nbody: y\n", "title: x\nbody: y\n"),
    ],
)
def test_a_field_is_taken_out_and_comments_stay(before, after):
    assert draft(before).remove("status").text == after


def nasty_drafts():
    """Every sample, and files in every style, each with its own dice."""
    for path in FILES:
        yield str(path), Random(str(path)), draft(path.read_bytes())
    for state in STATES:
        for number in range(EXAMPLES):
            random = Random(f"{state} {number}")
            yield f"{state} {number}", random, draft(nasty(random, state))


def is_only_between(before, after, begin, end):
    """Whether the texts are the same up to one place, and from another on."""
    rest = len(before) - end
    return before[:begin] == after[:begin] and (not rest or before[-rest:] == after[-rest:])


def test_random_values_are_set_and_every_other_character_stays():
    """In each sample, and in files in every style."""
    for where, random, one in nasty_drafts():
        name, value = random.choice(NAMES), random.choice(VALUES)
        before, field = one.text, one.fields.get(name)
        after = one.set(name, value).text
        assert said(after) == said(before) | {name: value}, (where, before, after)
        if field:
            assert is_only_between(before, after, field.begin, field.end), (where, before, after)
        else:
            assert is_inserted(before, after), (where, before, after)
            assert comments(after) == comments(before), (where, before, after)


def is_inserted(before, after):
    """Whether the second text is the first one with something put in."""
    same = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    rest = before[same:]
    return after.endswith(rest) and len(after) > len(before)


def test_random_items_are_added_and_every_other_character_stays():
    """In each sample, and in files in every style."""
    for where, random, one in nasty_drafts():
        name = random.choice(["aliases", "tags", "corrections"])
        item = RECORD if name == "corrections" else random.choice(["/new/address/", "two words", "日: 本, #1"])
        before, field = one.text, one.fields.get(name)
        after = one.append(name, item).append(name, item).text
        value = said(before).get(name, [])
        former = [] if field and field.value.is_empty else value if isinstance(value, list) else [value]
        former = [one.strip() if isinstance(one, str) else one for one in former]
        assert said(after) == said(before) | {name: [*former, item, item]}, (where, before, after)
        assert comments(after) == comments(before), (where, before, after)
        is_inside = field and is_only_between(before, after, field.begin, field.end)
        assert is_inside or is_inserted(before, after), (where, before, after)


def test_random_fields_are_taken_out_and_every_other_one_stays():
    """In each sample, and in files in every style."""
    for where, random, one in nasty_drafts():
        if not (names := [name for name in one.fields if name not in ("title", "body")]):
            continue
        name = random.choice(names)
        before, field = one.text, one.fields[name]
        after = one.remove(name).text
        said_before = said(before)
        del said_before[name]
        assert said(after) == said_before, (where, before, after)
        if not field.value.parts and field.value.style not in ("|", ">"):
            assert comments(after) == comments(before), (where, before, after)
