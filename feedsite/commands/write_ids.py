"""`feedsite write-ids`."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from ..editing import changes
from ..editing.ids import id_of
from ..editing.save import original_of, save, verify
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from ..index.index import Derived
from . import changing, named
from .opensite import read, run


@click.command()
@click.argument("which", nargs=-1, metavar="[ARTICLE]...")
@click.option("--fresh", is_flag=True, help="Give new ids, where nobody reads the site yet and it has no base_url.")
@changing.dry_run
@click.pass_obj
def write_ids(site: Path, which: tuple[str, ...], fresh: bool, dry_run: bool) -> None:
    """Writes ids into the files that name none.

    ARTICLE is the words of an address, or a file; without any, all are looked at. It is the id that subscribers have,
    so they notice nothing, and the file can be renamed.
    """
    run(site, partial(_write_ids, which=which, is_fresh=fresh, is_dry=dry_run))


def _write_ids(library: Library, *, which: Sequence[str], is_fresh: bool, is_dry: bool) -> None:
    read(library)
    wanted = [named.source(library, word) for word in which]
    nameless = {one.source: one for one in library.index.derived()}
    if having := [source for source in wanted if source not in nameless]:
        message = "has an id already, or gets none: a standing page, a copy, a file with faults"
        raise FeedsiteError(in_one_line(f"{having[0]} {message}"))
    problems = []
    for source in wanted or nameless:
        try:
            written = _write(library, nameless[source], is_fresh=is_fresh, is_dry=is_dry)
        except FeedsiteError as error:
            problems.append(str(error))
        else:
            click.echo(in_one_line(f"{source}: id: {written}"))
    for problem in dict.fromkeys(problems):
        click.echo(problem, err=True)
    if not nameless:
        click.echo("Every article has an id.")
    elif is_dry:
        click.echo("Nothing was changed yet (--dry-run).")
    else:
        library.read()
    if problems:
        raise click.exceptions.Exit(1)


def _write(library: Library, derived: Derived, *, is_fresh: bool, is_dry: bool) -> str:
    """The id that was written, or would be."""
    original = original_of(library.folder, derived.source, library.site_yaml().settings)
    new = id_of(original, derived.id, is_fresh=is_fresh)
    change = changes.write_id(original, new)
    verify(original, change) if is_dry else save(library.folder, original, change)
    return new
