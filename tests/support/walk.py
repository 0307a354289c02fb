"""The walk of docs/editing.md: its commands one after the other, in one folder, with what each is to print.

Dates in the guide are those of one day. A walk on another day types, and compares, that day's instead.
"""

import re
import shlex
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from feedsite.cli import main
from feedsite.wording import day_in_words

DAY = date(2026, 11, 27)  # of the guide
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MOMENT = re.compile(r"T\d\d:\d\d:\d\d[+-]\d\d:\d\d")


class Step(NamedTuple):
    """A command, and the lines that it prints."""

    command: str
    printed: str


def steps(page):
    """Those of all screens of a page, in their order."""
    for block in _BLOCK.findall(page):
        for typed in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = typed.partition("\n")
            yield Step(command, printed)


class Walk:
    """A shell that knows `cd`, `cat` and `feedsite`, in this process."""

    def __init__(self, folder: Path, change_folder) -> None:
        self._folder = folder
        self._change_folder = change_folder

    def run(self, command: str) -> str:
        """What a command of the guide prints, with the dates of the guide."""
        today = _today()
        program, *words = shlex.split(command.replace(DAY.isoformat(), today.isoformat()), comments=True)
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
