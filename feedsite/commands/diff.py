"""`feedsite diff`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from ..comparing import asjson, exported, exports, github, report, states
from ..comparing.comparison import compare
from ..comparing.git import Commit, Git, range_of
from ..comparing.noticed import Noticed
from ..comparing.states import State
from ..comparing.weights import Weights, weights
from ..editing.original import moment_of
from ..errors import FeedsiteError, in_one_line
from ..folder.library import Library
from .audience import counted
from .opensite import read, run
from .terminal import has_colours

_SUMMARY = "GITHUB_STEP_SUMMARY"  # names the file to which a forge wants the summary appended
_WORKING_TREE = "the working tree"
_COLOURS = {"break": "red", "mend": "green", "fate": "cyan"}


@click.command()
@click.argument("revisions", nargs=-1, metavar="[REV]")
@click.option(
    "--against", metavar="PLACE", help="Compare with what an export has: its folder or its address; or with a revision."
)
@click.option("--at", "moment", metavar="TIME", help='As of then, such as "2026-12-01 08:00"; now if not given.')
@click.option(
    "--audience",
    "logs",
    multiple=True,
    metavar="LOG",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Weigh it with who reads the feeds, by these access logs.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "github", "json"]),
    default="text",
    help="As text, as JSON, or as remarks on the lines of a pull request.",
)
@click.pass_obj
def diff(
    site: Path, revisions: tuple[str, ...], against: str | None, moment: str | None, logs: tuple[Path, ...], form: str
) -> None:
    """Tells what subscribers will notice of an edit: of the files as they are, against git's HEAD or REV.

    REV may be two revisions, OLD..NEW, or main... for where a branch left main. The status is 1 where an id changes or
    an address breaks.
    """
    if against is not None:
        if revisions:
            raise FeedsiteError("name revisions or --against, not both")
        if not exports.is_place(against):
            revisions = (against,)
            against = None
    weighed = weights(counted(site, logs)) if logs else None
    run(site, partial(_diff, revisions=revisions, against=against, moment=moment, weighed=weighed, form=form))


def _diff(
    library: Library,
    *,
    revisions: tuple[str, ...],
    against: str | None,
    moment: str | None,
    weighed: Weights | None,
    form: str,
) -> None:
    read(library)
    now = _moment(moment, library)
    if against is not None:
        state = State(library, now, _WORKING_TREE)
        noticed, folder = exported.compare(against, state), ""
    else:
        noticed, folder = _of_revisions(library, now, revisions)
    if form == "json":
        click.echo(asjson.as_json(noticed, weighed, now), nl=False)
    elif form == "github":
        for line in github.commands(noticed, folder):
            click.echo(line)
        _append_summary(github.summary(noticed, weighed))
    else:
        for line in report.lines(noticed, weighed, _paint if has_colours() else report.plain):
            click.echo(line)
    if noticed.is_breaking:
        raise click.exceptions.Exit(1)


def _of_revisions(library: Library, now: datetime, revisions: tuple[str, ...]) -> tuple[Noticed, str]:
    """What is noticed between two revisions, or of the working tree; and the site's folder in the repository."""
    git = Git(library.folder)
    older, newer, is_merge_base = range_of(revisions)
    new = git.commit(newer) if newer else None
    old = git.commit(older)
    if is_merge_base:
        old = git.merge_base(old, new or git.commit("HEAD"))
    with _state(git, old, library, now) as before:
        restore = f"git restore --source={old.hash[:12]} -- "
        if new is None:
            noticed = compare(before, State(library, now, _WORKING_TREE), restore=restore)
        else:
            with _state(git, new, library, now) as after:
                noticed = compare(before, after, restore=restore)
    return noticed, git.folder


@contextmanager
def _state(git: Git, commit: Commit, library: Library, now: datetime) -> Iterator[State]:
    with states.revision(git, commit, library.folder, library.index, os.environ) as (other, remarks):
        for remark in remarks:
            click.echo(in_one_line(remark), err=True)
        yield State(other, now, commit.said)


def _moment(written: str | None, library: Library) -> datetime:
    """The moment that is asked for, in whole seconds of UTC. Raises FeedsiteError for what is none."""
    now = datetime.now(UTC)
    return now if written is None else moment_of(written, library.contents(now).settings).astimezone(UTC)


def _paint(text: str, role: str) -> str:
    return click.style(text, fg=_COLOURS.get(role), bold=role == "head")


def _append_summary(text: str) -> None:
    if not (place := os.environ.get(_SUMMARY)):
        return
    try:
        with open(place, "a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise FeedsiteError(f"{place} cannot be written: {error.strerror}") from None
