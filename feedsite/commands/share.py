"""`feedsite share`."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import click

from .. import sharing
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..index import unpublished
from . import named
from .opensite import read, run


@click.command()
@click.argument("article")
@click.option(
    "--days",
    default=7,
    type=click.IntRange(1, 366),
    show_default=True,
    help="For how long the address opens the article.",
)
@click.pass_obj
def share(site: Path, article: str, days: int) -> None:
    """Prints an address at which whoever has it reads one draft, or scheduled article, on the public site.

    ARTICLE is the last part of its address, or its file. No other page leads there; see FEEDSITE_SHARE_SECRET in
    docs/preview.md.
    """
    run(site, partial(_share, word=article, days=days))


def _share(library: Library, *, word: str, days: int) -> None:
    if not (key := sharing.secret(os.environ)):
        message = (
            f"to sign an address, {sharing.VARIABLE} must be set here and where the site is served, to the same "
            f"secret, such as {secrets.token_urlsafe(24)}"
        )
        raise FeedsiteError(message)
    read(library)
    now = datetime.now(UTC).replace(microsecond=0)
    settings = library.contents(now).settings
    if settings.base_url is None:
        raise FeedsiteError(
            "an address to share must begin with the site's own: add a line such as `base_url: https://news.example` "
            "to site.yaml, or set FEEDSITE_BASE_URL"
        )
    entry = named.article(library, word)
    row = unpublished.by_id(library.index, entry.iri)
    if row is None or row.source != entry.source:
        raise FeedsiteError(in_one_line(f"another article has the id of {entry.source}; `feedsite check` names it"))
    if entry.withdrawal:
        raise FeedsiteError(in_one_line(f"{entry.source} is withdrawn: nobody is to read it any more"))
    if entry.published <= now or row.is_undated:
        raise FeedsiteError(in_one_line(f"{entry.source} is public already, at {settings.urls.absolute(entry.path)}"))
    until = now + timedelta(days=days)
    click.echo(settings.urls.absolute(sharing.path(entry.iri, until, key)))
    moment = until.astimezone(settings.timezone)
    told = f'Whoever has this address can read "{entry.title}" until {moment:%Y-%m-%d %H:%M %Z}'
    click.echo(in_one_line(f"{told}; once the article is public, it leads there."), err=True)
