"""The commands, as they are typed: what they print, and how they end."""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from hashlib import blake2b
from importlib.metadata import version

import pytest
from click.testing import CliRunner

from feedsite.cli import main
from feedsite.digest import digest_of
from feedsite.folder import indexfile

from .support.golden import GOLDEN, sample_site
from .support.servers import FEEDSITE
from .support.stores import ask, before, moto


def run(*words, **environment):
    return CliRunner(env={"FEEDSITE_BASE_URL": None, **environment}).invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def amazon():
    """A store, in which each test makes buckets of its own."""
    with moto() as store:
        yield store


def test_version():
    """`--version` prints the version of the package."""
    assert run("--version").output == f"feedsite, version {version('feedsite')}\n"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("neu", "new"), ("publsh", "publish"), ("chek", "check"), ("rename", "mv"), ("delete", "withdraw")],
)
def test_for_an_unknown_command_the_nearest_one_is_proposed(typed, meant):
    """A slip, and the word of another program, lead to the command that was meant."""
    result = run(typed)
    assert result.exit_code == 2
    assert (
        result.output
        == f"feedsite has no command {typed}; is `feedsite {meant}` meant? (`feedsite --help` tells more)\n"
    )


def test_the_help_shows_whole_sentences():
    """`feedsite --help` cuts the sentence of no command."""
    output = " ".join(run("--help").output.partition("Commands:")[2].split())
    assert "..." not in output
    assert "drafts and scheduled ones too. show" in output


def spoil_index(folder):
    """Changes the text of each article in the index, as a disk that lies may do. No notes are kept there, so that a
    check reads all of them.
    """
    with closing(sqlite3.connect(indexfile.folder(folder, {}) / "index.sqlite")) as index:
        index.execute("UPDATE content SET body = body || 'x'")
        index.execute("DELETE FROM meta WHERE name = 'notes'")
        index.commit()


class TestCheck:
    """`feedsite check` prints all faults, and its exit status is for scripts."""

    def test_nothing_wrong_is_one_line(self, folder):
        """A site without faults is one line."""
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        path.write_text("id: tag:sample.example,2021-07-04:night-trains\n" + path.read_text())
        for noted in ("2035-01-01-scheduled.yaml", "2021-06-30-hostile.yaml"):
            (folder / "entries" / noted).unlink()
        result = run("--site", folder, "check")
        assert result.exit_code == 0
        assert result.output == "Nothing wrong in 6 articles and 2 pages, 1 draft, 1 withdrawn among them.\n"

    def test_the_last_line_counts_the_files_that_there_are(self, folder):
        """After a sound file was deleted, and after a faulty one came: also in the runs after that one."""
        (folder / "entries" / "2021-07-04-night-trains.yaml").unlink()
        for _ in range(2):
            last = run("--site", folder, "check").output.splitlines()[-1]
            assert (
                last
                == "Nothing wrong in 7 articles and 2 pages, 1 draft, 1 scheduled, 1 withdrawn among them; 5 notes."
            )
        (folder / "entries" / "a.yaml").write_text("title: War: what\n")
        last = run("--site", folder, "check").output.splitlines()[-1]
        assert (
            last == "1 fault to mend in 8 articles and 2 pages, 1 draft, 1 scheduled, 1 withdrawn among them; 5 notes."
        )

    def test_all_faults_of_all_files_are_printed_at_once(self, folder):
        """All faults of all files are printed in one run, and the exit status is 1."""
        (folder / "entries" / "a.yaml").write_text("title: War: what\n")
        (folder / "entries" / "b.yaml").write_text("id: tag:a,2021:b\ndate: 2021-01-01\nbody: x\n")
        result = run("--site", folder, "check")
        assert result.exit_code == 1
        lines = result.output.splitlines()
        heads = [line for line in lines[:-1] if line and line[0] != " "]
        assert heads[:3] == ["E010 entries/a.yaml:1:11", "E043 entries/b.yaml:1:1", "E041 entries/b.yaml:2:1"]
        assert all(head.startswith("N") for head in heads[3:])
        begin = lines.index(heads[1])
        assert lines[begin : begin + 5] == [
            "E043 entries/b.yaml:1:1",
            "    1 | id: tag:a,2021:b",
            "      | ^",
            '      | an article has no `title`; add `title: "Japan and Taiwan draw closer"`',
            "",
        ]
        assert (
            lines[-1]
            == "3 faults to mend in 10 articles and 2 pages, 1 draft, 1 scheduled, 1 withdrawn among them; 5 notes."
        )

    @pytest.mark.parametrize(("form", "begin"), [("json", '{\n  "version": 1,'), ("sarif", '{\n  "$schema"')])
    def test_a_program_gets_one_document_and_the_same_exit_status(self, folder, form, begin):
        """Nothing stands beside it, and --notes changes nothing: every note is in it."""
        (folder / "entries" / "a.yaml").write_text("title: War: what\n")
        result = run("--site", folder, "check", "--format", form)
        assert result.exit_code == 1
        assert result.stdout.startswith(begin)
        assert "entries/a.yaml" in json.dumps(json.loads(result.stdout))
        (folder / "entries" / "a.yaml").unlink()
        assert run("--site", folder, "check", "--format", form).exit_code == 0

    def test_github_gets_a_command_for_each_and_the_count(self, folder):
        """The last line is for those who read the log."""
        (folder / "entries" / "a.yaml").write_text("title: War: what\n")
        lines = run("--site", folder, "check", "--format", "github").output.splitlines()
        assert [line for line in lines if line.startswith("::error file=entries/a.yaml,line=1,col=")]
        assert lines[-1].startswith("1 fault to mend in ")

    def test_a_faulty_site_yaml_is_shown_as_every_other_file(self, folder):
        """It never had a sound version."""
        (folder / "site.yaml").write_text("title: War: what\n")
        lines = run("--site", folder, "check").output.splitlines()
        assert lines[1] == "    1 | title: War: what"
        later = "what depends on it is checked when site.yaml is mended"
        assert lines[-1].startswith("1 fault to mend in site.yaml, ")
        assert lines[-1].endswith(f"; {later}.")
        found = json.loads(run("--site", folder, "check", "--format", "json").stdout)
        assert [one["path"] for one in found["messages"] if one["kind"] == "fault"] == ["site.yaml"]

    def test_a_faulty_site_yaml_hides_no_fault_of_an_article(self, folder):
        """Articles are read by what of it is sound. What may be wrong of them only because of it is left out: a time of
        a night in which clocks change, a section that is a slip off.
        """
        site = "titel: War\nbase_url: https://news.example\ntimezone: Berlin\nsections: {world: World, x/: 3}\n"
        (folder / "site.yaml").write_text(site)
        entry = "title: {}\npublished: 2026-10-25 02:30\nsection: wolrd\nbody: x\n"
        (folder / "entries" / "a.yaml").write_text(entry.format("War: what"))
        (folder / "entries" / "b.yaml").write_text(entry.format("War"))
        result = run("--site", folder, "check", "--format", "json")
        found = [(one["path"], one["code"]) for one in json.loads(result.stdout)["messages"] if one["kind"] == "fault"]
        of_site = [("site.yaml", "E041"), ("site.yaml", "E112")]
        assert [one for one in found if one != ("site.yaml", "E043")] == [("entries/a.yaml", "E010"), *of_site]
        assert not [one for one in json.loads(result.stdout)["messages"] if one["code"] in ("N111", "E063")]

    @pytest.mark.parametrize(("charset", "shown"), [("latin-1", "??"), ("cp932", "戦争"), ("ascii", "戦争")])
    def test_letters_that_a_terminal_lacks_become_question_marks(self, folder, charset, shown):
        """Whatever encoding the output has, there is no traceback. ASCII is taken for a setting that was forgotten."""
        (folder / "entries" / "a.yaml").write_text("title: 戦争: Æ\n")
        result = CliRunner(charset=charset).invoke(main, ["--site", str(folder), "check"])
        assert result.exit_code == 1
        encoded = shown.encode("utf-8" if charset == "ascii" else charset)
        assert b"    1 | title: " + encoded + b": " in result.stdout_bytes

    @pytest.mark.parametrize(
        ("named", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
    )
    def test_a_terminal_gets_colours_unless_they_are_not_wanted(self, folder, named, is_coloured):
        """And lines that fit into its width."""
        (folder / "entries" / "a.yaml").write_text(f"title: War: {'what ' * 50}\n")
        terminal, other = os.openpty()
        environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
        command = [sys.executable, "-m", "feedsite", "--site", folder, "check"]
        with subprocess.Popen(
            command,
            stdout=other,
            stderr=subprocess.DEVNULL,
            env=environment | {"TERM": "xterm", "COLUMNS": "70"} | named,
        ):
            os.close(other)
            output = b""
            with contextlib.suppress(OSError):  # Linux: the other end is closed
                while piece := os.read(terminal, 4096):
                    output += piece
        os.close(terminal)
        assert (b"\x1b[" in output) == is_coloured
        shown = re.sub(r"\x1b\[[\d;]*m", "", output.decode()).splitlines()[1]
        assert 60 < len(shown) <= 70

    def test_a_note_that_many_files_share_is_one_line(self, folder):
        """With their number and three of them; --notes prints each."""
        for name in "abcd":
            text = f"title: {name}\npublished: 2020-07-0{'abcd'.index(name) + 1}\nbody: x\n"
            (folder / "entries" / f"{name}.yaml").write_text(text)
        lines = run("--site", folder, "check").output.splitlines()
        note = "the article has no id: when the file is renamed, readers get it again as a new one; "
        note += "`feedsite write-ids` adds an id"
        named = "entries/2021-07-04-night-trains.yaml, entries/a.yaml, entries/b.yaml, ..."
        assert [line for line in lines if line.endswith(f"5 notes: {note} ({named})")]
        assert lines[-2] == "`feedsite check --notes` prints each note."
        every = run("--site", folder, "check", "--notes").output.splitlines()
        assert [line.partition(" ")[2] for line in every if line.endswith(note)] == [
            f"entries/{name}.yaml:1:1 {note}" for name in ("2021-07-04-night-trains", *"abcd")
        ]
        assert "--notes" not in "".join(every)

    def test_a_damaged_index_is_made_anew(self, folder):
        """Also where the damage shows only after all files were read; what a faulty file was before is kept."""
        sound = run("--site", folder, "check")
        spoil_index(folder)
        mended = run("--site", folder, "check")
        assert (mended.exit_code, mended.stdout) == (sound.exit_code, sound.stdout)
        assert mended.stderr == (
            "The index is damaged (an article in it was changed by something else): it is made anew.\n"
        )
        assert run("--site", folder, "check").stderr == ""

    def test_the_last_good_version_of_a_faulty_file_outlives_a_damaged_index(self, folder):
        """No editor's slip takes an article offline, whatever else happens."""
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        run("--site", folder, "check")
        path.write_text("title: War: what\n")
        run("--site", folder, "check")
        with closing(sqlite3.connect(indexfile.folder(folder, {}) / "index.sqlite")) as index:
            index.execute(
                "UPDATE content SET body = body || 'x' WHERE number IN (SELECT number FROM file WHERE path <> ?)",
                (f"entries/{path.name}",),
            )
            index.execute("DELETE FROM meta WHERE name = 'notes'")
            index.commit()
        assert "it is made anew" in run("--site", folder, "check").stderr
        with closing(indexfile.opened(folder, {})) as index:
            assert [read.path for read in index.last_good()] == [f"entries/{path.name}"]

    def test_an_index_in_the_sites_folder_is_noted(self, folder):
        """An index in the site's folder, where an older feedsite kept it, is noted."""
        (folder / ".feedsite").mkdir()
        assert " .feedsite feedsite reads nothing there any more; delete it" in run("--site", folder, "check").output

    @pytest.mark.parametrize(
        "field",
        [
            '"x\\nentries/victim.yaml:1:1: FAKE": 1',
            'id: "x\\nentries/victim.yaml:1:1: FAKE"',
            'tags: "a, b\\nentries/victim.yaml:1:1: FAKE"',
            'status: "x\\u202Efake\\nentries/victim.yaml:1:1: FAKE"',
        ],
    )
    def test_no_value_looks_like_a_line_of_its_own(self, folder, field):
        """A value with line ends makes no line of its own, in a terminal or a log."""
        (folder / "entries" / "a.yaml").write_text(f"title: x\npublished: 2026-11-22\n{field}\nbody: x\n")
        output = run("--site", folder, "check").output
        assert "FAKE" in output
        assert not [line for line in output.splitlines() if line.startswith("entries/victim")]
        assert "\u202e" not in output

    def test_no_name_of_a_file_turns_a_line(self, folder):
        """A file's name with a mark that turns the direction of writing is printed without it."""
        (folder / "entries" / "a\u202ex\u061c.yaml").write_text("title: x\npublished: 2026-11-22\nslug: x\nbody: x\n")
        output = run("--site", folder, "write-ids").output
        assert "entries/a?x?.yaml: id: " in output
        assert "\u202e" not in output

    def test_a_missing_picture_and_a_wrong_length_are_noted(self, folder):
        """A missing picture and a wrong length are noted, and the article is published all the same."""
        path = folder / "entries" / "asia" / "2021-07-05-japan-taiwan.yaml"
        path.write_text(
            path.read_text()
            .replace("length: 417", "length: 400")
            .replace('<img src="/images/dot.png"', '<img src="/images/gone.png"')
        )
        output = run("--site", folder, "check").output
        assert " /images/gone.png is not in the site's folder" in output
        assert " /audio/talk.mp3 has 417 bytes; write `length: 417`" in output

    def test_ids_are_written_in_and_nothing_else_changes(self, folder):
        """`feedsite write-ids` adds the ids that the feeds have already, so that no feed changes by a byte."""
        (folder / "entries" / "2021-06-30-hostile.yaml").unlink()  # it has notes
        path = folder / "entries" / "2021-07-04-night-trains.yaml"
        before = path.read_text()
        known = re.search("urn:uuid:[0-9a-f-]+", (GOLDEN / "feed.json").read_text())[0]
        result = run("--site", folder, "write-ids")
        assert path.read_text() == f"id: {known}\n{before}"
        assert result.output.splitlines()[0] == f"entries/2021-07-04-night-trains.yaml: id: {known}"
        assert run("--site", folder, "write-ids").output == "Every article has an id.\n"

    def test_ids_are_not_made_up_for_a_site_without_address(self, folder):
        """`feedsite write-ids` is refused without an address or id of the site, from which ids follow for ever."""
        path = folder / "site.yaml"
        path.write_text(re.sub("(base_url|id): .*\n", "", path.read_text()))
        result = run("--site", folder, "write-ids")
        assert result.exit_code == 1
        assert "base_url" in result.output


class TestBuild:
    """`feedsite build` writes the site, or prints why it does not."""

    def test_it_writes_the_golden_bytes(self, folder, tmp_path):
        """A build writes the golden bytes, and a second one writes nothing."""
        out = tmp_path / "out"
        result = run("--site", folder, "build", "--output", out)
        assert result.exit_code == 0, result.output
        for path in GOLDEN.rglob("*"):
            if path.is_file():
                assert (out / path.relative_to(GOLDEN)).read_bytes() == path.read_bytes()
        again = run("--site", folder, "build", "--output", out)
        count = len(sample_site())
        assert f"0 written, {count} unchanged, 0 removed" in again.output
        assert "The next article is scheduled for 2035-01-01T00:00:00+00:00" in again.output

    def test_it_refuses_a_site_without_address(self, folder, tmp_path):
        """A build without base_url is refused, for links in a feed must be absolute."""
        path = folder / "site.yaml"
        path.write_text(re.sub("base_url: .*\n", "", path.read_text()))
        result = run("--site", folder, "build", "--output", tmp_path / "out")
        assert (result.exit_code, (tmp_path / "out").exists()) == (1, False)
        assert "base_url" in result.output

    def test_the_environment_gives_the_address(self, folder, tmp_path):
        """A build takes its address from FEEDSITE_BASE_URL, which wins over site.yaml."""
        run("--site", folder, "build", "--output", tmp_path / "out", FEEDSITE_BASE_URL="https://other.example")
        assert b"https://other.example/feed.rss" in (tmp_path / "out" / "feed.rss").read_bytes()

    def test_a_damaged_index_is_made_anew(self, folder, tmp_path):
        """Also where the damage shows only when pages are drawn; the site is built in the same run."""
        assert run("--site", folder, "build", "--output", tmp_path / "sound").exit_code == 0
        spoil_index(folder)
        mended = run("--site", folder, "build", "--output", tmp_path / "mended")
        assert (mended.exit_code, mended.stderr.count("it is made anew")) == (0, 1)
        for path in (tmp_path / "sound").rglob("*.*"):
            if path.is_file() and ".feedsite" not in path.parts:
                assert (tmp_path / "mended" / path.relative_to(tmp_path / "sound")).read_bytes() == path.read_bytes()

    def test_an_index_that_a_contributor_committed_publishes_nothing(self, folder, tmp_path):
        """A forged index in the site's folder, with a changed body under a file's hash, publishes nothing."""
        place = tmp_path / "cache"
        assert run("--site", folder, "build", "--output", tmp_path / "sound", FEEDSITE_CACHE=str(place)).exit_code == 0
        with closing(sqlite3.connect(place / "index.sqlite")) as forged:
            for number, record in forged.execute("SELECT number, record FROM content").fetchall():
                body = "<script>alert(1)</script>"
                mark = blake2b(f"{record}\n{body}".encode(), digest_size=12).digest()
                forged.execute("UPDATE content SET body = ? WHERE number = ?", (body, number))
                forged.execute("UPDATE file SET digest = ? WHERE number = ?", (mark, number))
            forged.commit()
        assert run("--site", folder, "build", "--output", tmp_path / "forged", FEEDSITE_CACHE=str(place)).exit_code == 0
        assert "alert(1)" in (tmp_path / "forged" / "feed.rss").read_text(), "the forgery is none"
        place.rename(folder / ".feedsite")
        named = {"FEEDSITE_CACHE": str(folder / ".feedsite")}
        result = run("--site", folder, "build", "--output", tmp_path / "out", **named)
        assert result.exit_code == 0
        assert f"{folder}/.feedsite lies in the site's folder, where a commit could lay an index" in result.stderr
        files = [path.relative_to(tmp_path / "sound") for path in (tmp_path / "sound").rglob("*.*") if path.is_file()]
        for path in files:
            if ".feedsite" not in path.parts:
                assert (tmp_path / "out" / path).read_bytes() == (tmp_path / "sound" / path).read_bytes()

    def test_a_list_of_builds_in_the_site_is_not_believed(self, folder):
        """A commit could bring forged pages, and with them a builds.json that vouches for them."""
        place = folder / "cache"
        result = run("--site", folder, "build", "--output", folder / "public", FEEDSITE_CACHE=str(place))
        assert result.exit_code == 1
        assert f"{place} lies in the site's folder" in result.stderr
        assert not (folder / "public").exists()

    @pytest.mark.parametrize("inside", [".", "entries", "entries/x", ".."])
    def test_it_never_writes_over_the_site(self, folder, inside):
        """`--output` on the site's own folder, or one above it, is refused and changes nothing."""

        def standing():
            return sorted(path for path in folder.parent.rglob("*") if ".feedsite" not in path.parts)

        before = standing()
        result = run("--site", folder, "build", "--output", folder / inside)
        assert result.exit_code == 1
        assert standing() == before

    @pytest.mark.parametrize("output", ["images", "images/public", "audio/new", "public", "public/new"])
    def test_it_never_writes_where_the_sites_files_are_read(self, folder, output):
        """`--output` within the folders that feedsite reads is refused, also through a link."""
        if output.startswith("public"):
            (folder / "public").mkdir()
            shutil.rmtree(folder / "audio", ignore_errors=True)
            (folder / "audio").symlink_to("public")
        before = sorted(folder.rglob("*"))
        result = run("--site", folder, "build", "--output", folder / output)
        assert result.exit_code == 1
        name = "audio/, which is a link" if output.startswith("public") else f"{output.partition('/')[0]}/"
        assert f"{output} lies in the site's {name}: what is built would be read as files of the site" in result.output
        assert sorted(folder.rglob("*")) == before

    def test_a_broken_file_takes_no_page_offline(self, folder, tmp_path):
        """A faulty file is reported, the rest is built, and its article's page stays."""
        out = tmp_path / "out"
        run("--site", folder, "build", "--output", out)
        page = out / "2021" / "07" / "night-trains" / "index.html"
        (folder / "entries" / "2021-07-04-night-trains.yaml").write_text("title: [")
        result = run("--site", folder, "build", "--output", out)
        assert result.exit_code == 0
        assert "night-trains.yaml:1:8: a value that begins with [ must stand in" in result.output
        assert page.exists()
        (folder / "entries" / "2021-07-04-night-trains.yaml").unlink()
        run("--site", folder, "build", "--output", out)
        assert not page.exists()

    def test_one_file_that_cannot_be_written_stops_no_other(self, folder, tmp_path):
        """A file that cannot be written is reported with exit status 1; all others are written."""
        out = tmp_path / "out"
        build = ("--site", folder, "build", "--output", out)
        run(*build)
        shutil.rmtree(out / "2021")
        (out / "2021").symlink_to(tmp_path)
        (out / "feed.rss").unlink()
        result = run(*build)
        assert result.exit_code == 1
        assert "2021/07/night-trains/index.html: a file or a link stands where a folder must be" in result.output
        assert (out / "feed.rss").read_bytes() == (GOLDEN / "feed.rss").read_bytes()
        assert not (tmp_path / "07").exists()

    def test_an_operators_own_file_stays_where_an_alias_asks_for_its_place(self, folder, tmp_path):
        """Somebody else's file in an alias's place stays, and the build succeeds."""
        out = tmp_path / "out"
        build = ("--site", folder, "build", "--output", out)
        run(*build)
        (out / "theirs.txt").write_text("theirs")
        file = folder / "entries" / "2021-07-04-night-trains.yaml"
        file.write_text("aliases: [/theirs.txt]\n" + file.read_text())
        result = run(*build)
        assert (result.exit_code, (out / "theirs.txt").read_text()) == (0, "theirs")
        assert "theirs.txt: a file that feedsite did not write stands there\n" in result.output
        assert "1 kept in" in result.output

    def test_pages_that_a_contributor_put_beside_their_manifest_are_refused(self, folder):
        """An output in the site's folder is refused when its manifest is not of this user's last build."""
        public = folder / "public"
        build = ("--site", folder, "build", "--output", public)
        run(*build)
        manifest = json.loads((public / ".feedsite" / "written.json").read_bytes())
        forged = b"<script>"
        (public / "index.html").write_bytes(forged)
        found = (public / "index.html").stat()
        row = manifest["rows"]["index.html"]
        row[1], row[3:] = digest_of(forged, 12), [found.st_size, found.st_mtime_ns]
        (public / ".feedsite" / "written.json").write_text(json.dumps(manifest))
        result = run(*build)
        assert result.exit_code == 1
        assert (
            f"{public} lies in the site's folder, and no build of yours is known to have written it; " in result.output
        )

    @pytest.mark.parametrize(
        ("output", "target"),
        [
            ("site/public", "../elsewhere"),
            ("site/public", ".git/refs/tags"),
            ("site/public", "www"),
            ("site/public", "public"),
            ("site/public/new", "nowhere"),
            ("site/public/../new", "www"),
            ("out/new", "../elsewhere"),
        ],
    )
    def test_an_output_behind_a_link_in_the_site_is_refused(self, folder, tmp_path, output, target):
        """Wherever the link leads, for a contributor may have laid it, and also where another link leads to it."""
        for name in ("elsewhere", "site/.git/refs/tags", "site/www"):
            (tmp_path / name).mkdir(parents=True)
        link = folder / "public"
        link.symlink_to(target)
        (tmp_path / "out").symlink_to("site/public")
        before = sorted(folder.rglob("*"))
        result = run("--site", folder, "build", "--output", tmp_path / output)
        assert result.exit_code == 1
        assert f"{link} is a link in the site's folder; delete it, or name the folder that is meant\n" in result.output
        assert (sorted(folder.rglob("*")), list((tmp_path / "elsewhere").iterdir())) == (before, [])

    @pytest.mark.parametrize("output", [".git/refs/tags", ".git", "public/.well-known"])
    def test_a_hidden_output_in_the_site_is_refused(self, folder, output):
        """What is built never lands among a repository's own files."""
        before = sorted(folder.rglob("*"))
        result = run("--site", folder, "build", "--output", folder / output)
        assert result.exit_code == 1
        assert f"{output} is hidden in the site's folder, as .git is; name another folder for it, such as public\n" in (
            result.output
        )
        assert sorted(folder.rglob("*")) == before

    def test_links_above_the_site_and_the_output_are_followed(self, folder, tmp_path):
        """A release that a link leads to, as git-sync sets it, is built into its own folder and into any other."""
        (tmp_path / "releases").mkdir()
        shutil.copytree(folder, tmp_path / "releases" / "1")
        (tmp_path / "current").symlink_to("releases/1")
        (tmp_path / "out").symlink_to("elsewhere/out")
        (tmp_path / "elsewhere" / "out").mkdir(parents=True)
        for output in ("current/public", "releases/1/www", "out"):
            result = run("--site", tmp_path / "current", "build", "--output", tmp_path / output)
            assert result.exit_code == 0, result.output
            assert (tmp_path / output / "index.html").exists()

    @pytest.mark.parametrize("places", [[], ["--output", "out", "--to", "s3://news"]])
    def test_it_wants_one_place(self, folder, places):
        """A build needs either `--output` or `--to`."""
        result = run("--site", folder, "build", *places)
        assert result.exit_code == 1
        assert result.output.startswith("name one place to write to: --output and a folder, or --to and a bucket")

    def test_a_dry_run_lists_what_a_build_would_do(self, folder, tmp_path):
        """A dry run prints a line for each file to write or remove, and touches nothing."""
        out = tmp_path / "out"
        run("--site", folder, "build", "--output", out)
        (folder / "entries" / "2021-07-04-night-trains.yaml").unlink()
        lines = run("--site", folder, "build", "--output", out, "--dry-run").output.splitlines()
        assert "remove 2021/07/night-trains/index.html" in lines
        assert "write index.html" in lines
        assert (out / "2021" / "07" / "night-trains" / "index.html").exists()
        told = next(line for line in lines if "to write" in line)
        count = sum(line.startswith("write ") for line in lines)
        assert told.startswith(f"{count} to write, ")
        assert told.endswith(f", 1 to remove in {out}.")
        assert f"\n{count} written, " in run("--site", folder, "build", "--output", out).output

    def test_a_bucket_without_its_library_is_one_sentence(self, folder):
        """Without the library for buckets, the error says how to install it."""
        program = f"""
import sys
sys.modules["obstore"] = None
from feedsite.cli import main
main(["--site", {str(folder)!r}, "build", "--to", "s3://news"])
"""
        process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
        assert (process.returncode, process.stdout) == (1, "")
        remedy = "install it in a working copy: `pip install -c constraints.txt '.[s3]'`"
        assert process.stderr == f"obstore is missing, which --to needs; {remedy}\n"

    def test_it_writes_into_a_bucket(self, folder, amazon):
        """A bucket gets the same files as a folder; what is gone is left there until `--delete`."""
        ask(amazon.port, "PUT", "/news")
        count = len(sample_site())
        words = ("--site", folder, "build", "--to", "s3://news/site")
        assert f"{count} written, 0 unchanged, 0 removed in s3://news/site." in run(*words, **amazon.environment).output
        assert ask(amazon.port, "GET", "/news/site/feed.rss").read() == (GOLDEN / "feed.rss").read_bytes()
        (folder / "images" / "dot.png").unlink()
        left = run(*words, **amazon.environment).output
        assert ", 0 removed, 2 left in s3://news/site." in left  # the picture is the site's icon, too
        assert "What the site no longer has is left there; --delete removes it." in left
        listed = run(*words, "--delete", "--dry-run", **amazon.environment).output
        assert listed.startswith("remove favicon.ico\nremove images/dot.png\n")
        assert ", 2 removed in s3://news/site." in run(*words, "--delete", **amazon.environment).output

    @pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
    def test_a_build_that_is_ended_releases_the_bucket(self, folder, amazon, end):
        """A build that is ended by Ctrl-C or SIGTERM releases the bucket, and the next one need not wait."""
        name = f"ended-by-{end}"
        ask(amazon.port, "PUT", f"/{name}")
        begun, ended = threading.Event(), threading.Event()

        def waiting(method, path, _headers):
            if method == "PUT" and path.startswith(f"/{name}/static/"):
                begun.set()
                ended.wait(30)

        with before(amazon, waiting) as store:
            command = [sys.executable, "-m", "feedsite", "--site", folder, "build", "--to", f"s3://{name}"]
            process = subprocess.Popen(command, env={**os.environ, **store.environment}, stderr=subprocess.DEVNULL)
            assert begun.wait(30)
            process.send_signal(end)
            ended.set()
            assert process.wait(30) == 1
            output = run("--site", folder, "build", "--to", f"s3://{name}", **store.environment).output
            assert f", 0 removed in s3://{name}." in output

    def test_a_bucket_that_is_away_is_one_sentence(self, folder, amazon):
        """An error of a bucket is one sentence, and the exit status is 1."""
        result = run("--site", folder, "build", "--to", "s3://nowhere", **amazon.environment)
        assert result.exit_code == 1
        assert result.output.endswith("\ns3://nowhere: there is no bucket nowhere; make it first, or mend its name\n")


def test_names_of_files_are_utf_8_in_every_locale(folder):
    """What is typed as well."""
    (folder / "entries" / "2021-07-06-夜行.yaml").write_text("title: Night\nbody: Text.\n", encoding="utf-8")
    ascii_ = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "FEEDSITE_BASE_URL": "https://a.example"}
    done = subprocess.run(
        [*FEEDSITE, "--site", folder, "show", "夜行"], env=os.environ | ascii_, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "https://a.example/2021/07/夜行/" in done.stdout.decode()


@pytest.mark.parametrize("words", [["--help"], ["check"], ["explain"], ["publish", "draft"]])
def test_output_onto_a_full_disk_is_told_in_a_sentence(folder, words):
    with open("/dev/full", "w") as full:
        done = subprocess.run([*FEEDSITE, "--site", folder, *words], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == "what is printed cannot be written or read: No space left on device\n"


def test_a_command_whose_output_is_closed_writes_nothing_elsewhere(folder):
    """Neither has the file that it opens first the number of the output, nor does it fail."""
    closed = ["sh", "-c", 'exec "$@" >&- <&-', "sh", *FEEDSITE, "--site", folder]
    done = subprocess.run([*closed, "publish", "draft"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "status: draft" not in (folder / "entries" / "draft.yaml").read_text()


def test_a_folder_without_site_yaml_says_how_to_make_one(tmp_path):
    """In a folder without site.yaml the error shows how to make one."""
    result = run("--site", tmp_path, "check")
    assert result.exit_code == 1
    assert "make a new one: `feedsite init my-site`" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("new", "War", "what"),
            'a headline of several words stands in quotation marks: `feedsite new "The headline"`',
        ),
        (
            ("init", "My", "site"),
            'a name of several words stands in quotation marks: `feedsite init my-site --title "My site"`',
        ),
        (("check", "entries/a.yaml"), "check reads the whole site, and takes no names of files"),
        (("publish", "a", "b"), "one article at a time; words with spaces between them stand in quotation marks"),
        (("correct", "a", "--note", "It", "was"), 'what was wrong stands in quotation marks: --note "What was wrong."'),
    ],
)
def test_words_too_many_are_answered_with_what_is_meant(tmp_path, words, said):
    """The shell takes a sentence apart that no quotation marks hold together."""
    result = run("--site", tmp_path, *words)
    assert (result.exit_code, result.output) == (2, f"{said} (`feedsite --help` tells more)\n")
