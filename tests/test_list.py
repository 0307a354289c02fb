"""`feedsite list`: which articles there are, and in which state each is."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from feedsite.cells import cells
from feedsite.cli import main
from feedsite.desk import overview
from feedsite.desk.overview import Line
from feedsite.index import listing

from .support.articles import article
from .support.builders import entry, index, settings

SITE = "title: T\ndescription: D\nbase_url: https://a.example\ntimezone: Asia/Taipei\nauthors: {sato: Mina Sato}\n"
FILES = {
    "draft.yaml": {"status": "draft", "section": "world/asia"},
    "scheduled.yaml": {"published": "2999-01-01 08:00", "tags": "[Trade]"},
    "plain.yaml": {"published": "2026-01-02 08:00", "section": "world", "authors": "[sato]"},
    "gone.yaml": {
        "published": "2026-01-01",
        "withdrawn": "{at: 2026-01-03, reason: It was wrong.}",
        "section": "world",
    },
}
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "entries").mkdir()
    (tmp_path / "site.yaml").write_text(SITE)
    for name, fields in FILES.items():
        (tmp_path / "entries" / name).write_text(article(name, id=f"tag:a,2026:{name}", **fields))
    return tmp_path


def listed(site, *options):
    result = CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, ["--site", str(site), "list", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def names(site, *options):
    return [one["name"] for one in json.loads(listed(site, "--format", "json", *options))]


def test_each_article_has_its_state_and_its_time_in_the_sites_zone(site):
    """Drafts first, then what is scheduled, then the newest; a withdrawn one has the headline that readers see."""
    assert [line.split("  ")[0].split() for line in listed(site).splitlines()] == [
        ["STATE"],
        ["draft"],
        ["scheduled"],
        ["published"],
        ["withdrawn"],
    ]
    assert "scheduled  2999-01-01 08:00  " in listed(site)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["draft", "scheduled", "plain", "gone"]),
        (("--drafts",), ["draft"]),
        (("--scheduled",), ["scheduled"]),
        (("--withdrawn",), ["gone"]),
        (("--drafts", "--withdrawn"), ["draft", "gone"]),
        (("--section", "world"), ["draft", "plain", "gone"]),
        (("--section", "World/Asia"), ["draft"]),
        (("--tag", "trade"), ["scheduled"]),
        (("--author", "sato"), ["plain"]),
        (("--author", "Mina Sato", "--section", "world"), ["plain"]),
        (("--author", "Mina Sato", "--drafts"), []),
        (("--section", "nowhere"), []),
    ],
)
def test_what_is_asked_for_is_listed(site, options, expected):
    """States add up, lists narrow down; a draft is in the lists that it will be in."""
    assert names(site, *options) == expected


def test_nothing_to_list_is_a_sentence(site):
    """No empty table."""
    assert listed(site, "--tag", "nothing") == "There is no such article.\n"


def test_a_file_with_faults_is_named_until_it_is_an_article(site):
    """One that was sound before stays listed as it was."""
    (site / "entries" / "bad.yaml").write_text("title: a: b\n")
    last = listed(site).splitlines()[-1]
    assert last == "1 file with faults can be no article yet: entries/bad.yaml; `feedsite check` shows them."
    assert json.loads(listed(site, "--format", "json"))[0] == {"file": "entries/bad.yaml", "state": "broken"}
    (site / "entries" / "plain.yaml").write_text("title: a: b\n")
    assert "published  2026-01-02 08:00" in listed(site)


def test_of_many_the_newest_are_listed(site):
    """And the last line says how to see the others."""
    for number in range(40):
        name = f"more-{number:02}.yaml"
        (site / "entries" / name).write_text(
            article(name, id=f"tag:a,2026:{name}", published=f"2020-01-01 08:{number:02}")
        )
    assert len(names(site)) == 30
    assert len(names(site, "--all")) == 44
    assert listed(site).splitlines()[-1] == "These are the newest 30; `feedsite list --all` lists all of them."


def test_no_word_of_a_contributor_turns_a_line_of_json(site):
    """Its value stays; at a terminal it is an escape."""
    title, tag = "Night \u202e trains", "\u2066x"
    text = f"title: {title}\nid: tag:a,2026:turned\npublished: 2026-01-02\ntags: [{tag}]\nbody: Text.\n"
    (site / "entries" / "turned.yaml").write_text(text, encoding="utf-8")
    said = listed(site, "--format", "json")
    assert "\\u202e" in said
    assert title in [one.get("title") for one in json.loads(said)]
    schema = CliRunner().invoke(main, ["--site", str(site), "schema", "entry"]).stdout
    assert "\\u2066x" in schema
    assert not {"\u202e", "\u2066"} & {*said, *schema}


def test_an_article_as_json_has_what_programs_need(site):
    """Its file, its address, its id; times with their offset."""
    (found,) = json.loads(listed(site, "--format", "json", "--author", "sato"))
    assert found.pop("title")
    assert found == {
        "file": "entries/plain.yaml",
        "state": "published",
        "name": "plain",
        "published": "2026-01-02T08:00:00+08:00",
        "updated": "2026-01-02T08:00:00+08:00",
        "address": "https://a.example/2026/01/plain/",
        "id": "tag:a,2026:plain.yaml",
        "section": "world",
        "authors": ["Mina Sato"],
        "language": "en",
    }


LONG = Line("published", "2026-11-22 09:00", "日本と台湾の距離が縮まる " * 5, "japan-taiwan-" * 6)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_table_fits_the_terminal(width):
    """Letters of East Asia count twice, and both title and name can be told."""
    head, row = overview.table([LONG], width)
    assert width - 1 <= cells(row) <= width
    assert cells(row[: row.index("japan")]) == head.index("NAME")
    assert "日本と台湾" in row


def test_a_table_for_a_program_is_cut_nowhere():
    """Where the output is no terminal."""
    assert overview.table([LONG], None)[1].endswith(LONG.name)


def test_a_name_is_cut_last():
    """It is what is typed again."""
    short = Line("draft", "", "An article with a headline that is longer than the room that there is", "night-trains")
    assert overview.table([short], 60)[1].endswith("…  night-trains")


def test_a_title_moves_no_cursor():
    """Characters of a contributor's file that would turn a line become question marks."""
    turned = entry(title="a\u202eb")
    (one,) = listing.listed(index(turned), NOW)
    assert overview.line(one, settings()).title == "a?b"
