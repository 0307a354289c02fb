"""`feedsite serve`."""

import errno
import os
import resource
import socket
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import click

from .. import places, sharing, urls
from ..errors import FeedsiteError
from ..folder import indexfile
from ..folder.library import Library
from ..formats import FEED_FORMATS
from ..index import leaderlock
from ..index.unusable import Unusable
from ..parsing.sitefile import ADDRESS, PREVIEW
from ..serving import counts, logfile, server
from ..serving.accesslog import FORMATS
from . import listening
from .opensite import read, settings_in_force


@click.command()
@click.option(
    "--host", default="127.0.0.1", envvar="FEEDSITE_HOST", show_default=True, help="The address to listen on."
)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), envvar="FEEDSITE_PORT", show_default=True)
@click.option(
    "--workers", default=1, type=click.IntRange(1, 256), envvar="FEEDSITE_WORKERS", show_default=True, help="Processes."
)
@click.option(
    "--keep-alive",
    default=75,
    type=click.IntRange(1, 3600),
    envvar="FEEDSITE_KEEP_ALIVE",
    show_default=True,
    help="Seconds that a connection may wait for a request: longer than a balancer in front keeps it.",
)
@click.option(
    "--metrics-port",
    default=None,
    type=click.IntRange(1, 65535),
    envvar="FEEDSITE_METRICS_PORT",
    help="Where Prometheus finds figures, on 127.0.0.1 only; nowhere if not given.",
)
@click.option(
    "--access-log",
    default=None,
    envvar="FEEDSITE_ACCESS_LOG",
    help="The file that each answer is told to, a line each; - for standard output. None if not given.",
)
@click.option(
    "--access-log-format",
    default="combined",
    type=click.Choice(list(FORMATS)),
    envvar="FEEDSITE_ACCESS_LOG_FORMAT",
    show_default=True,
)
@click.pass_obj
def serve(
    site: Path,
    host: str,
    port: int,
    workers: int,
    keep_alive: int,
    metrics_port: int | None,
    access_log: str | None,
    access_log_format: str,
) -> None:
    """Serves the site, and follows its files."""
    settings = settings_in_force(site)
    sharing.secret(os.environ)  # refuses one that can be guessed
    host = host.strip("[]")  # as an IPv6 address is written in a URL
    address = f"http://{listening.reachable(host)}:{port}"
    hint, folder = "", settings.urls.href(urls.HOME)
    os.environ[ADDRESS] = address
    if settings.base_url is None:
        os.environ[PREVIEW] = "true"
        hint = f" (links point to {address}: site.yaml names no base_url)"
    elif folder != urls.HOME:
        hint = f" (a proxy may take {folder.rstrip('/')} off)"
    os.environ["FEEDSITE_SITE"] = os.path.abspath(site)  # not resolved: a link may lead elsewhere later
    place = listening.address(host, port)
    _refuse_taken(place, port, "--host or --port")
    if metrics_port:
        if metrics_port == port:
            raise FeedsiteError(f"the site is served at port {port} already; choose another one with --metrics-port")
        _refuse_taken("127.0.0.1", metrics_port, "--metrics-port")
        os.environ["FEEDSITE_METRICS_PORT"] = str(metrics_port)
        counts.create(workers)
    if access_log:
        logfile.refuse_unwritable(access_log)
        os.environ["FEEDSITE_ACCESS_LOG"] = access_log
        os.environ["FEEDSITE_ACCESS_LOG_FORMAT"] = access_log_format
    _open_more_files()
    _make_ready(site)
    below = f"{address}{folder}".rstrip("/")
    feeds = ", ".join(f"{below}{places.feed(urls.HOME, form.suffix)}" for form in FEED_FORMATS)
    hello = f"{settings.title}: {below}/ with {feeds}{hint}"
    server.serve("feedsite.serving.web:app_for_worker", place, port, workers, keep_alive, partial(click.echo, hello))


def _make_ready(site: Path) -> None:
    """Reads the folder before there are workers, unless an earlier start, or another server, did or does so."""
    with suppress(Unusable), closing(indexfile.opened(site, os.environ)) as index:
        library = Library(site, os.environ, index)
        lead = leaderlock.take(index)
        if lead is None:
            return  # another server leads
        try:
            if library.is_empty:
                click.echo("Reading all articles; the next start will be quick.", err=True)
                read(library)
        finally:
            os.close(lead)


def _open_more_files() -> None:
    """Each connection is an open file. A shell usually allows 1024 of them, and the system many more."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = server.FILES if most == resource.RLIM_INFINITY else min(server.FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _refuse_taken(address: str, port: int, options: str) -> None:
    """Raises FeedsiteError where no process can listen there."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"{address}:{port} is not free; is feedsite running already? Choose another with {options}"
        else:
            message = f"feedsite cannot listen on {address}:{port}: {error.strerror}; choose another with {options}"
        raise FeedsiteError(message) from None
