"""What the parser of a format makes of a file."""

from dataclasses import dataclass

from .spans import Spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a picture's header says. Width and height are in pixels, as the picture is shown: after its orientation.

    A still picture is one of pixels that does not move: copies of another size can be made of it. Of one that may be
    clear the ground can be seen.
    """

    type: str
    width: int
    height: int
    is_still: bool = True
    may_be_clear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A picture's shape, and what of its file is published: all but what says who, when, where and with what."""

    shape: Shape
    spans: Spans
