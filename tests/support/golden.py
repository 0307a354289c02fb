"""The sample site's bytes, path by path. Run as a program, it takes what is drawn now as right: read the difference."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedsite import export
from feedsite.folder.library import Library
from feedsite.site import Site

HERE = Path(__file__).parent.parent
SAMPLE = HERE / "sample"
GOLDEN = HERE / "golden"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def sample_site(now: datetime = NOW, **changes: Any) -> Site:
    """The site of the sample at a moment, with these settings in the place of its own."""
    library = Library(SAMPLE, {})
    library.read()
    assert [str(fault) for fault in library.index.faults() if not fault.is_note] == []
    contents = library.contents(now)
    return Site(contents.edition, replace(contents.settings, **changes), contents.media)


def is_kept(name: str) -> bool:
    """Whether a file of the export has golden bytes: of tags, authors, languages and dates one each has."""
    folder, _, rest = name.partition("/")
    kept = {"tag": "japan/", "author": "mina-sato/", "language": "ja/", "2021": "07/"}
    return folder not in kept or rest.startswith(kept[folder])


if __name__ == "__main__":
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for _ in export.write(sample_site(), GOLDEN):
        pass
    shutil.rmtree(GOLDEN / ".feedsite")
    for file in [path for path in GOLDEN.rglob("*") if path.is_file()]:
        if not is_kept(str(file.relative_to(GOLDEN))):
            file.unlink()
