"""Each article's newer and older one, which Pelican's own templates do not know."""

from itertools import pairwise
from typing import Any

from pelican import signals


def register() -> None:
    signals.article_generator_finalized.connect(_join)


def _join(generator: Any) -> None:
    for newer, older in pairwise(generator.articles):
        newer.older, older.newer = older, newer
