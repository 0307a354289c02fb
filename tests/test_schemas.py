"""`feedsite schema`: the JSON Schemas of a site's files, with what the site has already."""

import json
import re

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.parsing import entryfile
from feedsite.parsing.sitefields import VARIABLES
from feedsite.schemas import SCHEMAS, Suggestions, of_article

from .support.builders import entry_text, settings
from .support.jsonschema import load, misfits


def run(folder, *words):
    done = CliRunner(env=dict.fromkeys(VARIABLES.values())).invoke(main, ["--site", str(folder), "schema", *words])
    assert done.exit_code == 0, done.output
    return done.output


def offered(schema):
    """The words of each choice in a schema, and what its snippets are called."""
    if isinstance(schema, dict):
        own = [*schema.get("enum", ()), *(one["label"] for one in schema.get("defaultSnippets", ()))]
        return [*own, *(word for inner in schema.values() for word in offered(inner))]
    return [word for inner in schema for word in offered(inner)] if isinstance(schema, list) else []


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("section", {"world", "world/asia"}),
        ("tags", {"文化"}),
        ("authors", {"sato", "wire"}),
        ("contributors", {"sato", "wire"}),
        ("language", {"en-GB", "ja", "ar"}),
        ("image", {"images/dot.png", "images/mark.svg"}),
        ("enclosures", {"audio/talk.mp3"}),
    ],
)
def test_an_articles_schema_offers_what_the_site_has(folder, field, words):
    """Sections and authors of site.yaml, tags and languages of public articles, the site's own files."""
    assert set(offered(json.loads(run(folder))["properties"][field])) >= words


def test_a_section_of_site_yaml_is_offered_once_and_with_its_title(folder):
    """Not a second time in the spelling of an article."""
    section = json.loads(run(folder, "entry"))["properties"]["section"]
    (choice,) = [one for one in section["anyOf"] if "enum" in one]
    assert choice["enum"] == ["world", "world/asia", "culture"]
    assert choice["enumDescriptions"] == ["World", "Asia", ""]


def test_what_is_not_offered_fits_as_well():
    """A suggestion is none of the rules."""
    known = Suggestions(sections={"world": "World"}, tags={"japan": ""}, authors={"sato": "Mina Sato"})
    others = {"section": "travel", "tags": "[rail]", "authors": "[{name: Somebody Else}, sato]"}
    assert list(misfits(load(entry_text(**others)), of_article(known))) == []


@pytest.mark.parametrize(
    "tag", ["^up", "a$b", "${1:x}", "a: b", "back\\slash", "true", "7", "#one", "[x]", "it's", "日本"]
)
def test_a_tag_that_is_put_in_is_the_tag(tag):
    """Whatever its letters mean in YAML, or in a snippet of yaml-language-server (^ and true) or of an editor."""
    (snippet,) = of_article(Suggestions(tags={tag: ""}))["properties"]["tags"]["anyOf"][1]["items"]["defaultSnippets"]
    raw = snippet["body"].removeprefix("^") if snippet["body"][0] == "^" else snippet["body"]
    written = re.sub(r"\\([$}\\])", r"\1", f'"{raw}"' if raw in ("true", "false") else raw)
    assert not re.search(r"(?<!\\)[$}]", raw.replace("\\\\", ""))
    read = entryfile.read(entry_text(tags=f"[{written}]").encode(), "entries/a.yaml", settings())
    assert [one.label for one in read.entry.tags] == [tag]


@pytest.mark.parametrize("word", SCHEMAS)
def test_a_schema_asks_the_network_for_nothing(word, tmp_path):
    """Outside of a site it is printed too; it names its dialect, itself by a URN, and no other address."""
    text = run(tmp_path, word)
    printed = json.loads(text)
    assert printed["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert printed["$id"] == f"urn:feedsite:{word}"
    assert "$ref" not in text


def test_schemas_are_written_and_written_again_only_where_they_change(folder):
    """Each line names a file that was written."""
    files = [f"schema/{word}.schema.json" for word in SCHEMAS]
    assert run(folder, "--write").splitlines() == files
    assert run(folder, "--write") == "schema/ is as it should be.\n"
    for word, file in zip(SCHEMAS, files, strict=True):
        assert (folder / file).read_text("utf-8") == run(folder, word)
    with (folder / "entries" / "2021-07-04-night-trains.yaml").open("a") as article:
        article.write("tags: [sleepers]\n")
    assert run(folder, "--write").splitlines() == ["schema/entry.schema.json", "schema/site.schema.json"]


def test_a_schema_is_written_through_no_link(folder, tmp_path):
    """A link in the place of the folder is a fault in one sentence; one in the place of a file is replaced."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "schema").symlink_to(elsewhere)
    done = CliRunner().invoke(main, ["--site", str(folder), "schema", "--write"])
    assert (done.exit_code, list(elsewhere.iterdir())) == (1, [])
    assert done.output.startswith("schema/ must be a folder")
    (folder / "schema").unlink()
    (folder / "schema").mkdir()
    (elsewhere / "kept.txt").write_text("kept")
    (folder / "schema" / "entry.schema.json").symlink_to(elsewhere / "kept.txt")
    run(folder, "--write")
    assert (elsewhere / "kept.txt").read_text() == "kept"
    assert not (folder / "schema" / "entry.schema.json").is_symlink()
