"""However a program saves a file, readers are served the old text or the new one, never a part of it.

Each way is what the program was seen to do (strace), or what its manual says.
"""

import os
import re
import time

import pytest

from benchmarks import stories

from .support.newsroom import PATIENCE, STORIES, TOGETHER, edit, errors, newsroom, read_by_a_crowd, serving
from .support.waiting import until

SLOWLY = 0.03  # seconds between two pieces: longer than feedsite waits for the end of a change


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    site = newsroom(tmp_path_factory.mktemp("never-down"))
    with serving(site, *TOGETHER) as one:
        one.site = site
        yield one


def version_in(path):
    return int(re.search(r"version (\d+)", path.read_text())[1])


def truncated_and_written(path, text):
    """nano, VS Code, most uploads."""
    path.write_text(text)


def truncated_and_written_late(path, text):
    """Emptied first, written a moment later: an editor under load, or on a network's disk."""
    with path.open("w") as file:
        file.flush()
        time.sleep(SLOWLY)
        file.write(text)


def written_in_blocks(path, text):
    """Blocks of a program's buffer, which end anywhere."""
    with path.open("w", buffering=1) as file:
        for start in range(0, len(text), 100):
            os.write(file.fileno(), text[start : start + 100].encode())
            time.sleep(SLOWLY / 10)


def moved_aside_and_written(path, text):
    """vim with `backupcopy=no`, Emacs: the old file becomes the backup, the new one is written under its name."""
    backup = path.with_name(f"{path.name}~")
    swap = path.with_name(f".{path.name}.swp")
    swap.write_bytes(b"b0VIM 9.0" + bytes(4000))
    (path.parent / "4913").touch()  # whether vim may make files here
    (path.parent / "4913").unlink()
    path.rename(backup)
    path.write_text(text)
    backup.unlink()
    swap.unlink()


def copied_aside_and_written(path, text):
    """vim with `backupcopy=yes`, Emacs with `backup-by-copying`: the backup is a copy, the file itself is written."""
    backup = path.with_name(f"{path.name}~")
    lock = path.with_name(f".#{path.name}")
    lock.symlink_to("editor@host.123:1")
    time.sleep(SLOWLY)
    backup.write_bytes(path.read_bytes())
    path.write_text(text)
    lock.unlink()


def autosaved_and_written(path, text):
    """Emacs' #auto-save# file, half of the text, beside it for a while."""
    auto = path.with_name(f"#{path.name}#")
    auto.write_text(text[: len(text) // 2])
    path.write_text(text)
    auto.unlink()


def written_beside_and_renamed(beside):
    def save(path, text):
        other = path.with_name(beside.format(name=path.name, stem=path.stem))
        other.write_text(text)
        os.replace(other, path)

    return save


def renamed_twice(path, text):
    """JetBrains' safe write: the new one beside, the old one aside, the new one into its place, the old one away."""
    new, old = (path.with_name(f"{path.name}___jb_{word}___") for word in ("tmp", "old"))
    new.write_text(text)
    path.rename(old)
    new.rename(path)
    old.unlink()


def deleted_and_written(path, text):
    """Some FTP programs, and `cp --remove-destination`."""
    path.unlink()
    path.write_text(text)


def swapped_with_another(path, text):
    """Two files exchange their names by way of a third."""
    other = path.with_name("aside.yaml.part")
    path.rename(other)
    other.rename(path)
    path.write_text(text)


def without_a_last_line_end(path, text):
    """As VS Code saves unless it is told otherwise."""
    path.write_text(text.rstrip("\n"))


def with_a_date_of_the_past(path, text):
    """rsync --times, tar, cp --preserve: the file is new and its date is old."""
    part = path.with_name(f".{path.name}.Xx12Yz")
    part.write_text(text)
    os.utime(part, (1_600_000_000, 1_600_000_000))
    os.replace(part, path)


WAYS = {
    "truncate": truncated_and_written,
    "truncate-late": truncated_and_written_late,
    "blocks": written_in_blocks,
    "vim": moved_aside_and_written,
    "backup-copy": copied_aside_and_written,
    "emacs-auto-save": autosaved_and_written,
    "sed": written_beside_and_renamed("sedA1b2C3"),
    "gedit": written_beside_and_renamed(".goutputstream-A1B2C3"),
    "kate": written_beside_and_renamed("{name}.A1b2C3"),
    "rsync": written_beside_and_renamed(".{name}.A1b2C3"),
    "sublime": written_beside_and_renamed(".subl4f2.tmp"),
    "yaml-beside": written_beside_and_renamed("{stem}.tmp.yaml"),
    "jetbrains": renamed_twice,
    "delete": deleted_and_written,
    "rename-twice": swapped_with_another,
    "no-line-end": without_a_last_line_end,
    "old-date": with_a_date_of_the_past,
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_saving_shows_a_part(server, way):
    """Three versions one after the other; no reader misses the story or meets a piece, and no fault is logged."""
    number = list(WAYS).index(way) % len(STORIES)
    path = stories.file(server.site, number)
    before, told = version_in(path), errors(server)
    with read_by_a_crowd(server) as crowd:
        for version in range(before + 1, before + 4):
            WAYS[way](path, stories.text(number, version))
            until(lambda version=version: crowd.version(number) == version, PATIENCE)
    assert errors(server) == told


def test_a_file_that_stays_open_between_its_lines_shows_no_part(server):
    """Line after line comes slowly, each one whole: what is there half-way would be an article by itself."""
    path = stories.file(server.site, 7)
    before, told = version_in(path), errors(server)
    with read_by_a_crowd(server) as crowd:
        with path.open("w", buffering=1) as file:
            for line in stories.text(7, before + 1).splitlines(keepends=True):
                file.write(line)
                time.sleep(SLOWLY)
        until(lambda: crowd.version(7) == before + 1, PATIENCE)
        edit(server.site, crowd, 7, before + 2)
    assert errors(server) == told
