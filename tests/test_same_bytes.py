"""Same entries, same bytes: whatever the machine, the process, and the order of files."""

import os
import random
import shutil
import subprocess
import sys

import pytest

from feedsite.document import Document

from .support.golden import GOLDEN, SAMPLE, sample_site

_DRAW = """
import sys, hashlib
from tests.support.golden import sample_site
from feedsite.document import Document
import tests.support.golden
from pathlib import Path
tests.support.golden.SAMPLE = Path(sys.argv[1])
site = sample_site()
for path in sorted(site):
    drawn = site[path]
    document = drawn if isinstance(drawn, Document) else drawn.document
    for one in filter(None, (document, site.opened(path))):
        codings = ("identity", *one.codings)
        told = [(one.long_etag(coding), hashlib.sha256(one.coded(coding)).hexdigest()) for coding in codings]
        print(path.encode(), told)
"""


def _drawn(folder, **environment):
    process = subprocess.run(
        [sys.executable, "-c", _DRAW, str(folder)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(GOLDEN.parent.parent), **environment},
        cwd=environment.get("CWD", "/"),
        capture_output=True,
        check=True,
    )
    return process.stdout


@pytest.fixture(scope="module")
def plainly_drawn():
    return _drawn(SAMPLE)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Kiritimati"},
        {"LC_ALL": "C.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "America/St_Johns"},
        {"PYTHONUTF8": "0", "LC_ALL": "C", "CWD": "/usr"},
    ],
    ids=["hash seed", "time zone", "locale", "encoding and folder"],
)
def test_the_environment_changes_no_byte(environment, plainly_drawn):
    """Nodes behind one address agree on every ETag."""
    assert _drawn(SAMPLE, **environment) == plainly_drawn


def test_neither_times_nor_order_of_files_change_a_byte(tmp_path, plainly_drawn):
    """A fresh clone serves what the old one served."""
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    random.Random(7).shuffle(files)
    for number, path in enumerate(files):
        copy = tmp_path / path.relative_to(SAMPLE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        os.utime(copy, (number * 1e6, number * 1e6))
    assert _drawn(tmp_path) == plainly_drawn


def test_what_was_drawn_before_changes_no_byte():
    """A section's articles and its lists have the section in common, and offer different feeds."""
    paths = sorted(sample_site())
    orders = (paths, paths[::-1], random.Random(1).sample(paths, len(paths)))
    first, *others = (_drawn_in(order) for order in orders)
    assert all(each == first for each in others)


def _drawn_in(order):
    site = sample_site()
    return {path: drawn if isinstance(drawn := site[path], Document) else drawn.document for path in order}
