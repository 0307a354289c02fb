"""Whether what a command prints is coloured."""

import os
import sys


def has_colours() -> bool:
    """Whether the output is a terminal's and its user wants colours there (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
