"""`feedsite purge`."""

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..errors import FeedsiteError
from ..folder import indexfile
from ..folder.library import Library
from ..notifying import purging
from ..site import Site
from ..urls import is_web_address
from .opensite import read, run


@click.command()
@click.argument("caches", nargs=-1, metavar="[CACHE]...")
@click.option("--dry-run", is_flag=True, help="Only list what each cache would be told.")
@click.pass_obj
def purge(site: Path, caches: tuple[str, ...], dry_run: bool) -> None:
    """Tells the caches in front of the site to drop what changed. Each is told of a change once.

    CACHE is an address such as http://127.0.0.1:6081; without any, those that site.yaml names are told.
    """
    run(site, partial(_purge, caches=caches, dry_run=dry_run))


def _purge(library: Library, *, caches: tuple[str, ...], dry_run: bool) -> None:
    read(library)
    contents = library.contents(datetime.now(UTC))
    settings = contents.settings.of_server
    if settings.base_url is None and settings.id is None:
        message = (
            "what a cache holds is named after its site: add a line such as `base_url: https://news.example` to "
            "site.yaml, or set FEEDSITE_BASE_URL, as the server has it"
        )
        raise FeedsiteError(message)
    if wrong := [one for one in caches if not is_web_address(one)]:
        raise FeedsiteError(f"{wrong[0]} is no address; write it whole, such as http://127.0.0.1:6081")
    addresses = tuple(one.rstrip("/") for one in caches) or settings.purge
    if not addresses:
        message = (
            "no cache is named: call `feedsite purge http://127.0.0.1:6081`, "
            "or add a line such as `purge: [http://127.0.0.1:6081]` to site.yaml"
        )
        raise FeedsiteError(message)
    planned = Site(contents.edition, settings, contents.media)
    published, file = purging.published(planned), indexfile.folder(library.folder, os.environ) / purging.SENT
    nothing = f"Nothing changed since {', '.join(addresses)} was told last."
    if dry_run:
        outdated = purging.outdated(published, addresses, file)
        click.echo("\n".join(f"{one}: {path}" for one, paths in outdated.items() for path in paths) or nothing)
        return
    problems = []
    for purged in purging.purge(published, addresses, file):
        click.echo(str(purged), err=bool(purged.problem))
        problems.append(purged.problem)
    if not problems:
        click.echo(nothing)
    if any(problems):
        raise click.exceptions.Exit(1)
