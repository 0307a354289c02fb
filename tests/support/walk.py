"""The walk of docs/editing.md: its commands one after the other, in one folder, with what each is to print.

Dates in the guide are those of one day. A walk on another day types, and compares, that day's instead. Run as a
program, it takes what is printed now as right: read the difference.
"""

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from feedsite.cli import main
from feedsite.wording import day_in_words

DAY = date(2026, 11, 27)  # of the guide
_BLOCK = re.compile(r"^```(console|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# (\S+/\S+\.yaml)\n")
_MOMENT = re.compile(r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class Step(NamedTuple):
    """A command, and what it prints; or a file that is written, with its name and its text."""

    command: str
    printed: str
    is_file: bool = False


def steps(page: str) -> Iterator[Step]:
    """Those of all screens and files of a page, in their order. A file's name stands in its first line, a comment."""
    for kind, block in _BLOCK.findall(page):
        if kind == "console":
            for typed in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, printed = typed.partition("\n")
                yield Step(command, printed)
        elif named := _NAMED.match(block):
            yield Step(named[1], block, is_file=True)


class Walk:
    """A shell that knows `cd`, `cat` and `feedsite`, in this process."""

    def __init__(self, folder: Path, change_folder) -> None:
        self._folder = folder
        self._change_folder = change_folder

    def take(self, step: Step) -> str:
        """Writes the file, or types the command; what that prints, with the dates of the guide."""
        today = _today()
        typed = step.command.replace(DAY.isoformat(), today.isoformat())
        if step.is_file:
            (self._folder / typed).write_text(step.printed.replace(DAY.isoformat(), today.isoformat()))
            return step.printed
        program, *words = shlex.split(typed, comments=True)
        return _as_in_guide(getattr(self, f"_{program}")(*words), today)

    def _cd(self, folder: str) -> str:
        self._folder /= folder
        self._change_folder(self._folder)
        return ""

    def _cat(self, path: str) -> str:
        return (self._folder / path).read_text("utf-8")

    def _feedsite(self, *words: str) -> str:
        return CliRunner(env={"FEEDSITE_BASE_URL": None}).invoke(main, words).output


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Berlin")).date()  # the zone of the guide's site


def _as_in_guide(printed: str, today: date) -> str:
    for written in (date.isoformat, "/{:%Y/%m}/".format, "/{0:%Y}/  {0:%Y}".format, month_in_words, day_in_words):
        printed = printed.replace(written(today), written(DAY))
    printed = re.sub(rf"(?<={DAY.isoformat()} )\d\d:\d\d", "09:00", printed)
    return _MOMENT.sub("T09:00:00+01:00", printed)


def month_in_words(day: date) -> str:
    return day_in_words(day).partition(" ")[2]


def _print_anew(page: Path) -> None:
    """Writes what each command prints now into the page."""
    text = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder  # the indexes lie below it
        os.chdir(folder)
        walk = Walk(Path(folder), os.chdir)
        place = 0
        for step in steps(text):
            printed = walk.take(step)
            if not step.is_file:
                place = text.index(f"$ {step.command}\n", place) + len(step.command) + 3
                text = text[:place] + printed + text[place + len(step.printed) :]
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    _print_anew(Path("docs", "editing.md").absolute())
