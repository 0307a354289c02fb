"""`feedsite diff`: what a tired editor does, and what is said of it. docs/diff.md shows these screens."""

import json
import re
import shlex
import shutil

import pytest
from click.testing import CliRunner

from feedsite import export
from feedsite.cli import main
from feedsite.comparing import asjson
from feedsite.folder.library import Library
from feedsite.site import Site

from .support.docs import DOCS
from .support.documents import documents_of
from .support.golden import NOW
from .support.logs import line as log_line
from .support.repository import Repository, without_hashes

TRAINS = "entries/2021-07-04-night-trains.yaml"
PAGE = DOCS["diff.md"]
NOTHING = "Nothing that a subscriber would notice."


@pytest.fixture
def repository(folder):
    return Repository(folder)


def change(repository, path, *changes):
    """Replaces texts in a file, or adds a line to it."""
    file = repository.site / path
    text = file.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)


def add(repository, path, line):
    file = repository.site / path
    file.write_text(file.read_text() + line + "\n")


def screens():
    """The screens of the page, by the name of the edit above each."""
    found = re.findall(r"^\*\*([^\n]+)\*\*\n\n```text\n(.*?)```$", PAGE, re.MULTILINE | re.DOTALL)
    return dict(found)


def rename(one):
    (one.site / TRAINS).rename(one.site / "entries/2021-07-04-sleepers.yaml")


def mend_typo(one):
    change(one, TRAINS, ("because nobody wants", "for nobody wants"))


def publish(one):
    """A new article, and a correction that is announced."""
    (one.site / "entries/2026-11-22-harbour.yaml").write_text(
        "id: tag:sample.example,2026-11-22:harbour\n"
        "title: The harbour opens again\npublished: 2026-11-22 09:30\nsection: world\nbody: Ships are back.\n"
    )
    change(one, "entries/asia/2021-07-05-japan-taiwan.yaml", ('not <March>."}', 'not <March>.", announce: true}'))


def delete(one):
    (one.site / TRAINS).unlink()


EDITS = {
    "An article and a correction are published.": publish,
    "A typing error is mended.": mend_typo,
    "A file without an id gets another name.": rename,
    "An article is deleted.": delete,
}


@pytest.mark.parametrize("name", EDITS)
def test_each_screen_of_the_docs_is_what_is_printed(repository, name):
    """An editor sees in the docs what the terminal says."""
    EDITS[name](repository)
    assert without_hashes(repository.diff().output) == screens()[name]
    assert list(screens()) == list(EDITS)


class TestTiredEditor:
    """The slips that everybody makes, and the status of each."""

    def test_nothing_was_done(self, repository):
        """Not a line too much, and no status to stop at."""
        result = repository.diff()
        assert (result.output, result.exit_code) == (f"{NOTHING}\n", 0)

    def test_only_a_comment_was_written(self, repository):
        """What no reader sees is nothing."""
        add(repository, TRAINS, "# checked by the desk")
        assert repository.diff().output == f"{NOTHING}\n"

    def test_a_draft_was_edited(self, repository):
        """It is counted, for somebody may think it public."""
        change(repository, "entries/draft.yaml", ("title: ", "title: Not "))
        assert repository.diff().output == f"{NOTHING[:-1]}; in no feed: 1 draft or scheduled article.\n"

    def test_the_lines_that_mend_a_rename_mend_it(self, repository):
        """Whoever pastes them has broken nothing."""
        rename(repository)
        result = repository.diff("--format", "json")
        (decision,) = json.loads(result.output)["decisions"]
        assert (result.exit_code, decision["kinds"]) == (1, ["id", "address"])
        for line in decision["mend"]:
            add(repository, decision["source"], line)
        again = repository.diff()
        assert (again.exit_code, "To decide first" in again.output) == (0, False)

    @pytest.mark.parametrize("line", ["slug: sleepers", "published: 2021-08-04 21:15"])
    def test_an_address_that_moved_is_mended_by_its_alias(self, repository, line):
        """By a slug, and by a day of another month, which the address has in it."""
        name = line.partition(":")[0]
        file = repository.site / TRAINS
        file.write_text(re.sub(rf"^{name}:.*\n", "", file.read_text(), flags=re.MULTILINE) + line + "\n")
        (decision,) = decisions(repository)
        assert decision["mend"] == ["aliases: [/2021/07/night-trains/]"]
        assert decision["line"] > 0
        add(repository, TRAINS, decision["mend"][0])
        assert repository.diff().exit_code == 0

    def test_a_draft_again_breaks_its_address_and_is_told_of_withdraw(self, repository):
        """As a file that is gone does; a withdrawal, which says why, breaks nothing."""
        add(repository, TRAINS, "status: draft")
        (decision,) = decisions(repository)
        assert decision["kinds"] == ["address"]
        assert decision["mend"] == ["status: published", f'$ feedsite withdraw {TRAINS} --reason "..."']
        change(repository, TRAINS, ("status: draft", 'withdrawn: {at: 2026-11-20, reason: "It was wrong."}'))
        assert decisions(repository) == []

    def test_the_commands_that_undo_a_deletion_undo_it(self, repository):
        """The file comes back, and is withdrawn; then nothing is broken."""
        delete(repository)
        (decision,) = decisions(repository)
        for line in decision["mend"]:
            words = shlex.split(line.removeprefix("$ "))
            assert words.pop(0) in ("git", "feedsite")
            if words[0] == "restore":
                repository.git(*words)
            else:
                CliRunner().invoke(main, ["--site", str(repository.site), *words], catch_exceptions=False)
        found = json.loads(repository.diff("--format", "json", at=None).output)
        assert (found["decisions"], {item["fate"] for item in found["items"]}) == ([], {"withdrawn", "new"})

    def test_two_files_that_were_swapped_are_named(self, folder):
        """With ids of their files both articles say now what the other one said."""
        paths = [f"entries/2021-07-0{day}-swap.yaml" for day in (1, 2)]
        for number, path in enumerate(paths):
            (folder / path).write_text(
                f"title: Story {number}\npublished: 2021-07-01\nslug: s{number}\nbody: Text {number}.\n"
            )
        repository = Repository(folder)
        one, other = (folder / path for path in paths)
        text = one.read_text()
        one.write_text(other.read_text())
        other.write_text(text)
        output = " ".join(repository.diff().output.split())
        assert output.count("two files seem to have been swapped") == 2

    def test_a_corrected_article_in_a_file_of_another_name_is_no_swap(self, folder):
        """It says under its id what it said before."""
        former, new = (folder / "entries" / f"2021-07-01-{name}.yaml" for name in ("war", "war-explained"))
        text = "id: tag:news.example,2021:war\ntitle: War\npublished: 2021-07-01\nbody: Text.\n"
        former.write_text(text)
        repository = Repository(folder)
        former.rename(new)
        new.write_text(f"{text}aliases: [/2021/07/war/]\nupdated: 2021-07-02\n")
        assert "swapped" not in repository.diff().output

    def test_a_name_in_site_yaml_is_another_and_its_list_has_no_articles(self, repository):
        """Its feeds lead nowhere, which their subscribers notice."""
        change(repository, "site.yaml", ("name: Mina Sato", "name: Mina S. Sato"))
        (decision,) = decisions(repository)
        assert (decision["kinds"], decision["feeds"]) == (["feed"], ["/author/mina-sato/"])

    def test_a_section_under_another_name_keeps_its_feeds_by_a_mix(self, folder):
        """The lines for site.yaml that are told keep the addresses of the section."""
        for day in (1, 2):
            (folder / f"entries/2021-07-0{day}-rail.yaml").write_text(
                f"id: tag:a,2021:{day}\ntitle: Rail\npublished: 2021-07-0{day}\nsection: rail\nbody: Text.\n"
            )
        repository = Repository(folder)
        for day in (1, 2):
            change(repository, f"entries/2021-07-0{day}-rail.yaml", ("section: rail", "section: railways"))
        (decision,) = decisions(repository)
        assert decision["feeds"] == ["/rail/"]
        add(repository, "site.yaml", "\n".join(decision["mend"]))
        assert repository.diff().exit_code == 0

    def test_a_section_whose_only_article_waits_goes_on_under_no_other_name(self, folder):
        """No mix of its own name is proposed."""
        source = "entries/2021-07-01-rail.yaml"
        (folder / source).write_text(
            "id: tag:a,2021:1\ntitle: Rail\npublished: 2021-07-01\nsection: rail\nbody: Text.\n"
        )
        repository = Repository(folder)
        change(repository, source, ("published: 2021-07-01", "published: 2999-07-01"))
        told = [decision["mend"] for decision in decisions(repository) if "/rail/" in decision["feeds"]]
        assert told == [[]]

    def test_a_base_url_that_moves_moves_everything(self, repository):
        """Each article's address is another one, and so is what each reader makes of it."""
        change(repository, "site.yaml", ("base_url: https://sample.example", "base_url: https://other.example"))
        (decision,) = decisions(repository)
        assert (decision["source"], decision["line"]) == ("site.yaml", 5)

    def test_ids_that_follow_from_base_url_are_one_decision_with_one_line_that_keeps_them(self, folder):
        """Not one for each of the articles, which may be thousands."""
        site = folder / "site.yaml"
        site.write_text(re.sub("^id: .*\n", "", site.read_text(), flags=re.MULTILINE))
        for day in range(1, 9):
            (folder / f"entries/2021-07-0{day}-more-{day}.yaml").write_text(
                f"title: T{day}\npublished: 2021-07-0{day}\nbody: B.\n"
            )
        repository = Repository(folder)
        change(repository, "site.yaml", ("base_url: https://sample.example", "base_url: https://other.example"))
        (ids,) = [one for one in decisions(repository) if "id" in one["kinds"]]
        assert len(ids["ids"]) > 8
        add(repository, "site.yaml", ids["mend"][0])
        assert [one["kinds"] for one in decisions(repository)] == [["address"]]

    def test_a_file_with_a_fault_is_no_deletion(self, repository):
        """A server goes on with its last good version, so a slip breaks no address."""
        add(repository, TRAINS, "titel: x")
        result = repository.diff()
        assert (result.exit_code, "has faults" in result.output) == (0, True)

    def test_a_picture_that_is_gone_is_said_and_changes_what_its_articles_show(self, repository):
        """Of an article whose own file is as it was: the feeds told the picture's size until now."""
        (repository.site / "images/dot.png").unlink()
        result = repository.diff()
        assert "images/dot.png: this file is gone" in result.output
        assert re.search("updated +Japan & Taiwan", result.output)

    def test_a_standing_page_that_moves_breaks_its_address(self, repository):
        """It is in no feed, and people have linked to it."""
        (repository.site / "pages/about.yaml").rename(repository.site / "pages/who-we-are.yaml")
        (decision,) = decisions(repository)
        assert decision["mend"] == ["aliases: [/about-us, /about/]"]


def decisions(repository, *words):
    return json.loads(repository.diff("--format", "json", *words).output)["decisions"]


class TestRevisions:
    """What is compared with what."""

    def test_two_revisions_are_compared_in_any_notation(self, repository):
        """The working tree counts for nothing then."""
        mend_typo(repository)
        repository.commit()
        delete(repository)
        for words in (
            ("HEAD~1", "HEAD"),
            ("HEAD~1..HEAD",),
            ("HEAD~1...HEAD",),
            ("HEAD~1..",)[:0] or ("HEAD~1..HEAD",),
        ):
            assert re.search("updated +Night trains return", repository.diff(*words).output), words

    def test_a_branch_is_compared_with_where_it_left_another(self, repository):
        """What others published on main meanwhile is nothing that this branch does."""
        repository.git("checkout", "--quiet", "-b", "branch")
        mend_typo(repository)
        repository.commit()
        repository.git("checkout", "--quiet", "main")
        publish(repository)
        repository.commit()
        repository.git("checkout", "--quiet", "branch")
        output = repository.diff("main...").output
        assert re.search("updated +Night trains return", output)
        assert "harbour" not in output

    def test_a_site_may_lie_in_a_folder_of_the_repository(self, folder):
        """A forge is told the paths of the repository."""
        repository = Repository(folder.parent, folder)
        delete(repository)
        first, *_ = repository.diff("--format", "github").output.splitlines()
        assert first.startswith(f"::error file=site/{TRAINS}::the file is gone")

    def test_a_moment_can_be_named(self, repository):
        """By the site's own clock: what is scheduled is new to those who read then."""
        text = (repository.site / TRAINS).read_text()
        (repository.site / "entries/later.yaml").write_text(text.replace("2021-07-04 21:15", "2026-12-01 08:00"))
        assert "new  " not in repository.diff(at="2026-12-01 07:59").output
        assert "new  " in repository.diff(at="2026-12-01 08:00").output
        result = repository.diff(at="tomorrow")
        assert (result.exit_code, result.output) == (
            1,
            '"tomorrow" is not a date and time; write one such as 2026-11-22T09:00:00+01:00\n',
        )


class TestFormats:
    """For people, for programs, for pull requests."""

    def test_a_forge_gets_remarks_at_lines_and_a_summary(self, repository, tmp_path):
        """And no title of an article becomes a command of the forge, or Markdown."""
        change(repository, TRAINS, ("title: Night trains return", 'title: "<b>::error::[x](y)"\nslug: sleepers'))
        summary = tmp_path / "summary.md"
        result = repository.diff("--format", "github", GITHUB_STEP_SUMMARY=str(summary))
        kinds = [line.partition(" ")[0] for line in result.output.splitlines()]
        assert kinds == ["::error", "::warning", "::notice"]
        assert "%0Aaliases: [/2021/07/night-trains/]" in result.output
        assert "\\<b\\>::error::\\[x\\]\\(y\\)" in summary.read_text()

    def test_each_key_of_the_json_is_documented(self, repository):
        """Who reads it by a program finds every key in diff.md."""
        publish(repository)
        delete(repository)
        add(repository, "site.yaml", "mixes: {quiet: {of: [world]}}")
        found = json.loads(repository.diff("--format", "json").output)
        assert found["format"] == asjson.FORMAT
        section = PAGE.split("## As JSON")[1]
        assert keys(found) - set(re.findall(r"`([a-z_]+)`", section)) == set()

    def test_it_is_weighed_with_who_reads(self, repository, tmp_path):
        """By the readers that name themselves, and by all."""
        log = tmp_path / "access.log"
        agents = ("CommaFeed/5 - 30 subscribers", "Feedly/1.0 (12 subscribers)", "Nextcloud-News/1.0")
        log.write_text("".join(log_line(agent=agent) + "\n" for agent in agents))
        mend_typo(repository)
        output = " ".join(repository.diff("--audience", log).output.split())
        assert "Nextcloud News marks 1 item unread again (1 of 43 subscribers)." in output
        assert "keep the old text of 1 item (30 of 43 subscribers)." in output

    def test_no_escape_sequence_of_a_file_reaches_the_terminal(self, repository):
        """Nor does a name that begins like an option, or holds a line end, do any harm."""
        name = repository.site / "entries" / "2021-07-01-\x1b[31m\nx.yaml"
        name.write_text('title: "a\\u202eb"\npublished: 2021-07-01\nslug: x\nbody: B.\n')
        repository.commit()
        name.unlink()
        output = repository.diff("HEAD").output
        assert "\x1b" not in output
        assert "\u202e" not in output


class TestExports:
    """Against what was published, where git is not to be had."""

    @pytest.fixture
    def written(self, folder, tmp_path):
        """The folder of an export."""
        library = Library(folder, {})
        library.read()
        contents = library.contents(NOW)
        output = tmp_path / "public"
        for _ in export.write(Site(contents.edition, contents.settings, contents.media), output):
            pass
        return output

    def test_nothing_is_nothing(self, repository, written):
        """What was exported and is as it was."""
        result = repository.diff("--against", written)
        assert (result.exit_code, result.output.splitlines()[0]) == (0, NOTHING)

    def test_it_finds_by_the_manifest_what_git_would_have_told(self, repository, written):
        """A text that differs, an address that breaks with its file and its alias, an id, a feed that is gone."""
        add(repository, TRAINS, "slug: sleepers")
        change(repository, "site.yaml", ("name: Mina Sato", "name: Mina S. Sato"))
        found = json.loads(repository.diff("--against", written, "--format", "json").output)
        told = {(one["source"], one["kinds"][0], *one["mend"]) for one in found["decisions"]}
        assert (TRAINS, "address", "aliases: [/2021/07/night-trains/]") in told
        assert ("site.yaml", "feed") in told
        assert [one["fate"] for one in found["items"] if one["path"] == "/2021/07/sleepers/"] == ["updated"]
        assert found["limits"]

    def test_an_id_that_changes_is_found_by_the_address(self, repository, written):
        """The former one is told, ready to paste."""
        change(repository, "entries/asia/2021-07-05-japan-taiwan.yaml", ("2021-07-05:japan-taiwan", "2021-07-05:other"))
        (decision,) = decisions(repository, "--against", written)
        assert decision["mend"] == ['id: "tag:sample.example,2021-07-05:japan-taiwan"']

    def test_an_address_that_shows_no_manifest_is_read_by_its_feeds(self, repository, written):
        """As most servers show none; and it is said what could not be known."""
        shutil.rmtree(written / ".feedsite")
        change(repository, TRAINS, ("because nobody wants", "for nobody wants"))
        add(repository, TRAINS, "slug: sleepers")
        with documents_of(written) as address:
            result = repository.diff("--against", address, "--format", "json")
        found = json.loads(result.output)
        assert [(one["fate"], one["path"]) for one in found["items"]] == [("updated", "/2021/07/sleepers/")]
        assert [one["mend"] for one in found["decisions"]] == [["aliases: [/2021/07/night-trains/]"]]
        assert "shows no manifest" in found["limits"][0]

    def test_a_place_that_is_none_is_said_in_a_sentence(self, repository):
        """Neither an address of another kind, nor one at which nobody answers."""
        for place, words in (
            (repository.site, "is no export of a site"),
            ("gopher://a.example/", "is no address of an export"),
            ("http://[::1", "is no address of an export"),
            ("http://127.0.0.1:1", "cannot be reached"),
        ):
            result = repository.diff("--against", place)
            assert (result.exit_code, words in result.output) == (1, True), result.output


def keys(value):
    if isinstance(value, dict):
        return set(value) - {"entries"} | set().union(*map(keys, value.values())) if not _is_map(value) else set()
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def _is_map(value):
    """Whether its keys are names of other things: fates, kinds of articles."""
    return bool(value) and all(isinstance(one, list | int) and key in FREE for key, one in value.items())


FREE = {"new", "twice", "listed", "back", "updated", "withdrawn", "left", "gone", "page", "older", "waiting"}
