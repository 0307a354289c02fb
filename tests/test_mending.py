"""`feedsite check --fix` and `--diff`: what is certain is mended, and nothing else changes."""

import shutil
import subprocess
from codecs import BOM_UTF8

import pytest
from click.testing import CliRunner
from hypothesis import given

from feedsite.checking import mending
from feedsite.cli import main
from feedsite.codes import Code
from feedsite.edits import Edit
from feedsite.errors import Fault
from feedsite.parsing import entryfile

from .support.builders import PATH, entry_text
from .support.laws import FILES, SITE, often

SITE_YAML = b"Title: The Meridian\ndescription: World: news\nbase_url: https://news.example\n"
SOUND = entry_text(slug="sound").encode()


def run(folder, *words):
    return CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, ["--site", str(folder), *words])


@pytest.fixture
def folder(tmp_path):
    """A site of which nearly every file has a fault."""
    (tmp_path / "site.yaml").write_bytes(SITE_YAML)
    (tmp_path / "entries").mkdir()
    (tmp_path / "pages").mkdir()
    return tmp_path


def put(folder, **files):
    for name, text in files.items():
        place = folder / ("pages" if name == "about" else "entries") / f"{name}.yaml"
        place.write_bytes(text if isinstance(text, bytes) else text.encode())


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


BROKEN = {
    "a": "# A comment.\nid: a\nheadline: War: what is it   # why\ndate: 22.11.2026\nbody: |\n  x\n".replace(
        "   # why", ""
    ),
    "b": BOM_UTF8 + b'id: b\r\ntitle: "B\r\npublished: 2026-11-21\r\nbody: |\r\n\tx\r\n\r\n\ty\r\n',
    "about": "title: About: us\nbody: |\n  x",
}
MENDED = {
    "site.yaml": b'title: The Meridian\ndescription: "World: news"\nbase_url: https://news.example\n',
    "a.yaml": b'# A comment.\nid: a\ntitle: "War: what is it"\npublished: 2026-11-22\nbody: |\n  x\n',
    "b.yaml": BOM_UTF8 + b'id: b\r\ntitle: "B"\r\npublished: 2026-11-21\r\nbody: |\r\n  x\r\n\r\n  y\r\n',
    "about.yaml": b'title: "About: us"\nbody: |\n  x',
}


def test_files_are_mended_and_keep_all_else(folder):
    """Comments, line ends, a mark of the encoding, the last line without an end; and each changed line is printed."""
    put(folder, **BROKEN)
    result = run(folder, "check", "--fix")
    assert files(folder) == MENDED
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "Nothing wrong in 2 articles and 1 page.")
    assert result.output.startswith("Mended site.yaml\n  - Title: The Meridian\n")
    assert '  - headline: War: what is it\n  - date: 22.11.2026\n  + title: "War: what is it"\n' in result.output
    assert run(folder, "check", "--fix").output == "Nothing wrong in 2 articles and 1 page.\n"


def test_fields_with_capitals_are_all_mended_at_once_and_then_the_id(folder):
    """Also those that stand below the text: the file writes its fields so. Of a faulty file nobody knew the id."""
    (folder / "site.yaml").write_bytes(MENDED["site.yaml"])
    put(folder, a="Title: A\nBody: |\n  x\nPublished: 2026-11-22\n")
    result = run(folder, "check", "--fix")
    text = "title: A\nbody: |\n  x\npublished: 2026-11-22\n"
    derived = entryfile.read(text.encode(), "entries/a.yaml", SITE).derived_id
    assert (folder / "entries" / "a.yaml").read_text() == f"id: {derived}\n{text}"
    assert result.output.splitlines()[-1] == "Nothing wrong in 1 article."
    put(folder, a="id: a\ntitle: A\nbody: |\n  x\nPublished: 2026-11-22\npublished: 2026-11-22\n")
    assert run(folder, "check", "--fix").exit_code == 1  # it may be a line of the text


def test_a_diff_shows_the_same_and_changes_nothing(folder):
    """It can be applied, line ends of Windows and all."""
    run_git = shutil.which("git")
    if not run_git:
        pytest.skip("git is not there")
    put(folder, **BROKEN)
    (folder / "site.yaml").write_bytes(MENDED["site.yaml"])
    before = files(folder)
    result = run(folder, "check", "--diff")
    assert (files(folder), result.exit_code) == (before, 1)
    subprocess.run([run_git, "apply"], input=result.stdout_bytes, cwd=folder, check=True)
    assert files(folder) == MENDED
    assert run(folder, "check", "--diff").stdout == ""


def test_what_is_not_certain_is_left_and_told(folder):
    """One fault of a file is mended, another one is told; a file that is no text is left alone."""
    (folder / "site.yaml").write_bytes(MENDED["site.yaml"])
    put(folder, a="id: a\ntitel: A\npublished: 03/04/2026\nbody: x\n", b="title: Ä: b\n".encode("latin-1"))
    before = files(folder)
    result = run(folder, "check", "--fix")
    assert result.exit_code == 1
    assert files(folder) == before | {"a.yaml": b"id: a\ntitle: A\npublished: 03/04/2026\nbody: x\n"}
    assert result.output.splitlines()[:3] == ["Mended entries/a.yaml", "  - titel: A", "  + title: A"]
    assert "E060" in result.output
    assert "E001" in result.output


def test_ids_are_written_as_feeds_have_them(folder):
    """But not into a copy, and not where the file seems to be another one under a new name."""
    (folder / "site.yaml").write_bytes(MENDED["site.yaml"])
    text = "title: A\npublished: 2026-11-22\nbody: |\n  One and two and three and four and five.\n"
    put(folder, a=text, old=text.replace("A", "Old").replace("five", "six"))
    run(folder, "check")
    (folder / "entries" / "old.yaml").rename(folder / "entries" / "new.yaml")
    (folder / "entries" / "a (conflicted copy 2026-11-26).yaml").write_text(text)
    before = files(folder)
    result = run(folder, "check", "--fix")
    entry = entryfile.read(text.encode(), "entries/a.yaml", SITE)
    changed = {name: text for name, text in files(folder).items() if text != before[name]}
    assert changed == {"a.yaml": f"id: {entry.derived_id}\n{text}".encode()}
    assert "Mended entries/a.yaml" in result.output


def test_a_program_gets_the_document_alone(folder):
    """What was changed is printed beside it."""
    put(folder, **BROKEN)
    result = run(folder, "check", "--fix", "--format", "json")
    assert result.stdout.startswith("{")
    assert "Mended" in result.stderr


@pytest.mark.skipif(not hasattr(shutil, "chown"), reason="rights are another thing there")
def test_rights_and_links_stay(folder):
    """A file that is a link stays one: its target is replaced, and keeps its rights."""
    (folder / "site.yaml").write_bytes(MENDED["site.yaml"])
    target = folder / "entries" / "target.txt"
    target.write_text("id: a\ntitel: A\npublished: 2026-11-22\nbody: x\n")
    target.chmod(0o640)
    (folder / "entries" / "a.yaml").symlink_to("target.txt")
    run(folder, "check", "--fix")
    assert target.read_text().splitlines()[1] == "title: A"
    assert (target.stat().st_mode & 0o777, (folder / "entries" / "a.yaml").is_symlink()) == (0o640, True)


@often
@given(FILES)
def test_mending_ends_and_never_makes_a_file_worse(content):
    """The law, for whatever stands in a file: mended again it stays, and what was sound means the same."""
    read = mending.of_text(PATH, SITE)
    before, after = read(content), mending.mended(content, read, with_id=True)
    again = read(after)
    assert mending.mended(after, read, with_id=True) == after
    assert before.meaning in (None, again.meaning)
    if before.is_parsed:
        assert len(again.faults) <= len(before.faults)
        assert {fault.code for fault in again.faults} <= {fault.code for fault in before.faults}


def test_a_large_file_with_many_faults_takes_bounded_work():
    """Where a text cannot be parsed, one fault is found at a time: each costs a reading of all of it."""
    content = b"?" * 300 + b"much of it\n" * 300_000
    sizes = []

    def read(text):
        sizes.append(len(text))
        done = len(text) - len(text.lstrip(b"!"))
        fault = Fault(PATH, 1, done + 1, Code.COLON_IN_VALUE, "wrong", mend=(Edit(done, done + 1, "!"),))
        return mending.Reading((fault,), None, is_parsed=False)

    assert mending.mended(content, read).startswith(b"!!")
    assert sum(sizes) < 64 * 1024 * 1024
