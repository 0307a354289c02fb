"""`feedsite schema`."""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from ..errors import FeedsiteError
from ..folder.library import Library
from ..schemas import FOLDER, SCHEMAS, Suggestions, file_of, suggestions, text_of
from ..settings import FILE
from .opensite import read, run

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a pipe is opened without waiting for its writer
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC  # with O_EXCL a link is a file that exists


@click.command()
@click.argument("word", type=click.Choice(list(SCHEMAS)), default="entry", metavar="[entry|page|site]")
@click.option("--write", is_flag=True, help=f"Write all of them into {FOLDER}/ of the site's folder.")
@click.pass_obj
def schema(site: Path, word: str, write: bool) -> None:
    """Prints the schema by which editors complete and check files. There is one of articles, of pages and of site.yaml.

    It knows the sections, authors, tags, pictures and recordings that the site has.
    """
    if write:
        click.echo("\n".join(write_all(site, known(site))) or f"{FOLDER}/ is as it should be.")
    else:
        click.echo(text_of(word, known(site)), nl=False)


def known(site: Path) -> Suggestions:
    """What the site in this folder has already; nothing where it is none."""
    if not (site / FILE).is_file():
        return Suggestions()
    found: list[Suggestions] = []
    run(site, lambda library: found.append(_known(library)))
    return found[-1]


def _known(library: Library) -> Suggestions:
    read(library)
    return suggestions(library.contents(datetime.now(UTC)))


def write_all(site: Path, values: Suggestions) -> list[str]:
    """Writes those that differ from what stands there, and returns their files. No link is followed out of the site."""
    texts = {file_of(word).rpartition("/")[2]: text_of(word, values).encode() for word in SCHEMAS}
    try:
        with suppress(FileExistsError):
            (site / FOLDER).mkdir()
        folder = os.open(site / FOLDER, _FOLDER)
        try:
            return [f"{FOLDER}/{name}" for name, text in texts.items() if _replaced(folder, name, text)]
        finally:
            os.close(folder)
    except OSError as error:
        raise FeedsiteError(f"{FOLDER}/ must be a folder in which feedsite may write: {error.strerror}") from error


def _replaced(folder: int, name: str, text: bytes) -> bool:
    """Writes a file of an open folder as a whole; false where it has this text already."""
    with suppress(OSError), open(os.open(name, _FILE, dir_fd=folder), "rb") as file:
        if file.read(len(text) + 1) == text:
            return False
    draft = f".{name}.feedsite"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)  # left by a run that was killed, or a link that a contributor put there
    with open(os.open(draft, _NEW, 0o666, dir_fd=folder), "wb") as file:
        file.write(text)
    os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    return True
