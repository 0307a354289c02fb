"""Files mended as their faults say: by the mends that are certain, until none is left."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from itertools import chain, islice

from ..codes import Code
from ..editing import linediff
from ..edits import Edit, applied
from ..errors import Fault, Faults
from ..index.index import Derived
from ..parsing import composer, entryfile, pagefile, sitefile
from ..settings import Settings

_MOST_ROUNDS = 200  # of one file: where its text could not be parsed, each finds one fault
_MOST_READ = 32 * 1024 * 1024  # bytes that are read for one file in all rounds; the next --fix goes on
_CONTEXT = 3  # lines of a diff around what is changed


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as: its faults and notes, and what it means, None where it has faults.

    `is_parsed`: it has fields at all. Of a text that cannot be parsed only the first fault is known.
    """

    faults: tuple[Fault, ...]
    meaning: object | None
    is_parsed: bool


Reader = Callable[[bytes], Reading]


def of_site(environment: Mapping[str, str]) -> Reader:
    """How site.yaml is read."""
    return partial(_site, environment=environment)


def of_text(path: str, settings: Settings) -> Reader:
    """How the file of an article, or of a standing page, is read."""
    read = pagefile.read if path.startswith(f"{pagefile.FOLDER}/") else entryfile.read
    return lambda content: _entry(read(content, path, settings), content)


def with_certain_ids(faults: Iterable[Fault], derived: Iterable[Derived]) -> list[Fault]:
    """The faults; of those with an id to be written, only the ones of `derived` keep it. The others are copies, and
    files that seem to be others under new names.
    """
    certain = {(one.source, one.id) for one in derived}
    return [
        fault
        if fault.code is not Code.WITHOUT_ID or any((fault.path, id_in(edit)) in certain for edit in fault.mend)
        else replace(fault, mend=())
        for fault in faults
    ]


def id_in(edit: Edit) -> str:
    """The id that an edit writes."""
    return edit.text.strip().removeprefix("id: ")


def mended(content: bytes, read: Reader, *, with_id: bool = False) -> bytes:
    """The text with its faults mended, as far as that is certain; else the same. `with_id`: an id is written, too.

    A mend is taken back where it does not help: fewer faults are left, none of another kind, and what is sound means
    the same; or the parser comes further.
    """
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    found = read(content)
    left = _MOST_READ // max(len(content), 1) + 1
    for _ in range(_MOST_ROUNDS):
        for after in islice(_tried(content.removeprefix(mark), found, with_id=with_id), left):
            left -= 1
            again = read(mark + after)
            if _is_better(again, found):
                content, found = mark + after, again
                break
        else:
            break
    return content


def diff(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """What is changed, as lines of a unified diff with their ends, which `git apply` and `patch` take."""
    old, new = _lines(before), _lines(after)
    for number, hunk in enumerate(_Pieces(old, new).get_grouped_opcodes(_CONTEXT)):
        if number == 0:
            yield from (f"--- a/{path}\n", f"+++ b/{path}\n")
        (_, begin, _, new_begin, _), (_, _, end, _, new_end) = hunk[0], hunk[-1]
        yield f"@@ -{_range(begin, end)} +{_range(new_begin, new_end)} @@\n"
        for kind, first, last, new_first, new_last in hunk:
            is_same = kind == "equal"
            signed = [f"{' ' if is_same else '-'}{line}" for line in old[first:last]]
            signed += [f"+{line}" for line in new[new_first:new_last]] * (not is_same)
            for line in signed:
                yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


class _Pieces(SequenceMatcher[str]):
    """difflib's grouping of differences that are found in linear time."""

    def __init__(self, old: list[str], new: list[str]) -> None:
        super().__init__(None, old, new)
        self._pieces = list(linediff.pieces(old, new))

    def get_opcodes(self) -> list[linediff.Piece]:
        return self._pieces


def _range(begin: int, end: int) -> str:
    """Lines as a unified diff counts them: of none it names the line before."""
    if begin == end:
        return f"{begin},0"
    return f"{begin + 1},{end - begin}" if end - begin > 1 else f"{begin + 1}"


def _tried(text: bytes, found: Reading, *, with_id: bool) -> Iterator[bytes]:
    """The texts in which mends may help: all of them together, else each alone."""
    with_mend = [fault for fault in found.faults if fault.mend and (with_id or fault.code is not Code.WITHOUT_ID)]
    alone = ([fault] for fault in with_mend) if len(with_mend) > 1 else ()
    for faults in chain([with_mend] if with_mend else (), alone):
        after = _applied(text, faults)
        if after is not None and after != text:
            yield after


def _applied(text: bytes, faults: Iterable[Fault]) -> bytes | None:
    """The text with these faults mended; None where two mends change the same characters."""
    try:
        return applied(text.decode(), (edit for fault in faults for edit in fault.mend)).encode()
    except ValueError:
        return None


def _is_better(after: Reading, before: Reading) -> bool:
    if not before.is_parsed:
        return after.is_parsed or after.faults != before.faults  # the mend was tried where the text was parsed
    kinds = {fault.code for fault in before.faults}
    is_same = before.meaning is None or after.meaning == before.meaning
    is_less = len(after.faults) < len(before.faults) and all(fault.code in kinds for fault in after.faults)
    return after.is_parsed and is_less and is_same


def _entry(file: entryfile.EntryFile, content: bytes) -> Reading:
    is_parsed = file.entry is not None or composer.parse(content, "")[0] is not None
    return Reading(file.faults, file.entry, is_parsed)


def _site(content: bytes, environment: Mapping[str, str]) -> Reading:
    try:
        settings, notes = sitefile.read(content, environment)
    except Faults as error:
        return Reading(error.faults, None, composer.parse(content, "")[0] is not None)
    return Reading(notes, settings, is_parsed=True)


def _lines(text: bytes) -> list[str]:
    *lines, last = text.decode().split("\n")
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]
