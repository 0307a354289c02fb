"""`feedsite serve`. The only door to granian."""

import errno
import os
import resource
import socket
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from .. import urls
from ..errors import FeedsiteError
from ..feeds import NEWEST
from ..formats import FEED_FORMATS
from ..reading import cache
from ..reading.database import Unusable
from ..reading.library import Library
from ..reading.settings import ADDRESS, PREVIEW, Settings
from ..serving import counts, logfile
from ..serving.accesslog import FORMATS
from .folder import read

_PATIENCE = 5  # seconds that a client may still take when the server ends
_BREATH = 0.2  # seconds before a worker that died is replaced: one that dies at each start keeps nobody busy
_IDLE = 10  # seconds that a connection may say nothing
_CONNECTIONS = 8192  # that a worker holds; most of them wait for nothing
_FILES = 2 * _CONNECTIONS  # that a worker may have open
_LONGEST_HEADERS = 32768  # bytes of a request: more than any reader sends, less than hurts


class _Server(MPServer):
    """granian ends all workers where one dies twice within seconds; here the others serve on."""

    def _respawn_workers(self, *told: Any, **more: Any) -> None:
        time.sleep(_BREATH)
        super()._respawn_workers(*told, **more)
        self.respawned_wrks.clear()  # what granian would take for a loop


@click.command()
@click.option(
    "--host", default="127.0.0.1", envvar="FEEDSITE_HOST", show_default=True, help="The address to listen on."
)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), envvar="FEEDSITE_PORT", show_default=True)
@click.option(
    "--workers", default=1, type=click.IntRange(1), envvar="FEEDSITE_WORKERS", show_default=True, help="Processes."
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
    metrics_port: int | None,
    access_log: str | None,
    access_log_format: str,
) -> None:
    """Serves the site, and follows its files."""
    settings = _settings(site)
    address = f"http://{_reachable(host)}:{port}"
    hint = ""
    os.environ[ADDRESS] = address
    if settings.base_url is None:
        os.environ[PREVIEW] = "true"
        hint = f" (links point to {address}: site.yaml names no base_url)"
    os.environ["FEEDSITE_SITE"] = str(site.resolve())
    _refuse_taken(host, port, "--host or --port")
    if metrics_port:
        if metrics_port == port:
            raise FeedsiteError(f"the site is served at port {port} already; choose another one with --metrics-port")
        _refuse_taken("127.0.0.1", metrics_port, "--metrics-port")
        os.environ["FEEDSITE_METRICS_PORT"] = str(metrics_port)
        counts.share(workers)
    if access_log:
        logfile.refuse_unwritable(access_log)
        os.environ["FEEDSITE_ACCESS_LOG"] = access_log
        os.environ["FEEDSITE_ACCESS_LOG_FORMAT"] = access_log_format
    _open_more_files()
    _make_ready(site)
    server = _Server(
        "feedsite.serving.web:app_for_worker",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=_LONGEST_HEADERS, header_read_timeout=_IDLE * 1000),
        backpressure=_CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_PATIENCE,
    )
    feeds = ", ".join(f"{address}{urls.feed(NEWEST, form.suffix)}" for form in FEED_FORMATS)
    server.on_startup(lambda: click.echo(f"{settings.title}: {address}/ with {feeds}{hint}"))
    server.serve()


def _settings(site: Path) -> Settings:
    """site.yaml as a server would use it: where it is faulty, what it said when it was last sound."""
    with suppress(Unusable), closing(cache.opened(site, os.environ)) as index:
        return Library(site, os.environ, index).settings()[0]
    return Library(site, os.environ).settings()[0]


def _make_ready(site: Path) -> None:
    """The first reading, before there are workers; where there was one, they serve at once what it brought."""
    with suppress(Unusable), closing(cache.opened(site, os.environ)) as index:
        library = Library(site, os.environ, index)
        lead = cache.lead(index)
        if lead is None:
            return  # another server has this in hand
        try:
            if not library.has_holdings:
                click.echo("Reading all articles; the next start will be quick.", err=True)
                read(library)
        finally:
            os.close(lead)


def _reachable(host: str) -> str:
    """An address that a browser on this machine can open."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _open_more_files() -> None:
    """Each connection is an open file, of which a shell allows 1024 as a rule and the system many more."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if most == resource.RLIM_INFINITY else min(_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _refuse_taken(host: str, port: int, options: str) -> None:
    """Raises FeedsiteError where nobody can listen there."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"{host}:{port} is not free; is feedsite running already? Choose another with {options}"
        else:
            message = f"feedsite cannot listen on {host}:{port}: {error.strerror}; choose another with {options}"
        raise FeedsiteError(message) from None
