"""The values of YAML text: named fields, lists and texts, each with its line and column (composer.py makes them)."""

from typing import NamedTuple

MAX_DEPTH = 20
MAX_MEMBERS = 1000  # of one list, or fields of one name


class Mark(NamedTuple):  # a tuple, as the nodes are: each file has some fifty, and tuples are quicker to make
    """A place in a file. Lines and columns count from 1. `end` is the column behind what stands there; 0 where that
    goes on below the line.
    """

    line: int
    column: int
    end: int = 0


class Scalar(NamedTuple):
    """A text. `style` is the sign before it: a quotation mark, | or > of a block, or "" where it stands plain.

    `comment` begins with # and so is none of the text: its place, and itself. It is the line right below a block, or
    stands behind a plain text with one space between them.
    """

    text: str
    mark: Mark
    style: str = ""
    comment: tuple[Mark, str] | None = None


class Sequence(NamedTuple):
    items: tuple["Node", ...]
    mark: Mark


class Named(NamedTuple):
    """One `name: value`; `mark` is where the name stands."""

    name: str
    mark: Mark
    value: "Node"


class Mapping(NamedTuple):
    fields: tuple[Named, ...]
    mark: Mark
    is_in_braces: bool = False


Node = Scalar | Sequence | Mapping
