"""`feedsite explain`."""

import re
import shutil
import textwrap
from collections.abc import Iterator

import click

from ..checking.explanations import Explanation, explanations, groups
from ..codes import Code
from ..errors import FeedsiteError, in_one_line

_WIDEST = 100  # letters of a line


@click.command()
@click.argument("codes", metavar="[CODE]...", nargs=-1)
def explain(codes: tuple[str, ...]) -> None:
    """Explains codes of faults and notes, such as E010; without any it lists them all."""
    known = explanations()
    wanted = [_code(one) for one in codes]
    if not wanted:
        for heading, of_group in groups():
            click.echo("\n".join([heading, *(f"  {one.code} {one.title}" for one in of_group), ""]))
        click.echo("`feedsite explain E010` says more of one.")
    click.echo("\n\n".join("\n".join(_lines(known[code])) for code in wanted), nl=bool(wanted))


def _lines(one: Explanation) -> Iterator[str]:
    yield f"{one.code} {one.title}"
    for paragraph in (one.why, "Wrong:", one.wrong, "Right:", one.right):
        yield ""
        if paragraph in (one.wrong, one.right):
            yield textwrap.indent(paragraph.rstrip("\n"), "    ")
        else:
            yield textwrap.fill(paragraph, min(shutil.get_terminal_size().columns, _WIDEST), break_on_hyphens=False)


def _code(written: str) -> Code:
    """The code that is meant: e10 is E010. Raises FeedsiteError with near ones where there is none."""
    letter, digits = (
        (found[1], found[2]) if (found := re.fullmatch("([EN]?)0*([0-9]{1,3})", written.upper())) else ("", "")
    )
    named = [code for code in Code if digits and code.endswith(digits.zfill(3)) and code.startswith(letter)]
    if len(named) == 1:
        return named[0]
    near = named or [code for code in Code if digits and code[1:3] == digits.zfill(3)[:2]] or _of_words(written)
    advice = (
        f"is {', '.join(near[:-1])}{' or ' if near[1:] else ''}{near[-1]} meant?"
        if near
        else "`feedsite explain` lists all codes"
    )
    raise FeedsiteError(in_one_line(f"no fault or note has the code {written}; {advice}"))


def _of_words(written: str) -> list[Code]:
    """The codes whose titles have a word."""
    return [
        code for code, one in explanations().items() if re.search(rf"\b{re.escape(written)}", one.title, re.IGNORECASE)
    ]
