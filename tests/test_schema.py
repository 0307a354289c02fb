"""The tables of fields as JSON Schemas: what is read without faults fits its schema."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsite.errors import Faults
from feedsite.parsing import entryfile, pagefile
from feedsite.parsing.entryfields import FIELDS
from feedsite.parsing.fields import schema
from feedsite.parsing.pagefields import FIELDS as PAGE_FIELDS
from feedsite.parsing.sitefields import FIELDS as SITE_FIELDS
from feedsite.parsing.sitefile import read as read_site
from feedsite.schemas import Suggestions, of_article

from .support.builders import entry_text, settings
from .support.jsonschema import load, misfits
from .support.laws import few

TESTS = Path(__file__).parent
ARTICLE = of_article(Suggestions())
PATH = "entries/night-trains.yaml"  # with a day in its name, an article needs no `published`
FILES = sorted(
    path
    for folder in (TESTS.parent / "entries", TESTS / "sample" / "entries", TESTS / "faulty")
    for path in folder.rglob("*.y*ml")
)


def entry_misfits(text):
    """Where the fields of an entry file do not fit the schema of an article."""
    return list(misfits(load(text), ARTICLE))


def is_sound(text):
    return entryfile.read(text.encode(), PATH, settings()).entry is not None


def is_sound_site(text):
    try:
        read_site(text.encode(), {})
    except Faults:
        return False
    return True


def written(fields):
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_article_without_faults_fits_the_schema(path):
    """Every file of the samples without faults fits: published, scheduled, draft and withdrawn ones."""
    text = path.read_bytes().decode("utf-8-sig")
    if is_sound(text):
        assert entry_misfits(text) == []
    else:
        assert path.parent.name == "faulty"


@pytest.mark.parametrize("path", [TESTS.parent / "site.yaml", TESTS / "sample" / "site.yaml"], ids=["own", "sample"])
def test_a_site_yaml_without_faults_fits_the_schema(path):
    """site.yaml of this repository and of the samples fits."""
    text = path.read_text("utf-8")
    assert is_sound_site(text)
    assert list(misfits(load(text), schema(SITE_FIELDS))) == []


@pytest.mark.parametrize("nothing", ["", "null", "~", "{}", "{src: '', alt: ''}"])
@pytest.mark.parametrize("name", ["image", "withdrawn", "summary", "authors", "updated"])
def test_nothing_fits_where_a_field_may_be_left_out(name, nothing):
    """Words for nothing are read as an absent field, and to the schema they are one too."""
    text = entry_text(**{name: nothing})
    assert is_sound(text)
    assert entry_misfits(text) == []


@pytest.mark.parametrize("nothing", ["null", "~", "{}"])
def test_nothing_does_not_fit_where_a_field_is_needed(nothing):
    """A title of which YAML makes nothing is a fault, and does not fit."""
    text = entry_text(title=nothing)
    assert not is_sound(text)
    assert entry_misfits(text) != []


SCALARS = st.one_of(
    st.sampled_from([1984, 0, 90, 12.5, True, "", "draft", "31:05", "TRUE", "FALSE"]),
    st.sampled_from(["ZH-hant-tw", "Audio/MPEG", "HTTPS://münchen.example/ß?a#b", "images/日本.jpg", "/old", "UTC"]),
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
)
DATES = st.sampled_from(["2026-11-23", "2026-11-23 09:00 +0100", "2026-11-23t09:00:15,5Z", "2030-01-01T09:00-03:30"])


def shaped_like(accepted):
    """Values of the shape that a schema describes, half of them with what it accepts in each place."""
    if "anyOf" in accepted:
        return st.one_of([shaped_like(one) for one in accepted["anyOf"]])
    if "properties" in accepted:
        fields = {name: shaped_like(inner) for name, inner in accepted["properties"].items()}
        needed = {name: fields.pop(name) for name in accepted.get("required", ())}
        return st.fixed_dictionaries(needed, optional=fields)
    if accepted.get("type") == "array":
        return st.lists(shaped_like(accepted["items"]), max_size=3)
    if accepted.get("type") == "object":
        return st.dictionaries(SCALARS.map(str), shaped_like(accepted["additionalProperties"]), max_size=3)
    if "pattern" in accepted:
        return SCALARS | st.from_regex(accepted["pattern"], fullmatch=True) | DATES
    return SCALARS | st.sampled_from(accepted.get("enum", ["x"]))


@pytest.mark.parametrize("name", FIELDS)
@few
@given(st.data())
def test_what_a_field_of_an_article_accepts_fits_its_schema(name, data):
    """A text, number, list or record that an article's field accepts also fits the schema."""
    value = data.draw(shaped_like(FIELDS[name].type.schema))
    text = entry_text(**{name: json.dumps(value, ensure_ascii=False)})
    if is_sound(text):
        assert entry_misfits(text) == []


@pytest.mark.parametrize("name", PAGE_FIELDS)
@few
@given(st.data())
def test_what_a_field_of_a_standing_page_accepts_fits_its_schema(name, data):
    """A text, number or list that a standing page's field accepts also fits the schema."""
    value = data.draw(shaped_like(PAGE_FIELDS[name].type.schema))
    text = written({"title": "T", "body": "B"} | {name: value})
    if pagefile.read(text.encode(), "pages/about.yaml", settings()).entry:
        assert list(misfits(load(text), schema(PAGE_FIELDS))) == []


@pytest.mark.parametrize("name", SITE_FIELDS)
@few
@given(st.data())
def test_what_a_field_of_site_yaml_accepts_fits_its_schema(name, data):
    """A text, number, list or record that a field of site.yaml accepts also fits the schema."""
    value = data.draw(shaped_like(SITE_FIELDS[name].type.schema))
    text = written({"title": "T", "description": "D"} | {name: value})
    if is_sound_site(text):
        assert list(misfits(load(text), schema(SITE_FIELDS))) == []


@pytest.mark.parametrize(
    ("fields", "misfit"),
    [
        ({"titel": "x"}, "/titel: not {}"),
        ({"title": None}, ": required ['title']"),
        ({"body": None}, ": required ['body']"),
        ({"date": "2026-11-22"}, r"/date: pattern ^\s*$"),
        ({"title": '""'}, "/title: anyOf"),
        ({"published": "tomorrow"}, "/published: anyOf"),
        ({"language": "english!"}, "/language: anyOf"),
        ({"tags": "[[japan]]"}, "/tags: anyOf"),
        ({"image": "{src: images/a.jpg}"}, "/image: required ['src', 'alt']"),
        ({"enclosures": "[{url: a.mp3, type: audio/mpeg, length: -1}]"}, "/enclosures: anyOf"),
        ({"status": "publish"}, "/status: anyOf"),
        ({"aliases": f"[{', '.join(['/a'] * 101)}]"}, "/aliases: anyOf"),
        ({"slug": "x" * 201}, "/slug: anyOf"),
    ],
)
def test_a_fault_that_a_schema_can_express_does_not_fit(fields, misfit):
    """Unknown, missing and empty fields, other patterns and shapes, too many items and letters do not fit."""
    text = entry_text(**fields)
    assert not is_sound(text)
    (found,) = entry_misfits(text)
    assert found.startswith(misfit)


@pytest.mark.parametrize("table", [FIELDS, PAGE_FIELDS, SITE_FIELDS], ids=["article", "page", "site.yaml"])
def test_each_field_is_described_in_words(table):
    """Each property of a schema has a description for people, and an example of the field as it is written."""
    for name, described in schema(table)["properties"].items():
        assert described["description"] == table[name].about != "", name
        assert described["markdownDescription"].endswith(f"`{name}: {table[name].example}`")
