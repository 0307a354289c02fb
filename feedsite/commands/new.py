"""`feedsite new`."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import partial
from pathlib import Path

import click

from ..desk import creating, newentry
from ..desk.newentry import NewEntry
from ..errors import FeedsiteError, in_one_line, reason
from ..folder.library import Contents, Library
from ..folder.opening import ENTRIES, without_links
from ..index import survey
from ..model import forbidden
from ..parsing import entryfile
from ..settings import Settings
from ..terms import section_part, term
from ..urls import permalink
from .opensite import read, run

_NEAR = 0.7  # of difflib's ratio
_FILE = re.compile(r"(?:entries/|pages/)\S+|\S+\.(?:ya?ml|md|markdown|txt)", re.IGNORECASE)


@click.command()
@click.argument("title")
@click.option("--section", help="The section that it belongs to.")
@click.option("--tag", "tags", multiple=True, help="A key word; several times for several.")
@click.option("--author", "authors", multiple=True, help="A name, or a key of authors in site.yaml; likewise.")
@click.option("--edit", is_flag=True, help="Open the file in the editor that VISUAL or EDITOR names.")
@click.pass_obj
def new(
    site: Path, title: str, section: str | None, tags: tuple[str, ...], authors: tuple[str, ...], edit: bool
) -> None:
    """Begins an article: a draft in entries/, with an id for ever."""
    editor = _editor() if edit else []
    begun: list[Path] = []
    run(site, partial(_new, title=title, section=section, tags=tags, authors=authors, begun=begun))
    if editor:
        _edit(editor, begun[-1])


def _new(
    library: Library,
    *,
    title: str,
    section: str | None,
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    begun: list[Path],
) -> None:
    if wrong := next(filter(None, map(forbidden, (title, section or "", *tags, *authors))), None):
        raise FeedsiteError(f"the control character U+{ord(wrong[0]):04X} cannot stand in an article; take it out")
    if not title.strip():
        raise FeedsiteError('an article needs a title: `feedsite new "The headline"`')
    if _FILE.fullmatch(title):
        message = f'{title} is a file\'s name; write the headline, of which the file gets its own: `feedsite new "War"`'
        raise FeedsiteError(in_one_line(message))
    if several := next((tag for tag in tags if "," in tag), ""):
        each = " ".join(f"--tag {shlex.quote(tag.strip())}" for tag in several.split(",") if tag.strip())
        raise FeedsiteError(in_one_line(f"--tag takes one tag; for several write {each or '--tag war'}"))
    read(library)
    now = datetime.now(UTC)
    contents = library.contents(now)
    settings = contents.settings
    article = NewEntry(
        title=title.strip(), at=now.astimezone(settings.timezone), section=section, tags=tags, authors=authors
    )
    slug = newentry.free_slug(article.title, partial(_is_taken, library, settings, article))
    path = f"{ENTRIES}/{newentry.name(article, slug)}"
    has_schema = (library.folder / newentry.SCHEMA).is_file()
    content = newentry.text(article, slug, settings, has_schema=has_schema).encode()
    made = entryfile.read(content, path, settings)
    if made.entry is None:
        raise FeedsiteError("\n".join(in_one_line(fault.message) for fault in made.faults if not fault.is_note))
    _write(library.folder, path, content)
    begun.append(library.folder / path)
    notes = [fault.message for fault in made.faults]
    for note in (*notes, *_news(article, contents, has_new_section=not notes)):
        click.echo(in_one_line(f"note: {note}"))
    click.echo(in_one_line(f"{library.folder / path} is a draft: nobody sees it."))
    click.echo(f"Look at it with `feedsite preview`, publish it with `feedsite publish {slug}`.")


def _is_taken(library: Library, settings: Settings, article: NewEntry, slug: str) -> bool:
    """Whether another article has the file, the id or the address that this one would have with the slug."""
    day = article.at.date()
    path = library.folder / ENTRIES / newentry.name(article, slug)
    ids = newentry.id_of(article, slug, settings)
    return os.path.lexists(path) or survey.is_taken(library.index, ids, permalink(day, slug))


def _write(folder: Path, path: str, content: bytes) -> None:
    try:
        if (folder / ENTRIES).is_symlink():
            path = without_links(folder, ENTRIES) + path.removeprefix(ENTRIES)
        creating.create(folder, path, content)
    except OSError as error:
        why = reason(error) if not error.strerror else error.strerror
        raise FeedsiteError(in_one_line(f"{path} cannot be written: {why}")) from None


def _news(article: NewEntry, contents: Contents, *, has_new_section: bool) -> Iterator[str]:
    """What of the article's lists is new to the site, and may be a slip."""
    settings, edition = contents.settings, contents.edition
    if has_new_section and article.section and (part := section_part(article.section)) not in settings.section_parts:
        known = [key.partition("/")[2] for key in edition.keys("section")]
        if part not in known:
            yield f"the section {article.section} is new here{_meant(part, (*settings.section_parts, *known))}"
    known = [key.partition("/")[2] for key in edition.keys("tag")] if article.tags else []
    for tag in article.tags:
        if term(tag) not in known and (meant := _meant(term(tag), known)):
            yield f"the tag {tag} is new here{meant}"
    known = [key.partition("/")[2] for key in edition.keys("author")] if article.authors else []
    named = {term(person.name): person.name for person in settings.authors.values()}
    for author in article.authors:
        if author not in settings.authors and term(author) not in (*known, *named):
            yield f"the author {author} is new here{_meant(author, (*settings.authors, *named.values()))}"


def _meant(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1, _NEAR)
    return f"; is {near[0]} meant?" if near else ""


def _editor() -> list[str]:
    """The program, with its options. Raises FeedsiteError where none is named."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words:
        raise FeedsiteError("--edit opens the program that EDITOR names: set it, as in `export EDITOR=nano`")
    return words


def _edit(editor: Sequence[str], path: Path) -> None:
    try:
        subprocess.run([*editor, path.absolute()], check=False)  # noqa: S603  # the editor's own choice
    except OSError as error:
        raise FeedsiteError(in_one_line(f"{editor[0]} cannot be started: {error.strerror}")) from None
