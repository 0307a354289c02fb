"""A site's folder as commands read it: at a terminal, and beside a server."""

import os
import sys
from pathlib import Path

import click

from ..folder import indexfile
from ..folder.holdings import Holdings
from ..folder.library import Library
from ..index.database import Unusable
from ..index.index import Index

_MANY = 1000  # files whose reading takes a second or more


def library(site: Path) -> Library:
    """With the index that a server shares; else with one in memory."""
    try:
        return Library(site, os.environ, indexfile.opened(site, os.environ))
    except Unusable as error:
        click.echo(f"Every file is read anew, for the index cannot be kept: {error}", err=True)
        return Library(site, os.environ, Index())


def read(held: Library) -> Holdings:
    """Everything as it stands; where that takes long, with a progress bar at a terminal, and a line elsewhere."""
    try:
        return _read(held)
    except Unusable as error:
        if not error.is_damaged:
            raise
        click.echo(f"The index is damaged ({error}): it is made anew.", err=True)
        held.index.database.discard()
        held.index = indexfile.opened(held.folder, os.environ)
        return _read(held)


def _read(held: Library) -> Holdings:
    if not sys.stderr.isatty():
        return held.read(_tell_first, is_patient=True)
    with click.progressbar(length=1, label="Reading", file=sys.stderr, show_eta=False) as bar:

        def progress(done: int, count: int) -> None:
            bar.length = count
            bar.update(done - bar.pos)

        return held.read(progress, is_patient=True)


def _tell_first(done: int, count: int) -> None:
    if done == 1 and count >= _MANY:
        click.echo(f"Reading {count} files.", err=True)
