"""`feedsite publish`."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from ..editing import changes
from ..editing.changes import in_words
from ..editing.original import Original, moment_of
from ..editing.save import Change
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..parsing.entrychecks import FIRST_WORDS
from . import changing


@click.command()
@changing.article
@click.option("--at", metavar="TIME", help='When it appears: "2026-12-01 08:00" in the site\'s zone, or `now`.')
@click.option("--keep-date", is_flag=True, help="Leave the time that the draft has, also one that is past.")
@changing.dry_run
@click.pass_obj
def publish(site: Path, article: str, at: str | None, keep_date: bool, dry_run: bool) -> None:
    """Publishes a draft: now, or at its own time if that lies ahead.

    ARTICLE is the words of its address, or its file. With --at a scheduled article gets another time.
    """
    if at and keep_date:
        raise click.UsageError("--at and --keep-date contradict each other; leave one of them out")

    def make(_: Library, original: Original, now: datetime) -> Change:
        _refuse_first_words(original)
        moment = now if at == "now" else moment_of(at, original.settings) if at else None
        return changes.publish(original, now, moment, keeps_date=keep_date)

    changing.change(site, article, make, _tell, is_dry=dry_run)


def _refuse_first_words(original: Original) -> None:
    """Subscribers would get the sentence with which `feedsite new` begins an article."""
    body = original.draft.fields.get("body")
    if body and body.value.text.strip() == original.settings.words.text(FIRST_WORDS):
        source = in_one_line(original.source)
        raise FeedsiteError(
            f"{source} still has the sentence that `feedsite new` wrote; write the article in its place"
        )


def _tell(original: Original, changed: Change, now: datetime) -> Iterator[str]:
    entry = changed.entry
    address = changing.address(original, entry.path)
    if entry.nav is not None:
        yield f"The page is public, at {address}; subscribers notice nothing."
    elif entry.published > now:
        yield f"It appears on {in_words(entry.published, original.settings)}, at {address}; subscribers get it then."
        yield "A server does that by itself; a built site must be built again then (`feedsite build`)."
        return
    elif entry.published < now:
        yield f"It is public, at {address}, with the date {in_words(entry.published, original.settings)}."
        yield "Subscribers get it as new where it is not older than all that a feed holds."
    else:
        yield f"It is public, at {address}; subscribers get it as a new article."
    yield "A server shows it at once; a built site must be built again (`feedsite build`)."
