"""What an editor or an operator types."""

import errno
import os
import resource
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from . import __version__, export, urls, websub
from .errors import FeedsiteError
from .feeds import NEWEST
from .formats import FEED_FORMATS
from .model import NEVER
from .reading.library import Library, loose_ends, write_id
from .reading.walk import ENTRIES
from .site import plan

_PATIENCE = 5  # seconds that a client may still take when the server ends
_IDLE = 10  # seconds that a connection may say nothing
_CONNECTIONS = 8192  # that a worker holds; most of them wait for nothing
_FILES = 2 * _CONNECTIONS  # that a worker may have open
_LONGEST_HEADERS = 32768  # bytes of a request: more than any reader sends, less than hurts


class _Told(click.Group):
    """What goes wrong is told in one sentence, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FeedsiteError as error:
            click.echo(str(error), err=True)
            ctx.exit(1)


@click.group(cls=_Told, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--site",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    envvar="FEEDSITE_SITE",
    help="The site's folder, with site.yaml and entries/; the current one if not given.",
)
@click.version_option(__version__, prog_name="feedsite")
@click.pass_context
def main(ctx: click.Context, site: Path) -> None:
    """Publishes articles kept as YAML files as RSS, Atom and JSON feeds and as pages."""
    ctx.obj = site


@main.command()
@click.option(
    "--host", default="127.0.0.1", envvar="FEEDSITE_HOST", show_default=True, help="The address to listen on."
)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), envvar="FEEDSITE_PORT", show_default=True)
@click.option(
    "--workers", default=1, type=click.IntRange(1), envvar="FEEDSITE_WORKERS", show_default=True, help="Processes."
)
@click.pass_obj
def serve(site: Path, host: str, port: int, workers: int) -> None:
    """Serves the site, and follows its files."""
    settings, _ = Library(site, os.environ).settings()
    address = f"http://{_reachable(host)}:{port}"
    hint = ""
    if settings.base_url is None:
        os.environ["FEEDSITE_BASE_URL"] = address
        os.environ["FEEDSITE_PING"] = "false"  # what only this machine can fetch no hub need know
        hint = f" (links point to {address}: site.yaml names no base_url)"
    os.environ["FEEDSITE_SITE"] = str(site.resolve())
    _refuse_taken(host, port)
    _open_more_files()
    server = Granian(
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


@main.command()
@click.option(
    "--write-ids", is_flag=True, help="Write an id into each article that has none, so that its file can be renamed."
)
@click.pass_obj
def check(site: Path, write_ids: bool) -> None:
    """Tells everything that is wrong in site.yaml and entries/, by file, line and column."""
    library = Library(site, os.environ)
    holdings = library.read()
    if write_ids:
        settings = holdings.settings
        if settings.base_url is None and settings.id is None:
            raise FeedsiteError("an id names its site: give site.yaml a base_url (or an id) first, then write ids")
        for file in holdings.files:
            if file.derived_id and file.entry:
                advice = "" if write_id(site, file, settings) else " (this cannot be written in; add the line yourself)"
                click.echo(f"{file.entry.source}: id: {file.derived_id}{advice}")
        holdings = library.read()
    told = [*holdings.faults, *loose_ends(holdings, datetime.now(UTC))]
    for fault in sorted(told):
        click.echo(str(fault))
    wrong = sum(not fault.is_note for fault in told)
    if wrong:
        click.echo(f"{_counted(wrong, 'fault')} to mend in {_counted(len(holdings.files), 'article')}.")
        raise click.exceptions.Exit(1)
    drafts = sum(entry.published == NEVER for entry in holdings.catalogue.entries)
    aside = f", {_counted(drafts, 'draft')} among them" if drafts else ""
    click.echo(f"Nothing wrong in {_counted(len(holdings.files), 'article')}{aside}.")


@main.command()
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to: new, empty, or written by an earlier build.",
)
@click.pass_obj
def build(site: Path, output: Path) -> None:
    """Writes the whole site into a folder, for any web server or object store."""
    holdings = Library(site, os.environ).read()
    if holdings.settings.base_url is None:
        message = (
            "a built site must know its address: add a line such as `base_url: https://news.example` to site.yaml, "
            "or set FEEDSITE_BASE_URL"
        )
        raise FeedsiteError(message)
    folder, home = output.resolve(), site.resolve()
    own = (ENTRIES, *urls.MEDIA_FOLDERS)
    if home.is_relative_to(folder) or any(folder.is_relative_to(home / name) for name in own):
        message = f"{output} holds the site itself; name a folder of its own for what is built, such as public"
        raise FeedsiteError(message)
    faults = [fault for fault in holdings.faults if not fault.is_note]
    for fault in faults:
        click.echo(str(fault), err=True)
    planned = plan(holdings.catalogue.at(datetime.now(UTC)), holdings.settings, holdings.media)
    counts = {"written": 0, "unchanged": 0, "removed": 0}
    with click.progressbar(
        export.write(planned, folder, {fault.path for fault in faults}), length=export.steps(planned), label="Building"
    ) as changes:
        for change in changes:
            counts[change.action] += 1
    click.echo(", ".join(f"{number} {action}" for action, number in counts.items()) + f" in {output}.")
    if faults:
        click.echo("What a faulty file has published stays as it was until the file is mended.")
    if planned.until:
        click.echo(f"The next article is scheduled for {planned.until.isoformat()}: build again then.")


@main.command()
@click.option("--dry-run", is_flag=True, help="Only list what the hub would be told.")
@click.pass_obj
def ping(site: Path, dry_run: bool) -> None:
    """Tells the WebSub hub which feeds and pages changed since it was told last."""
    holdings = Library(site, os.environ).read()
    settings = holdings.settings
    if settings.hub is None or settings.base_url is None:
        message = (
            "to tell a hub of changes, site.yaml must name the hub and the site's own address: "
            "it needs lines such as `hub: https://hub.example/` and `base_url: https://news.example`"
        )
        raise FeedsiteError(message)
    planned = plan(holdings.catalogue.at(datetime.now(UTC)), settings, holdings.media)
    digests, memory = websub.topics(planned, settings), site / websub.MEMORY
    nothing = f"Nothing changed since {settings.hub} was told last."
    if dry_run:
        click.echo("\n".join(websub.changed(settings.hub, digests, memory)) or nothing)
        return
    problems = []
    for told in websub.ping(settings.hub, digests, memory):
        click.echo(str(told), err=bool(told.problem))
        problems.append(told.problem)
    if not problems:
        click.echo(nothing)
    if any(problems):
        raise click.exceptions.Exit(1)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


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


def _refuse_taken(host: str, port: int) -> None:
    """Raises FeedsiteError where nobody can listen there."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            message = f"{host}:{port} is not free; is feedsite running already? Choose another with --port"
        else:
            message = f"feedsite cannot listen on {host}:{port}: {error.strerror}; choose another with --host or --port"
        raise FeedsiteError(message) from None
