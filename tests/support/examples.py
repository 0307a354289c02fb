"""The examples of feedsite/explanations/ as folders, and the codes of what `feedsite check` finds in them.

An example without a line such as `# entries/a.yaml` is the lines of an article that matter. Below such a line stands
what matters of that file; what files of its kind need is put in front, unless the line says `whole`. After the path

    -> target               it is a link
    , saved as utf-16       its text is saved in that encoding
    , before                it was there when the site was last read, and is gone now
    , 9000 x 5000           it is a picture of that size; a picture has else 3 x 2 pixels
    , broken                it is half a picture

`# no site.yaml` leaves that file out. ` (1001 times)` at a line's end stands for so many lines. ␇ is the control
character for which it stands in Unicode (U+2400 to U+241F), ⍽ a no-break space.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from feedsite.checking.keptnotes import faults_and_notes
from feedsite.errors import Fault, Faults
from feedsite.folder.library import Library

from .pictures import picture

NOW = datetime(2026, 11, 30, tzinfo=UTC)
_HEAD = re.compile(
    r"^# (?P<path>(?:no )?site\.yaml|[^,\n]*?/[^,\n]*?)(?: -> (?P<target>\S+))?(?P<words>(?:, [^,\n]+)*)(?:\n|$)",
    re.MULTILINE,
)
_REPEATED = re.compile(r"^(.*) \((\d+) times\)\n", re.MULTILINE)
_NEEDED = {
    "entries": {
        "body": "It runs.",
        "title": "{}",
        "published": "2026-11-22T09:00:00Z",
        "id": "tag:news.example,2026-11-22:{}",
    },
    "pages": {"body": "It runs.", "title": "{}"},
    "site.yaml": {"title": "The Meridian", "description": "World news.", "base_url": "https://news.example"},
}
_SIGNS = {0x2400 + number: number for number in range(32)} | {ord("⍽"): 0xA0}


class File(NamedTuple):
    """One file of an example. `words` are what its line says of it."""

    path: str
    target: str
    words: tuple[str, ...]
    text: str


def files(example: str) -> list[File]:
    """The files of an example, in its order, with what they need."""
    heads = list(_HEAD.finditer(example))
    if not heads or heads[0].start():
        return [File("entries/example.yaml", "", (), _written("entries/example.yaml", example, ()))]
    ends = [*(head.start() for head in heads[1:]), len(example)]
    return [_file(head, example[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def _file(head: re.Match[str], text: str) -> File:
    path, words = head["path"].translate(_SIGNS), tuple(filter(None, head["words"].split(", ")))
    return File(path, head["target"] or "", words, _written(path, text, words))


def _written(path: str, text: str, words: tuple[str, ...]) -> str:
    text = _REPEATED.sub(lambda line: f"{line[1]}\n" * int(line[2]), text).translate(_SIGNS)
    needed = {} if "whole" in words else _NEEDED.get(path.partition("/")[0], {})
    name = Path(path).stem
    lacking = [field for field in needed if not re.search(rf"^{field}\s*[:：]", text, re.MULTILINE)]
    return "".join(f"{field}: {needed[field].format(name)}\n" for field in lacking) + text


def write(folder: Path, found: list[File]) -> None:
    """Writes the files of an example into a folder."""
    for file in found:
        path = folder / file.path
        if file.path.startswith("no "):
            (folder / "site.yaml").unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        size = next((word for word in file.words if " x " in word), "3 x 2")
        saved = [word.removeprefix("saved as ") for word in file.words if word.startswith("saved as ")]
        if file.target:
            path.symlink_to(file.target)
        elif path.suffix == ".png":
            width, height = map(int, size.split(" x "))
            path.write_bytes(picture("PNG", Image.new("1", (width, height)))[: 20 if "broken" in file.words else None])
        else:
            path.write_bytes(file.text.encode(*saved))


def found_in(example: str, folder: Path) -> list[Fault]:
    """What `feedsite check` finds in an example, written into a folder that is not there yet."""
    written = files(example)
    (folder / "entries").mkdir(parents=True)
    write(folder, [_file(_HEAD.match("# site.yaml"), ""), File("images/train.png", "", (), "")])
    library = Library(folder, {})
    if former := [file for file in written if "before" in file.words]:
        write(folder, former)
        library.read()
        for file in former:
            (folder / file.path).unlink()
    write(folder, [file for file in written if "before" not in file.words])
    try:
        library.read()
    except Faults as error:
        return list(error.faults)
    return faults_and_notes(library, NOW)
