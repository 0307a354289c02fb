"""A million short articles: whether it starts and serves, and the figures. Run only where it is named."""

import os
import shutil
import time
from pathlib import Path

from feedsite.folder import indexfile

from . import archive, corpus, figures, generators
from .servers import Failed
from .tables import megabytes, middle_and_p95, table

PROGRAMS = ()
ARTICLES, WORDS = 1_000_000, 150  # make 1 KB of Markdown each
EDITS = 20
_ROOM = 16_000  # bytes of disk an article: its file's block, and the index


def run(folder: Path, *, is_quick: bool = False) -> str:
    count = 2_000 if is_quick else ARTICLES
    if (free := shutil.disk_usage(folder).free) < count * _ROOM:
        raise Failed(f"{count:,} articles need {megabytes(count * _ROOM)} MB of disk; {folder} has {megabytes(free)}")
    site = folder / "site"
    corpus.write_site(site, [], archive.WINDOW)
    begun = time.perf_counter()
    archive.write({site: "feedsite"}, range(count), WORDS)
    written = time.perf_counter() - begun
    articles = archive.spread(count, figures.PAGES, WORDS)
    with figures.serve(site) as server:
        cold = figures.started(server)
        index = generators.size(indexfile.folder(site, os.environ))
    warm = figures.warm_start(site)
    with figures.serve(site) as server:
        held = figures.held(server, 1, articles)
        middle, p95 = middle_and_p95(figures.edits(server, site, archive.newest(WORDS), 3 if is_quick else EDITS))
    rows = [
        ("the generator writes them in", f"{written:.0f} s"),
        ("start without an index, first 200", f"{cold.first_answer:.1f} s"),
        ("start after a clean end, first 200", f"{warm.first_answer:.2f} s"),
        ("start after a clean end, verified", "not logged" if warm.verified is None else f"{warm.verified:.2f} s"),
        ("memory of the worker, PSS", f"{megabytes(held.largest.pss)} MB"),
        ("memory of all processes, PSS", f"{megabytes(held.all)} MB"),
        ("edit to served, median", f"{middle:.0f} ms"),
        ("edit to served, p95", f"{p95:.0f} ms"),
        ("size of the index", f"{megabytes(index)} MB"),
    ]
    return table((f"{count:,} articles of 1 KB", "feedsite"), rows)
