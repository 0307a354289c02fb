"""`feedsite init`."""

import os
import shlex
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

import click

from ..desk import creating
from ..desk.starter import Begun, site_files
from ..errors import FeedsiteError, in_one_line
from ..parsing import sitefile
from ..wording import counted

_UNNAMED = "My site"
_CLOCK = "/etc/localtime"  # a link to the zone that the machine's clock shows
_ZONES = "/zoneinfo/"
# What stands where in a new site.
_ABOUT = (
    ("site.yaml", "what the site is called, and how it is published"),
    ("entries/", "the articles, a file each: one is published, one is a draft"),
    ("pages/", "what is no news, such as who makes the site"),
    ("images/", "pictures"),
    ("schema/, .vscode/", "by which editors propose fields while you type"),
    (".github/", "a workflow that checks each change, and builds the site"),
    (".pre-commit-config.yaml", "a check of each commit"),
    ("README.md", "the commands of every day"),
)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="The name of the site; the folder's if not given.")
@click.option("--language", default="en", show_default=True, help="Its language, such as de or zh-Hant.")
@click.option("--timezone", help="The zone of its times, such as Europe/Berlin; this machine's if not given.")
@click.option("--base-url", help="Where it will stand on the web, such as https://news.example.")
def init(folder: Path, title: str | None, language: str, timezone: str | None, base_url: str | None) -> None:
    """Makes a site of your own in a folder: it can be served at once."""
    zone = sitefile.value_of("timezone", timezone or _zone_of_machine(), "--timezone")
    begun = Begun(
        title=sitefile.value_of("title", title, "--title") if title and title.strip() else _title_of(folder),
        language=sitefile.value_of("language", language, "--language"),
        timezone=zone.key,
        base_url=sitefile.value_of("base_url", base_url, "--base-url") if base_url else None,
        at=datetime.now(UTC).astimezone(zone),
    )
    new = site_files(begun)
    try:
        if taken := creating.standing_in_the_way(folder, new):
            names = ", ".join(taken)
            verb = "stands" if len(taken) == 1 else "stand"
            message = (
                f"{names} {verb} in {folder} already, and nothing was written; move it away, or name another folder"
            )
            raise FeedsiteError(in_one_line(message))
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in new.items():
            creating.create(folder, path, content)
    except OSError as error:
        raise FeedsiteError(in_one_line(f"{folder} cannot be written to: {error.strerror}")) from None
    click.echo(in_one_line(f"{counted(len(new), 'file')} of a new site in {folder}: {begun.title}"))
    click.echo()
    width = max(len(name) for name, _ in _ABOUT)
    for name, about in _ABOUT:
        click.echo(f"  {name:{width}}  {about}")
    click.echo()
    click.echo("Next:")
    if folder.resolve() != Path.cwd():
        click.echo(in_one_line(f"  cd {shlex.quote(os.fspath(folder))}"))
    click.echo("  feedsite preview               # look at it while you write")
    click.echo('  feedsite new "The headline"    # begin an article')


def _title_of(folder: Path) -> str:
    """The name of the folder in words."""
    words = " ".join(folder.resolve().name.replace("-", " ").replace("_", " ").split())
    return f"{words[:1].upper()}{words[1:]}" if words.isprintable() and words else _UNNAMED


def _zone_of_machine() -> str:
    """As its clock is set; UTC where that is not known."""
    named = os.environ.get("TZ", "") or os.path.realpath(_CLOCK)
    zone = named.partition(_ZONES)[2] or named
    return zone if zone in available_timezones() and zone != "Etc/UTC" else "UTC"
