"""What docs/ tells is what the program does: fields, examples, variables and commands, none missing, none invented."""

import ast
import json
import re
import shlex
from functools import cache

import click
import pytest
from lxml import etree

from feedsite import media
from feedsite.audience import report
from feedsite.cli import main
from feedsite.cut import MOST_MARKS
from feedsite.errors import Faults
from feedsite.folder.opening import LARGEST
from feedsite.formats import FEED_FORMATS
from feedsite.parsing import entryfile, markup, pagefile
from feedsite.parsing import sitefile as site_yaml
from feedsite.parsing.entryfields import FIELDS
from feedsite.parsing.fields import schema
from feedsite.parsing.pagefields import FIELDS as PAGE_FIELDS
from feedsite.parsing.sitefields import FIELDS as SITE_FIELDS
from feedsite.parsing.sitefields import VARIABLES

from .support.builders import PATH, entry_text, settings
from .support.docs import COMMANDS, DOCS, HOME, VARIABLE, called
from .support.golden import sample_site
from .support.logs import audience_of
from .support.logs import line as log_line

GUIDE = DOCS["entry-file.md"]
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(heading, page=GUIDE):
    """What stands below a heading of the second level, in the editors' guide if no other page is given."""
    return re.split(r"^## .*$", page.split(f"\n## {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text):
    """The cells of every row in its tables, heads and rules left out."""
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in ROW.findall(text)]
    return [row for row, below in zip(cells, [*cells[1:], [""]], strict=True) if "---" not in (row[0], below[0])]


def field_rows(heading):
    """The rows that begin with a field's name, by that name; `image.src` is a field within a field."""
    return {row[0].strip("`"): row for row in rows(section(heading)) if re.fullmatch(r"`[a-z_.]+`", row[0])}


def fenced(language):
    """The fenced examples in one language, with the page that each stands on."""
    return [(name, text) for name, page in DOCS.items() for kind, text in FENCED.findall(page) if kind == language]


def faults(text):
    return [str(fault) for fault in entryfile.read(text.encode(), PATH, settings()).faults if not fault.is_note]


def fields_within(name):
    """The fields that a field has itself, as an editor is told them who writes an unknown one."""
    unknown = "{qqq: 1}"
    if name in FIELDS:
        told = "\n".join(faults(entry_text(**{name: unknown})))
    else:
        with pytest.raises(Faults) as raised:
            site_yaml.read(f"title: T\ndescription: D\n{name}: {unknown}\n".encode(), {})
        told = str(raised.value)
    return set(re.search(r"there are (.+); take it out", told)[1].split(", "))


def objects(value):
    """Every object within a value of JSON."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def commands():
    """Every line of code in the docs that calls feedsite, as its words."""
    for page in DOCS.values():
        prose = FENCED.sub("", page)
        written = [line for _, text in FENCED.findall(page) for line in text.splitlines()]
        written += re.findall(r"^ {4}(.+)$", prose, re.MULTILINE) + re.findall(r"`([^`\n]+)`", prose)
        for line in written:
            for call in re.findall(r"(?:^|\$ |&& |[A-Z]=\S+ )(?:\.venv/bin/)?feedsite (.*?)(?= &&|$)", line):
                yield shlex.split(call, comments=True)


def test_each_field_of_an_article_is_documented_and_no_other():
    """An editor finds every field in the guide, and none that does not exist."""
    assert {name for name in field_rows("The fields") if "." not in name} == set(FIELDS)


@pytest.mark.parametrize("name", ["image", "enclosures", "corrections", "withdrawn", "publisher", "theme"])
def test_each_field_within_a_field_is_documented_and_no_other(name):
    """What stands inside an image or another field made of fields is told as completely."""
    documented = field_rows("The fields") | field_rows("site.yaml")
    within = {row.partition(".")[2] for row in documented if row.startswith(f"{name}.")}
    assert within == fields_within(name)


def test_each_field_of_a_standing_page_is_documented_and_no_other():
    """Its example can be pasted into a page that has else only what is needed."""
    documented = field_rows("Standing pages")
    assert set(documented) == set(PAGE_FIELDS)
    for name, row in documented.items():
        example = row[2].strip("`")
        assert example.startswith(f"{name}: ")
        others = {"title": "title: T", "body": "body: B"} | {name: example}
        read = pagefile.read("\n".join(others.values()).encode(), "pages/about.yaml", settings())
        assert [fault for fault in read.faults if not fault.is_note] == []
        assert ("Needed." in row[1]) == PAGE_FIELDS[name].is_required


def test_each_page_of_the_guide_has_the_address_that_stands_beside_it():
    """Of a file in pages/ an editor knows where it is published."""
    told = [row for row in rows(section("Standing pages")) if row[0].startswith("`pages/")]
    assert len(told) == 2
    for path, address in told:
        read = pagefile.read(b"title: T\nbody: B", path.strip("`"), settings())
        assert read.entry.path == address.strip("`")


def test_each_field_of_site_yaml_is_documented_and_no_other():
    """Whoever writes site.yaml finds every field in the guide, and none that does not exist."""
    assert {name for name in field_rows("site.yaml") if "." not in name} == set(SITE_FIELDS)


@pytest.mark.parametrize(("heading", "table"), [("The fields", FIELDS), ("site.yaml", SITE_FIELDS)])
def test_the_fields_that_are_documented_as_needed_are_those_that_the_schema_requires(heading, table):
    """And so are those within a field that is made of fields."""
    required = set(schema(table)["required"])
    for name, row in table.items():
        record = [one for one in objects(row.type.schema) if "required" in one]
        required |= {f"{name}.{within}" for one in record for within in one["required"]}
    documented = field_rows(heading)
    needed = {name for name, row in documented.items() if "Needed." in row[1] or row[3] == "needed"}
    assert needed == required & set(documented)


def test_each_field_of_site_yaml_names_its_variable():
    """The field's own variable stands in its row where there is one, and nothing where there is none."""
    for name, row in field_rows("site.yaml").items():
        assert row[4] == (f"`{VARIABLES[name]}`" if name in VARIABLES else ""), name


def test_each_default_of_site_yaml_is_the_one_that_is_used():
    """Language, time zone, window and ping are what a site has that names none."""
    plain, _ = site_yaml.read(b"title: T\ndescription: D\n", {})
    told = {name: row[3].strip("`") for name, row in field_rows("site.yaml").items()}
    used = (plain.language, plain.timezone.key, str(plain.window), str(plain.ping).lower())
    assert (told["language"], told["timezone"], told["window"], told["ping"]) == used


def test_the_guide_names_what_is_published_and_what_is_too_large():
    """An editor knows which pictures and recordings the site takes, and how long an article may be."""
    endings = re.search(r"files that end in ([^|]+?)\.\n\n", GUIDE)[1].split()
    assert set(endings) == set(media.TYPES)
    assert f"A file holds {LARGEST // 1024**2} MB at most." in GUIDE


def test_each_namespace_is_documented_and_no_other():
    """A maker of readers knows every prefix in the feeds."""
    told = {row[0].strip("`"): row[1].split("`")[1] for row in rows(DOCS["formats.md"]) if "`http" in row[1]}
    used = {}
    for suffix in ("rss", "atom"):
        used |= etree.fromstring(sample_site()[f"/feed.{suffix}"].body).nsmap
    assert told == {prefix: address for prefix, address in used.items() if prefix}


def within(row):
    """The fields that a field has itself, as its schema describes them."""
    records = [one["properties"] for one in objects(row.type.schema) if {"properties", "required"} <= one.keys()]
    return {name: inner for name, inner in records[0].items() if "description" in inner} if records else {}


def told(cell):
    """What a cell says of a field, without links and what else tables of the docs have."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", cell).replace("\\|", "|")
    return re.sub(r" ?Needed[.]| See \S+[.]", "", text).strip()


@pytest.mark.parametrize(
    ("heading", "table"), [("The fields", FIELDS), ("Standing pages", PAGE_FIELDS), ("site.yaml", SITE_FIELDS)]
)
def test_the_docs_and_editors_programs_say_the_same_of_a_field(heading, table):
    """One of the two may go on; fields within a field are told as well, those of contributors once, as of authors."""
    documented = field_rows(heading)
    for name, row in table.items():
        inner = {} if name == "contributors" else within(row)
        said = {name: row.about} | {f"{name}.{each}": one["description"] for each, one in inner.items()}
        for field, about in said.items():
            cell = told(documented[field][1])
            assert cell, field
            shorter, longer = sorted((cell.rstrip("."), about.rstrip(".")), key=len)
            assert longer.startswith(shorter), field


def lines_of(table, name, example):
    """A field that is made of fields, with this one and the examples of those that it needs too."""
    described = within(table[name])
    needed = [each for record in objects(table[name].type.schema) for each in record.get("required", ())]
    examples = {each: re.search(f"`({each}: .+)`$", described[each]["markdownDescription"])[1] for each in needed}
    written = list((examples | {example.partition(":")[0]: example}).values())
    return (
        written
        if name not in ("authors", "sections", "mixes") or table is FIELDS
        else ["word:", *map("  ".__add__, written)]
    )


@pytest.mark.parametrize(("heading", "table"), [("The fields", FIELDS), ("site.yaml", SITE_FIELDS)])
def test_each_example_within_a_field_can_be_pasted(heading, table):
    """Beside what the field needs else, in an article or a site.yaml that has else only what is needed."""
    inner = [(*name.split("."), row[2].strip("`")) for name, row in field_rows(heading).items() if "." in name]
    assert len(inner) > 15
    for name, each, example in inner:
        assert example.startswith(f"{each}: "), name
        value = "".join(f"\n  {line}" for line in lines_of(table, name, example))
        if table is FIELDS:
            assert faults(entry_text(**{name: value})) == [], (name, each)
        else:
            site_yaml.read(f"title: T\ndescription: D\n{name}:{value}\n".encode(), {})


@pytest.mark.parametrize("name", FIELDS)
def test_each_fields_example_can_be_pasted(name):
    """The example in a field's row is read without faults in an article that has else only what is needed."""
    example = field_rows("The fields")[name][2].strip("`")
    assert example.startswith(f"{name}: ")
    assert faults(entry_text(**{name: None}) + example + "\n") == []


@pytest.mark.parametrize("name", SITE_FIELDS)
def test_each_example_for_site_yaml_can_be_pasted(name):
    """The example in a row of site.yaml's table is read without faults, and without notes where a hub is named."""
    example = field_rows("site.yaml")[name][2].strip("`")
    assert example.startswith(f"{name}: ")
    needed = {"title": "T", "description": "D", "base_url": "https://a.example", "hub": "https://b.example/"}
    sound = {field: f"{field}: {value}" for field, value in needed.items()} | {name: example}
    _, notes = site_yaml.read("\n".join(sound.values()).encode(), {})
    assert notes == ()


def test_each_whole_article_in_the_docs_is_read_without_faults():
    """What a page shows as an article is one."""
    articles = [text for _, text in fenced("yaml") if text.startswith(("id:", "title:", "# yaml-l"))]
    assert len(articles) >= 2
    for article in articles:
        assert faults(article) == [], article


def test_each_whole_site_yaml_in_the_docs_is_read_without_faults():
    """What a page shows as a site.yaml, its name in the first line, is one."""
    files = [text for _, text in fenced("yaml") if text.startswith("# site.yaml")]
    assert files
    for file in files:
        site_yaml.read(file.encode(), {})


def test_each_stumbling_block_is_one_and_its_remedy_helps():
    """The wrong line is refused, and the right line means what the wrong one was to mean."""
    told = section("YAML: five stumbling blocks")
    pairs = [(wrong.strip("`"), right.strip("`")) for _, wrong, right in rows(told)]
    wrong_block, right_block = (text for _, text in FENCED.findall(told))
    for wrong, right in [*pairs, (wrong_block, right_block)]:
        name = right.partition(":")[0]
        around = entry_text(**{name: None})
        assert len(faults(around + wrong + "\n")) == 1, wrong
        read = entryfile.read(f"{around}{right}\n".encode(), PATH, settings()).entry
        assert name == "body" or read.title == wrong.removeprefix("title: ")
    assert len(pairs) == 4


def test_each_field_that_replaces_one_of_another_generator_can_be_pasted():
    """One or several to a row; the former ones are faults, with a message of their own, or mean the same."""
    table = rows(section("Coming from Jekyll, Hugo or WordPress"))
    here = {name: value for row in table for name, value in re.findall(r"`([a-z-]+): ([^`|\\]+)`", row[1])}
    assert {"published", "section", "tags", "image", "aliases", "id", "x-weight"} <= here.keys()
    assert faults(entry_text(**here)) == []


def test_each_row_of_markdown_becomes_what_it_says():
    """What an editor types as the guide shows it has the HTML that stands beside it."""
    told = [row for row in rows(section("Markdown")) if len(row) == 3]
    assert len(told) > 25
    for written, _, becomes in told:
        typed = re.sub("^(`+) ?| ?`+$", "", written).replace("\\|", "|").replace("⏎", "\n")
        made = markup.article(typed, settings().urls, "/2026/11/night-trains/")
        for part in re.findall("`([^`]+)`", becomes):
            assert part in made, (typed, made)


def test_each_variable_in_the_docs_exists_and_each_that_exists_is_in_the_docs():
    """An operator finds every FEEDSITE_ variable, and none that nothing reads."""
    code = "\n".join(path.read_text("utf-8") for path in [*(HOME / "feedsite").rglob("*.py"), HOME / "wsgi.py"])
    read = set(VARIABLE.findall(code)) | set(VARIABLES.values())
    assert set(VARIABLE.findall("\n".join(DOCS.values()))) == read


def test_each_command_line_in_the_docs_can_be_typed():
    """No page calls a command, or names an option to it, that does not exist."""
    calls = list(commands())
    assert len(calls) > 5
    for words in calls:
        called(words)


def test_each_command_line_in_a_new_site_can_be_typed():
    """Its README, its workflow and the comments in its articles call nothing that does not exist."""
    starter = HOME / "feedsite" / "starter"
    texts = [path.read_text("utf-8") for path in starter.rglob("*") if path.suffix in (".md", ".yaml", ".yml")]
    calls = re.findall(r"(?:`|: |then )feedsite (\w[^`;\n]*)", "\n".join(texts))
    assert len(calls) > 20
    for call in calls:
        called(shlex.split(call))


def test_each_command_and_option_is_in_the_docs():
    """Everything that --help lists is told on some page."""
    documented = [called(words) for words in commands()]
    assert {name for name, _ in documented} >= set(COMMANDS)
    options = {option for _, given in documented for option in given}
    for command in [main, *COMMANDS.values()]:
        for option in command.params:
            if isinstance(option, click.Option) and option.name not in ("help", "version"):
                assert (command.name, option.name) in options


def test_each_default_of_serve_is_the_one_that_is_used():
    """Each option of `feedsite serve` takes what its row says where nobody says otherwise."""
    told = {row[0].strip("`"): row[1:3] for row in rows(DOCS["deploy.md"]) if row[0].startswith("`--")}
    for option in COMMANDS["serve"].params:
        default = "none" if option.default is None else f"`{option.default}`"
        assert told[option.opts[0]] == [f"`{option.envvar}`", default]


def keys(value):
    """Every key of an object and of what it holds."""
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_each_key_of_the_audience_as_json_is_documented():
    """Who reads it by a program finds every key in audience.md."""
    page = DOCS["audience.md"].split("## As JSON")[1]
    found = json.loads(report.as_json(audience_of(log_line(agent="Feedbin feed-id:1 - 42 subscribers"))))
    assert keys(found) - set(re.findall(r"`(\w+)`", page)) == set()


@cache
def claims_of(name):
    """Every test of a file in tests/, as pytest names it."""
    tree = ast.parse((HOME / "tests" / name).read_text("utf-8"))
    return {
        one.name if one is node else f"{node.name}::{one.name}"
        for node in tree.body
        for one in [node, *(node.body if isinstance(node, ast.ClassDef) else ())]
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }


FAULTS = section("What may happen, and what then", DOCS["deploy.md"])


@pytest.mark.parametrize(("text", "least"), [(DOCS["protocol.md"], 50), (FAULTS, 20)], ids=["protocol", "faults"])
def test_each_row_names_a_test_that_exists(text, least):
    """Who doubts a rule of the protocol, or what is said to happen in a fault, runs its test."""
    lines = text.splitlines()
    named = [re.findall(r"`tests/(\w+\.py)::([\w:]+)`", line) for line in lines]
    for line, found in zip(lines, named, strict=True):
        is_row = line.startswith("| ") and "---" not in line and not line.endswith("| Shown by |")
        assert found or not is_row, line
        for module, test in found:
            assert test in claims_of(module), line
    assert sum(map(len, named)) > least


def test_each_test_that_a_page_names_exists():
    """Who doubts a promise, on whatever page, runs its test."""
    named = {
        (name, *found) for name, page in DOCS.items() for found in re.findall(r"`tests/(\w+\.py)::([\w:]+)`", page)
    }
    assert {name for name, _, _ in named} >= {"deploy.md", "protocol.md", "security.md"}
    assert [one for one in sorted(named) if one[2] not in claims_of(one[1])] == []


def test_each_fault_that_is_tested_is_told():
    """An operator finds every test of test_never_down*.py in the table of faults."""
    for path in (HOME / "tests").glob("test_never_down*.py"):
        for test in claims_of(path.name):
            assert f"`tests/{path.name}::{test}`" in FAULTS


def test_the_largest_feed_with_deltas_is_the_one_that_is_documented():
    """protocol.md and the code agree where the marks end."""
    assert f"more than {MOST_MARKS} entries" in DOCS["protocol.md"]


def test_each_address_of_other_software_is_documented():
    """Who moves here finds the address that the subscribers have."""
    former = [path for form in FEED_FORMATS for path in form.former]
    for page in ("protocol.md", "formats.md"):
        assert [path for path in former if f"`{path}`" not in DOCS[page]] == []
