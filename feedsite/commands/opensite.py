"""A site's folder as commands read it: at a terminal, and beside a server."""

import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import click

from ..folder import indexfile
from ..folder.commit import Committed
from ..folder.library import Library
from ..index.index import Index
from ..index.readresult import ReadResult
from ..index.unusable import Unusable
from ..settings import Settings

_MANY = 1000  # files whose reading takes a second or more


def run(site: Path, work: Callable[[Library], None]) -> None:
    """Does the work with the index that a server uses too; where that cannot be kept, with one in memory.

    The work begins anew, once, with a new index, where it finds this one damaged.
    """
    library = Library(site, os.environ, _index(site))
    try:
        work(library)
    except Unusable as error:
        if not error.is_damaged or library.index.is_in_memory:
            raise
        click.echo(f"The index is damaged ({error}): it is made anew.", err=True)
        work(_anew(library))


def _index(site: Path) -> Index:
    try:
        return indexfile.opened(site, os.environ)
    except Unusable as error:
        click.echo(f"Every file is read anew, for the index cannot be kept: {error}", err=True)
        return Index()


def _anew(former: Library) -> Library:
    """The site with a new index. It takes over the last good versions of files that are faulty now."""
    last_good: list[ReadResult] = []
    with suppress(Unusable):
        last_good = former.index.last_good()
    former.index.database.discard()
    former.index.close()
    library = Library(former.folder, os.environ, _index(former.folder))
    library.use_site_yaml_of(former)
    with library.index.writing() as writer:
        if library.is_empty:  # no server was quicker
            for read_result in last_good:
                writer.put(read_result)
    return library


def settings_in_force(site: Path) -> Settings:
    """The settings that a server would use: where site.yaml is faulty, those of its last text without faults."""
    with suppress(Unusable), closing(indexfile.opened(site, os.environ)) as index:
        return Library(site, os.environ, index).site_yaml().settings
    return Library(site, os.environ).site_yaml().settings


def read(library: Library) -> Committed:
    """Reads the whole folder, with a progress bar at a terminal; elsewhere it prints a line where that takes long."""
    if not sys.stderr.isatty():
        return library.read(_print_count, waits_for_saves=True)
    with click.progressbar(length=1, label="Reading", file=sys.stderr, show_eta=False) as bar:

        def progress(done: int, count: int) -> None:
            bar.length = count
            bar.update(done - bar.pos)

        return library.read(progress, waits_for_saves=True)


def _print_count(done: int, count: int) -> None:
    if done == 1 and count >= _MANY:
        click.echo(f"Reading {count} files.", err=True)
