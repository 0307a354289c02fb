"""`feedsite audience`."""

import itertools
import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from ..audience import chart, logfiles, report
from ..audience.figures import Audience
from ..audience.tally import Tally
from ..errors import FeedsiteError, in_one_line
from ..folder.opening import Unreadable, content
from ..parsing.sitefile import read as read_settings
from ..settings import FILE


@click.command()
@click.argument("logs", nargs=-1, required=True, metavar="LOG...", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object, in place of the table.")
@click.option(
    "--chart",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Draw a chart into this file too, as SVG.",
)
@click.pass_obj
def audience(site: Path, logs: tuple[Path, ...], as_json: bool, picture: Path | None) -> None:
    """Tells who reads the feeds, from access logs. They may be gzipped; - is standard input."""
    found = counted(site, logs)
    if picture:
        try:
            picture.write_text(chart.draw(found), "utf-8")
        except OSError as error:
            raise FeedsiteError(in_one_line(f"{picture} cannot be written: {error.strerror}")) from None
    click.echo(report.as_json(found) if as_json else report.table(found), nl=False)


def counted(site: Path, logs: tuple[Path, ...]) -> Audience:
    """What the logs come to. Raises FeedsiteError where no line of them can be read."""
    tally = Tally(_base(site))
    length = logfiles.size(logs)
    hidden = not length or not sys.stderr.isatty()
    problems = []
    with click.progressbar(length=length or 0, label="Reading", file=sys.stderr, hidden=hidden) as bar:
        for batch in itertools.chain.from_iterable(map(logfiles.batches, logs)):
            tally.take(batch.lines)
            bar.update(batch.taken)
            problems.append(batch.problem)
    for problem in filter(None, problems):
        click.echo(problem, err=True)
    found = tally.audience()
    if found.unreadable and not found.requests:
        raise FeedsiteError(f"no line is one of an access log, neither is the first: {found.example}")
    return found


def _base(site: Path) -> str:
    """The path in base_url, which stands before each path in a proxy's log; "" where site.yaml names none."""
    with suppress(FeedsiteError, OSError, Unreadable):
        return read_settings(content(site, FILE), os.environ)[0].urls.href("")
    return ""
