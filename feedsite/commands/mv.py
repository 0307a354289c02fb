"""`feedsite mv`."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ..comparing import foreseen
from ..editing import links, moves
from ..editing.ids import id_of
from ..editing.original import Original, is_page
from ..editing.save import Change, original_of
from ..errors import FeedsiteError, Outside, in_one_line, reason
from ..folder.library import Library
from ..folder.opening import status
from ..index import survey
from . import changing, named


@click.command()
@changing.article
@click.argument("new", metavar="NEW")
@changing.dry_run
@click.pass_obj
def mv(site: Path, article: str, new: str, dry_run: bool) -> None:
    """Renames an article's file: old addresses lead to the new one, and its id stays.

    ARTICLE is the words of its address, or its file. NEW is other words (sleepers), a file's name
    (2026-11-22-sleepers.yaml), or a folder with or without one (travel/).
    """
    changing.change(
        site,
        article,
        lambda library, original, now: _move(library, original, now, new),
        _tell,
        is_dry=dry_run,
        others=_links,
    )


def _move(library: Library, original: Original, now: datetime, new: str) -> Change:
    word = _inside(library.folder, original.source, new) if "/" in new else new
    new_id = "" if is_page(original.source) or original.has("id") else id_of(original, _derived_id(library, original))
    change = moves.move(original, now, word, new_id)
    if change.entry.source != original.source:
        _refuse_place(library.folder, original.source, change.entry.source)
    elif change.entry.path == original.entry.path:
        raise _refusal(f"{original.source} is called that already")
    return change


def _links(library: Library, original: Original, changed: Change) -> Iterator[tuple[Original, Change]]:
    """The changes of other articles, whose texts link to the file by its name."""
    old, new = original.source, changed.entry.source
    for source in survey.linking(library.index, old) if new != old else ():
        if source != old:
            other = original_of(library.folder, source, original.settings)
            yield other, links.following(other, Change(other.draft, other.entry), old, new)


def _inside(folder: Path, source: str, new: str) -> str:
    """A path that an editor typed, as one in the site's folder: below entries/, or pages/ for a standing page."""
    if "://" in new:
        raise _refusal(f"an address follows from its words; write them alone: {new.rstrip('/').rpartition('/')[2]}")
    top = source.partition("/")[0]
    found = [path for path in named.paths(folder, new) if path == top or path.startswith(f"{top}/")]
    if not found:
        raise _refusal(f"{new} lies outside {top}/; write a path such as {top}/travel/sleepers.yaml")
    path = next((one for one in found if (folder / one).parent.is_dir()), found[0])
    return f"{path}/" if new.endswith("/") else path


def _derived_id(library: Library, original: Original) -> str:
    """The id that an article has whose file names none; that of its former file where it was renamed just before."""
    derived = {one.source: one.id for one in library.index.derived()}
    return derived.get(original.source, original.entry.id)


def _refuse_place(folder: Path, old: str, new: str) -> None:
    above = os.path.dirname(new)
    try:
        is_folder = stat.S_ISDIR(status(folder, above).st_mode)
    except Outside as error:
        raise _refusal(f"{above}/: {reason(error)}") from None
    except OSError:
        is_folder = False
    if not is_folder:
        raise _refusal(f"there is no folder {above}/; make it first")
    if (folder / old).is_symlink() and above != os.path.dirname(old):
        raise _refusal(f"{old} is a link, which would lead elsewhere from another folder; move it by hand")
    if os.path.lexists(folder / new) and not _is_same(folder / old, folder / new):
        raise _refusal(f"{new} is there already; write another name")


def _is_same(old: Path, new: Path) -> bool:
    """Whether both names lead to one file: after a command that was killed, or on a disk that ignores case."""
    return os.path.samestat(old.lstat(), new.lstat())


def _refusal(message: str) -> FeedsiteError:
    return FeedsiteError(in_one_line(message))


def _tell(original: Original, changed: Change, now: datetime) -> Iterator[str]:
    old, new = original.entry, changed.entry
    address = changing.address(original, new.path)
    if old.path == new.path:
        and_id = ", and its id too" if new.nav is None else ""
        yield f"Nobody notices: its address stays {address}{and_id}."
    elif old.path in new.aliases and new.nav is not None:
        yield f"Its address is {address} now; {old.path} leads there."
    elif old.path in new.aliases:
        yield f"Its address is {address} now; {old.path} leads there, and its id stays."
        yield from foreseen.sentences(old, new, original.settings)
    elif old.published > now:
        yield f"Its address will be {address}; nobody has had the former one."
    else:
        yield f"Its address is {address} again."
