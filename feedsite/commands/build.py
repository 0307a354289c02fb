"""`feedsite build`."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from .. import export
from ..documentcache import DocumentCache
from ..errors import FeedsiteError, in_one_line
from ..export import Change, pagefind
from ..export.builds import Builds
from ..folder import indexfile
from ..folder.library import Library
from ..folder.opening import ROOTS
from ..site import Site
from .opensite import read, run

_TRIED = 3  # articles that are drawn to try the templates of the theme
_SHOWN = 20  # problems
_MOST_LINKS = 40  # on the way to a folder, as Linux has it (path_resolution(7))
_Write = Callable[..., Iterator[Change]]  # export.write, but for the number of files
_CACHE = 8 * 1024 * 1024  # bytes of documents: a feed is written under several names, all else once


@click.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to: new, empty, or written by an earlier build.",
)
@click.option("--to", help="The bucket to write to, in any store that speaks S3, such as s3://news/site.")
@click.option(
    "--delete", is_flag=True, help="Remove from the bucket what the site no longer has, as a folder always does."
)
@click.option("--dry-run", is_flag=True, help="Only list what would be written and removed.")
@click.pass_obj
def build(site: Path, output: Path | None, to: str | None, *, delete: bool, dry_run: bool) -> None:
    """Writes the whole site into a folder or a bucket. It writes only what changed since the last build."""
    if (output is None) == (to is None):
        raise FeedsiteError("name one place to write to: --output and a folder, or --to and a bucket (s3://news/site)")
    run(site, partial(_build, output=output, to=to, delete=delete, dry_run=dry_run))


def _build(library: Library, *, output: Path | None, to: str | None, delete: bool, dry_run: bool) -> None:
    site = library.folder
    read(library)
    now = datetime.now(UTC)
    if library.contents(now).settings.base_url is None:
        message = (
            "a built site must know its address: add a line such as `base_url: https://news.example` to site.yaml, "
            "or set FEEDSITE_BASE_URL"
        )
        raise FeedsiteError(message)
    faults = [fault for fault in library.index.faults() if not fault.is_note]
    faulty = {fault.path for fault in faults}
    with library.index.reading():
        contents = library.contents(now)
        settings = contents.settings
        if settings.search == "pagefind":
            _refuse_pagefind(output)
        planned = Site(contents.edition, settings, contents.media, DocumentCache(_CACHE))

    def reopen() -> Site:
        """The same site, in a process that helps to draw."""
        own = library.of_this_process().contents(now)
        return Site(own.edition, own.settings, own.media, DocumentCache(_CACHE))

    if output:
        folder = _apart(output, site)
        builds = Builds(indexfile.folder(site, os.environ), folder) if _lies_in(folder, site) else None
        write: _Write = partial(export.write, planned, folder, faulty, reopen, builds=builds, is_dry=dry_run)
    else:
        write = _uploading(to or "", planned, faulty, reopen, delete=delete, dry_run=dry_run)
    planned.try_theme(_TRIED)
    for fault in (*faults, *(one for one in planned.faults if not one.is_note)):
        click.echo(str(fault), err=True)
    problems: list[Change] = []
    with _like_ctrl_c(signal.SIGTERM):
        counts = Counter(_actions(write, problems, dry_run=dry_run))
        if output and not dry_run and not counts["failed"]:
            _make_search(folder, builds, settings.search, has_changed=bool(counts["written"] or counts["removed"]))
    for change in problems[:_SHOWN]:
        click.echo(in_one_line(f"{change.path}: {change.problem}"), err=True)
    if len(problems) > _SHOWN:
        click.echo(f"and {len(problems) - _SHOWN} more of these", err=True)
    sums = ", ".join(f"{counts[action]} {word}" for action, word in _words(counts, dry_run=dry_run))
    click.echo(f"{sums} in {output or to}.")
    for sentence in _remarks(counts, planned.until, settings.search, is_faulty=bool(faults)):
        click.echo(sentence)
    if counts["failed"]:
        raise click.exceptions.Exit(1)


def _remarks(counts: Counter[str], until: datetime | None, search: str, *, is_faulty: bool) -> Iterator[str]:
    if counts["kept"]:
        yield "Where a file stands that feedsite did not write, it stays, and the alias is left out."
    if counts["left"]:
        yield "What the site no longer has is left there; --delete removes it."
    if is_faulty:
        yield "What a faulty file has published stays as it was until the file is mended."
    if search == "none":
        yield "It has no search; docs/search.md says how it gets one."
    if until:
        yield f"The next article is scheduled for {until.isoformat()}: build again then."


def _refuse_pagefind(output: Path | None) -> None:
    """Raises FeedsiteError where pagefind cannot make the search that site.yaml asks for."""
    if not output:
        raise FeedsiteError("pagefind makes its search in a folder; build with --output, and upload that folder")
    if not pagefind.is_installed():
        remedy = "install it in a working copy: `pip install -c constraints.txt '.[search]'`"
        raise FeedsiteError(f"pagefind is missing, which `search: pagefind` in site.yaml needs; {remedy}")


def _make_search(folder: Path, builds: Builds | None, search: str, *, has_changed: bool) -> None:
    """Makes the search of a written folder, or removes that of an earlier build. Its files are in no count."""
    exists = pagefind.exists(folder)
    if search == "pagefind":
        if has_changed or not exists:
            _raise_failed(pagefind.write(folder, builds))
    elif exists:
        _raise_failed(pagefind.remove(folder, builds))


def _raise_failed(changes: Iterator[Change]) -> None:
    for change in list(changes):
        if change.problem:
            raise FeedsiteError(f"{change.path}: {change.problem}")


def _apart(output: Path, site: Path) -> Path:
    """The folder to write to, without links.

    Raises FeedsiteError where it holds the site, where it lies among hidden files of the site or those that are read,
    and where a link in the site leads to it, for a commit may have laid that.
    """
    folder, home = Path(os.path.realpath(output)), site.resolve()
    if link := _link_within(home, output):
        raise FeedsiteError(f"{link} is a link in the site's folder; delete it, or name the folder that is meant")
    if folder.is_relative_to(home) and any(name.startswith(".") for name in folder.relative_to(home).parts):
        message = f"{output} is hidden in the site's folder, as .git is; name another folder for it, such as public"
        raise FeedsiteError(message)
    for name in ROOTS:
        place = home / name
        if folder.is_relative_to(os.path.realpath(place)):
            named = f"{name}/, which is a link" if place.is_symlink() else f"{name}/"
            message = f"{output} lies in the site's {named}: what is built would be read as files of the site"
            raise FeedsiteError(f"{message}; name a folder of its own for it, such as public")
    if home.is_relative_to(folder):
        message = f"{output} holds the site itself; name a folder of its own for what is built, such as public"
        raise FeedsiteError(message)
    return folder


def _link_within(home: Path, output: Path) -> Path | None:
    """The first link that lies in the site's folder on the way to the output, which links elsewhere may lead to."""
    path = output.absolute()
    for _ in range(_MOST_LINKS):
        link = next((one for one in (*reversed(path.parents), path) if one.is_symlink()), None)
        if link is None or Path(os.path.realpath(link.parent)).is_relative_to(home):
            return link
        path = link.parent / link.readlink() / path.relative_to(link)
    return None


def _lies_in(folder: Path, site: Path) -> bool:
    return any(folder.is_relative_to(home) for home in (site.resolve(), Path(os.path.abspath(site))))


def _uploading(
    address: str,
    site: Site,
    faulty: AbstractSet[str],
    reopen: Callable[[], Site],
    *,
    delete: bool,
    dry_run: bool,
) -> _Write:
    try:
        from ..export import bucket, objects  # noqa: PLC0415  # an extra: to build a folder its library is not needed
    except ModuleNotFoundError as error:
        remedy = "install it in a working copy: `pip install -c constraints.txt '.[s3]'`"
        message = f"{error.name} is missing, which --to needs; {remedy}"
        raise FeedsiteError(message) from None
    return partial(bucket.write, site, objects.Bucket(address), faulty, reopen, deletes=delete, is_dry=dry_run)


@contextmanager
def _like_ctrl_c(end: signal.Signals) -> Iterator[None]:
    """The signal ends a build as Ctrl-C does: it releases the bucket, and the next build need not wait for it."""
    former = signal.signal(end, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(end, former)


def _actions(write: _Write, problems: list[Change], *, dry_run: bool) -> Iterator[str]:
    """The action of each change, with a progress bar, or in a dry run a line for each. Appends to `problems`."""
    if dry_run:
        for change in write():
            if change.problem:
                problems.append(change)
            if change.action in ("written", "removed"):
                click.echo(in_one_line(f"{'write' if change.action == 'written' else 'remove'} {change.path}"))
            yield change.action
        return
    with click.progressbar(length=0, label="Building") as bar:
        for change in write(counted=partial(setattr, bar, "length")):
            if change.problem:
                problems.append(change)
            bar.update(1)
            yield change.action


def _words(counts: Counter[str], *, dry_run: bool) -> list[tuple[str, str]]:
    written, removed = ("to write", "to remove") if dry_run else ("written", "removed")
    usual = [("written", written), ("unchanged", "unchanged"), ("removed", removed)]
    others = [(action, action) for action in ("left", "kept", "failed") if counts[action]]
    return usual + others
