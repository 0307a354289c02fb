"""`feedsite preview`."""

import errno
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import click

from ..editing.original import moment_of
from ..errors import FeedsiteError, in_one_line
from ..folder import indexfile
from ..folder.library import Library
from ..index.unusable import Unusable
from ..parsing.sitefile import ADDRESS, PREVIEW
from ..previewing import panel
from ..previewing.followed import FollowedFolder
from ..previewing.sockets import Server
from ..previewing.view import FOLDER, View
from . import listening
from .opensite import read, settings_in_force

_PORT = 8000
_TRIED = 20  # ports, where none is named


@click.command()
@click.option("--at", metavar="TIME", help='The moment to show, such as "2026-12-01 08:00" in the site\'s zone.')
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=None, type=click.IntRange(1, 65535), help="8000, or the next free one, if not given.")
@click.pass_obj
def preview(site: Path, at: str | None, host: str, port: int | None) -> None:
    """Shows the site to its editors: also drafts, scheduled articles and broken ones. Open pages follow each save."""
    host = host.strip("[]")
    settings = settings_in_force(site)
    moment = moment_of(at, settings) if at else None
    address = listening.address(host, port or _PORT)
    is_open = not address.startswith("127.") and address != "::1"
    names = frozenset(name.lower() for name in (host, socket.gethostname(), f"{socket.gethostname()}.local"))
    with _listening(address, port, names, is_open=is_open) as server:
        here = f"http://{listening.reachable(host)}:{server.port}"
        environment = {**os.environ, ADDRESS: here} | ({} if settings.base_url else {PREVIEW: "true"})
        server.followed = followed = FollowedFolder(_read(site, environment), moment)
        followed.start()
        try:
            for sentence in _hello(followed.view, here, host, is_open=is_open):
                click.echo(sentence)
            with suppress(KeyboardInterrupt):
                server.serve_forever(poll_interval=0.1)
        finally:
            followed.stop()


def _listening(address: str, port: int | None, names: frozenset[str], *, is_open: bool) -> Server:
    """At the port that is named, else at the first that is free."""
    for number in (port,) if port else range(_PORT, _PORT + _TRIED):
        try:
            return Server((address, number), names, is_open=is_open)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                message = f"feedsite cannot listen on {address}:{number}: {error.strerror}; choose another --host"
                raise FeedsiteError(message) from None
    taken = f"{address}:{port} is not free" if port else f"no port from {_PORT} to {_PORT + _TRIED - 1} is free"
    raise FeedsiteError(f"{taken}; choose another one with --port")


def _read(site: Path, environment: Mapping[str, str]) -> Library:
    """The folder in an index in memory. It begins with what the index on disk has, so that a large site is there at
    once, and a broken file's last good version, too; that one is brought up to date, as `feedsite check` does.
    """
    with suppress(Unusable), closing(indexfile.opened(site, environment)) as index:
        known = Library(site, environment, index)
        read(known)
        library = Library(site, environment, index.in_memory())
        library.use_site_yaml_of(known)
        return library
    library = Library(site, environment)
    read(library)
    return library


def _hello(view: View, here: str, host: str, *, is_open: bool) -> Iterator[str]:
    home = f"{here}{view.settings.urls.href('/')}"
    when = f" on {panel.moment_in_words(view.moment, view)}" if view.is_later else ""
    yield f"{in_one_line(view.settings.title)}{when}: {home}"
    yield f"{panel.counts(view)}: {home}{FOLDER.strip('/')}/"
    if is_open:
        port = here.rpartition(":")[2]
        there = listening.in_network() if host in listening.EVERY else None
        place = f", at {home.replace(here, f'http://{there}:{port}')}" if there else ""
        yield f"Everybody in this network can read the drafts{place}."
    yield "Pages follow each save. Ctrl-C ends it."
