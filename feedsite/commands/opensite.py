"""A site's folder as commands read it: at a terminal, and beside a server."""

import os
import sys
from pathlib import Path

import click

from ..folder import indexfile
from ..folder.commit import Committed
from ..folder.library import Library
from ..index.index import Index
from ..index.unusable import Unusable

_MANY = 1000  # files whose reading takes a second or more


def opened(site: Path) -> Library:
    """A library with the index that a server uses too; where that cannot be kept, with one in memory."""
    try:
        return Library(site, os.environ, indexfile.opened(site, os.environ))
    except Unusable as error:
        click.echo(f"Every file is read anew, for the index cannot be kept: {error}", err=True)
        return Library(site, os.environ, Index())


def read(library: Library) -> Committed:
    """Reads the whole folder, with a progress bar at a terminal; elsewhere it prints a line where that takes long."""
    try:
        return _read(library)
    except Unusable as error:
        if not error.is_damaged:
            raise
        click.echo(f"The index is damaged ({error}): it is made anew.", err=True)
        library.index.database.discard()
        library.index = indexfile.opened(library.folder, os.environ)
        return _read(library)


def _read(library: Library) -> Committed:
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
