"""`feedsite touch`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from ..comparing import foreseen
from ..editing import changes
from ..editing.original import Original
from ..editing.save import Change
from . import changing


@click.command()
@changing.article
@changing.dry_run
@click.pass_obj
def touch(site: Path, article: str, dry_run: bool) -> None:
    """Says that the sense of an article changed now.

    ARTICLE is the words of its address, or its file. The field `updated` is set; a mended comma needs none of this.
    """
    changing.change(site, article, lambda _, original, now: changes.touch(original, now), _tell, is_dry=dry_run)


def _tell(original: Original, changed: Change, _: datetime) -> Iterator[str]:
    yield "The article counts as updated now, and its page says so."
    before = replace(original.entry, updated=original.entry.published)  # another change of this second is not out yet
    yield from foreseen.sentences(before, changed.entry, original.settings)
    yield "If something in it was wrong, say so with `feedsite correct`."
