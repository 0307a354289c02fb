"""How long `feedsite check` takes: of a site that was never read, and again of one that has not changed."""

import os
import sys
from pathlib import Path

from . import corpus
from .processes import Cost, cost, middle
from .tables import Goal, goals, megabytes, table

PROGRAMS = ()
ARTICLES, WORDS, ROUNDS = 10_000, 600, 5
_COLD, _WARM = 3.0, 0.5  # seconds on two cores


def run(folder: Path, *, is_quick: bool = False) -> str:
    articles, rounds = (500, 1) if is_quick else (ARTICLES, ROUNDS)
    site = folder / "site"
    corpus.write_site(site, corpus.articles(articles, WORDS), 50)
    cold = middle([_check(site, folder / f"cache-{number}") for number in range(rounds)])
    one_changed = middle([_changed(site, folder / "cache-0", number) for number in range(rounds)])
    warm = middle([_check(site, folder / "cache-0") for _ in range(rounds)])
    kinds = {
        "of a site that was never read": cold,
        "after one article was changed": one_changed,
        "of a site that has not changed": warm,
    }
    head = (f"feedsite check, {articles:,} articles of {WORDS} words", "seconds", "of the processors", "memory")
    rows = [(kind, f"{one.wall:.2f}", f"{one.cpu:.2f}", f"{megabytes(one.memory)} MB") for kind, one in kinds.items()]
    reached = [
        Goal(name="the first check", wanted=_COLD, measured=round(cold.wall, 2), is_at_least=False, unit=" s"),
        Goal(name="a further check", wanted=_WARM, measured=round(warm.wall, 2), is_at_least=False, unit=" s"),
    ]
    return "\n\n".join([table(head, rows), goals(reached)])


def _check(site: Path, cache: Path) -> Cost:
    command = [sys.executable, "-m", "feedsite", "--site", str(site), "check"]
    environment = os.environ | {"FEEDSITE_CACHE": str(cache), "PYTHONDONTWRITEBYTECODE": ""}
    return cost(command, site, site.parent / "check.log", environment)


def _changed(site: Path, cache: Path, number: int) -> Cost:
    path = next((site / "entries").rglob("*.yaml"))
    path.write_text(f"{path.read_text('utf-8').rstrip()} {number}.\n", "utf-8")
    return _check(site, cache)
