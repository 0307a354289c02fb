"""The commands that change an article's file, as they are typed."""

import re
import shlex

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.commands import terminal as commands_terminal

from .support.builders import entry_text
from .support.docs import DOCS
from .support.walk import steps

SITE = "title: The Meridian\ndescription: World news.\nbase_url: https://news.example\ntimezone: Europe/Berlin\n"
TRAINS, STRIKE = "entries/2026-11-22-night-trains.yaml", "entries/2026-11-25-strike.yaml"
FILES = {
    "site.yaml": SITE,
    TRAINS: entry_text(id=None, published="2026-11-22 09:00"),
    STRIKE: "id: tag:news.example,2026-11-25:strike\ntitle: Dockers strike\n"
    "status: draft  # until the union has called back\nbody: The port of Hamburg stands still.\n",
    "pages/about.yaml": "title: About\nbody: Us.\n",
}


def run(folder, *words):
    return CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, ["--site", str(folder), *map(str, words)])


def output(folder, *words):
    result = run(folder, *words)
    assert result.exit_code == 0, result.output
    return result.output


def refusal(folder, *words):
    before = texts(folder)
    result = run(folder, *words)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.output
    assert texts(folder) == before
    return result.output.rstrip("\n")


def texts(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    """A site with a public article that has no id, a draft, and a standing page."""
    for name, text in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "site"


def timeless(text):
    """The text with one moment in place of each that is about now."""
    return re.sub(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00", "2026-11-27T14:23:45+01:00", text)


def test_the_examples_of_the_docs_print_what_they_show(folder):
    """One after the other on one site, each as commands.md has it; then the site has no fault."""
    (folder / "entries" / "2026-11-20-harbour.yaml").write_text(
        "title: The harbour\npublished: 2026-11-20\nbody: It is quiet.\n"
    )
    examples = list(steps(DOCS["commands.md"]))
    assert len(examples) == 7
    for command, shown, _ in examples:
        printed = timeless(output(folder, *shlex.split(command)[1:]))
        assert re.sub(r"/20\d\d/\d\d/(?=strike)", "/2026/11/", printed) == shown
    assert output(folder, "check").startswith("Nothing wrong in 3 articles")


def test_what_new_wrote_is_not_published(folder):
    """Else each subscriber gets its first sentence."""
    output(folder, "new", "The strike")
    assert refusal(folder, "publish", "the-strike").endswith("write the article in its place")


def test_a_dry_run_changes_nothing(folder):
    """It prints what would change, and refuses what would be refused."""
    before = texts(folder)
    calls = [
        ("publish", "strike"),
        ("withdraw", "night-trains", "--reason", "x"),
        ("mv", "night-trains", "sleepers"),
        ("write-ids",),
    ]
    for words in calls:
        assert output(folder, *words, "--dry-run").endswith("Nothing was changed yet (--dry-run).\n")
    refusal(folder, "mv", "night-trains", "travel/", "--dry-run")
    assert texts(folder) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mv", "night-trains", "/etc/x.yaml"), "/etc/x.yaml lies outside entries/"),
        (("mv", "night-trains", "../x.yaml"), "../x.yaml lies outside entries/"),
        (("mv", "night-trains", "pages/x.yaml"), "there is no folder entries/pages/; make it first"),
        (
            ("mv", "night-trains", "hi.md"),
            "an article's file ends in .yaml, not in .md; write hi.yaml, or the words alone: hi",
        ),
        (
            ("mv", "night-trains", "entries/hi.TXT"),
            "an article's file ends in .yaml, not in .TXT; write entries/hi.yaml, or the words alone: hi",
        ),
        (
            ("mv", "night-trains", "https://news.example/2026/11/hello/"),
            "an address follows from its words; write them alone: hello",
        ),
        (("mv", "night-trains", ".."), ".. cannot stand in an address; write words such as `night-trains`"),
        (("mv", "night-trains", "night-trains"), f"{TRAINS} is called that already"),
        (("mv", "night-trains", "2026-11-25-strike.yaml"), f"{STRIKE} is there already; write another name"),
        (("mv", "about", "status"), "the address /status/ belongs to the site itself"),
        (("publish", "night-trains"), f"{TRAINS} is public already, since 22 November 2026 at 09:00"),
        (("publish", "strike", "--at", "tomorrow"), '"tomorrow" is not a date and time'),
        (("publish", "about"), "pages/about.yaml is public already"),
        (("unpublish", "strike"), f"{STRIKE} is a draft already"),
        (("touch", "strike"), f"{STRIKE} is a draft: nobody has read it"),
        (("correct", "about", "--note", "x"), "pages/about.yaml is a standing page"),
        (("withdraw", "night-trains", "--reason", " "), "write in words what readers shall be told"),
        (("write-ids", "strike"), f"{STRIKE} has an id already"),
        (("touch", "nigth-trains"), "no article is called nigth-trains; is night-trains meant?"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(folder, words, message):
    """Nothing is changed then."""
    assert message in refusal(folder, *words)


def test_a_file_with_faults_is_mended_first(folder):
    (folder / TRAINS).write_text("title: War: what\n")
    assert refusal(folder, "touch", "2026-11-22-night-trains.yaml") == (
        f'{TRAINS}:1:11: a value that holds a colon must stand in quotation marks; write title: "War: what" '
        "(mend this first; `feedsite check` tells everything)"
    )


def test_an_address_of_another_article_is_not_taken(folder):
    """Neither by a new name nor by a publication."""
    (folder / "entries" / "sleepers.yaml").write_text(entry_text(id="tag:a,2026:s", aliases="[/2026/11/old]"))
    for word in ("2026-11-24-sleepers.yaml", "2026-11-24-old.yaml"):
        assert "is an address of entries/sleepers.yaml" in refusal(folder, "mv", "night-trains", word)
    (folder / "entries" / "copy.yaml").write_text(
        entry_text(id="tag:a,2026:c", slug="sleepers", status="draft", published="2026-11-23")
    )
    assert "is an address of entries/sleepers.yaml" in refusal(folder, "publish", "copy.yaml", "--keep-date")


def test_a_file_in_a_folder_stays_there(folder):
    (folder / "entries" / "travel").mkdir()
    output(folder, "mv", "night-trains", "travel/")
    output(folder, "mv", "night-trains", "sleepers")
    assert (folder / "entries" / "travel" / "2026-11-22-sleepers.yaml").exists()


def test_a_new_name_is_typed_from_where_the_editor_is(folder, monkeypatch):
    (folder / "entries" / "travel").mkdir()
    monkeypatch.chdir(folder / "entries")
    output(folder, "mv", TRAINS.partition("/")[2], "travel/sleepers.yaml")
    monkeypatch.chdir(folder / "entries" / "travel")
    output(folder, "mv", "sleepers.yaml", "../trains.yaml")
    assert (folder / "entries" / "trains.yaml").exists()


def test_links_to_a_file_follow_it(folder):
    """In articles and pages that name it; the file itself is renamed last."""
    (folder / "pages" / "about.yaml").write_text(f"title: About\nbody: '[x](../{TRAINS}#costs)'\n")
    (folder / "entries" / "other.yaml").write_text(entry_text(id="tag:a,2026:o", body=f"'[x](/{TRAINS})'"))
    before = texts(folder)
    output(folder, "mv", "night-trains", "sleepers", "--dry-run")
    assert texts(folder) == before
    shown = output(folder, "mv", "night-trains", "sleepers").splitlines()
    assert [line for line in shown if not line.startswith(("+", "-"))][:4] == [
        "entries/other.yaml",
        "pages/about.yaml",
        TRAINS,
        f"{TRAINS} -> entries/2026-11-22-sleepers.yaml",
    ]
    assert "[x](../entries/2026-11-22-sleepers.yaml#costs)" in (folder / "pages" / "about.yaml").read_text()
    assert "[x](/entries/2026-11-22-sleepers.yaml)" in (folder / "entries" / "other.yaml").read_text()
    assert "leads nowhere" not in output(folder, "check")


def test_a_standing_page_is_published_and_renamed(folder):
    output(folder, "unpublish", "about")
    assert output(folder, "publish", "about").splitlines()[2] == (
        "The page is public, at https://news.example/about/; subscribers notice nothing."
    )
    assert output(folder, "mv", "about", "us").splitlines()[-1] == (
        "Its address is https://news.example/us/ now; /about/ leads there."
    )
    assert (folder / "pages" / "us.yaml").read_text() == "title: About\naliases: [/about/]\nbody: Us.\n"


def test_nothing_moves_through_a_link_out_of_the_site(folder, tmp_path):
    """Nothing is written into its file then, either."""
    (tmp_path / "elsewhere").mkdir()
    (folder / "entries" / "travel").symlink_to(tmp_path / "elsewhere")
    assert "a link leads out of the site's folder" in refusal(folder, "mv", "night-trains", "travel/")


def test_a_link_does_not_move_to_another_folder(folder):
    """Its target would be another one from there."""
    (folder / "entries" / "travel").mkdir()
    (folder / "shared.yaml").write_text(entry_text(id="tag:a,2026:x"))
    (folder / "entries" / "link.yaml").symlink_to("../shared.yaml")
    assert "move it by hand" in refusal(folder, "mv", "link.yaml", "travel/")
    output(folder, "mv", "link.yaml", "sleepers.yaml")
    assert (folder / "entries" / "sleepers.yaml").is_symlink()
    assert "aliases" in (folder / "shared.yaml").read_text()


class TestIds:
    """A site whose address is not known has no ids that subscribers could have."""

    @pytest.fixture
    def nameless(self, folder):
        (folder / "site.yaml").write_text(SITE.replace("base_url: https://news.example\n", ""))
        (folder / STRIKE).write_text(FILES[STRIKE].partition("\n")[2])
        return folder

    def test_a_draft_gets_a_new_one_and_a_public_article_none(self, nameless):
        result = run(nameless, "write-ids")
        assert result.exit_code == 1
        assert re.match(f"{STRIKE}: id: urn:uuid:", result.output)
        assert "add a line such as `base_url: https://news.example` to site.yaml" in result.output
        assert (nameless / TRAINS).read_text() == FILES[TRAINS]

    def test_where_nobody_reads_the_site_every_article_gets_a_new_one(self, nameless):
        output(nameless, "write-ids", "--fresh")
        ids = {(nameless / name).read_text().partition("\n")[0] for name in (TRAINS, STRIKE)}
        assert len(ids) == 2
        assert all(one.startswith("id: urn:uuid:") for one in ids)
        assert output(nameless, "write-ids") == "Every article has an id.\n"

    def test_a_file_without_one_is_not_renamed(self, nameless):
        assert "feedsite write-ids --fresh" in refusal(nameless, "mv", "night-trains", "sleepers")


@pytest.mark.parametrize(
    ("terminal", "environment", "is_coloured"),
    [(True, {}, True), (True, {"NO_COLOR": "1"}, False), (True, {"TERM": "dumb"}, False), (False, {}, False)],
)
def test_lines_have_colours_at_a_terminal_only(monkeypatch, terminal, environment, is_coloured):
    """And not where its user wants none."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    assert commands_terminal.has_colours() == is_coloured


def test_no_line_of_a_file_moves_the_terminal(folder):
    """Nor does a very long one fill it."""
    (folder / TRAINS).write_text(
        f'title: "a"\nslug: night-trains  # \u202e{"x" * 9000}\npublished: 2026-11-22\nbody: x\n'
    )
    printed = output(folder, "mv", "night-trains", "sleepers")
    assert not re.search("[\x1b\u202e]", printed)
    assert max(map(len, printed.splitlines())) < 300
