"""`feedsite ping`."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..errors import FeedsiteError
from ..folder import indexfile
from ..folder.library import Library
from ..notifying import websub
from ..site import Site
from .opensite import read, run


@click.command()
@click.option("--dry-run", is_flag=True, help="Only list what the hub would be told.")
@click.pass_obj
def ping(site: Path, dry_run: bool) -> None:
    """Tells the WebSub hub which feeds and pages changed. It is told of each change once."""
    run(site, partial(_ping, dry_run=dry_run))


def _ping(library: Library, *, dry_run: bool) -> None:
    read(library)
    contents = library.contents(datetime.now(UTC))
    settings = contents.settings
    if settings.hub is None or settings.base_url is None:
        message = (
            "to tell a hub of changes, site.yaml must name the hub and the site's own address: "
            "it needs lines such as `hub: https://hub.example/` and `base_url: https://news.example`"
        )
        raise FeedsiteError(message)
    planned = Site(contents.edition, settings, contents.media)
    topics, file = websub.topics(planned, settings), indexfile.folder(library.folder, os.environ) / websub.SENT
    nothing = f"Nothing changed since {settings.hub} was told last."
    if dry_run:
        click.echo("\n".join(websub.changed(settings.hub, topics, file)) or nothing)
        return
    problems = []
    for notified in websub.ping(settings.hub, topics, file):
        click.echo(str(notified), err=bool(notified.problem))
        problems.append(notified.problem)
    if not problems:
        click.echo(nothing)
    if any(problems):
        raise click.exceptions.Exit(1)
