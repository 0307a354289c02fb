"""Whatever bytes of the index are changed, and whenever: the site is served, edits arrive, and no error is logged.

A file system may lose a block, a disk may lie, a program may write where it should not. One change is not noticed: a
letter of an address that became another letter, for SQLite keeps no checksums. That article is then a 404.
"""

import logging
import random
import shutil

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as law
from hypothesis import strategies as st

from benchmarks import stories
from feedsite.folder import indexfile
from feedsite.serving.live import Live
from feedsite.serving.web import create_app

from .support.articles import article
from .support.golden import SAMPLE
from .support.laws import few
from .support.waiting import until

STORIES = 60
PAGE = 4096  # bytes
PAGES = [stories.path(number) for number in range(0, STORIES, 7)]
KINDS = ("garbage", "letters", "page", "values")
SILENT = ("letters", "page", "values")
DAMAGES = st.tuples(st.sampled_from(KINDS), st.integers(0, 2**32), st.sampled_from(["before", "meanwhile"]))


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A site that has everything that an index can hold, and a copy of its index."""
    site = tmp_path_factory.mktemp("damage") / "site"
    stories.write_site(site, STORIES)
    for name in ("entries", "images", "audio"):
        shutil.copytree(SAMPLE / name, site / name, dirs_exist_ok=True)
    live = Live(site, {})
    live.start()
    live.stop()
    copy = site.with_name("copy")
    shutil.copytree(indexfile.folder(site, {}), copy)
    return site, copy


def damage(file, kind, seed):
    chance = random.Random(seed)
    content = bytearray(file.read_bytes())
    size = len(content)
    if kind == "garbage":  # the head is sound, a third is not
        content[size // 3 : size // 3 * 2] = chance.randbytes(size // 3)
    elif kind == "letters":
        for _ in range(chance.randint(1, 200)):
            content[chance.randrange(100, size)] = chance.randrange(256)
    elif kind == "page":
        one, other = (chance.randrange(1, size // PAGE) * PAGE for _ in range(2))
        content[one : one + PAGE] = content[other : other + PAGE]
    else:
        for _ in range(3):
            place = chance.randrange(100, size - 50)
            content[place : place + 12] = chance.choice([b'{"x":[1,"\xff\xfe', bytes(12), b"\x01" * 12])
    with file.open("r+b") as opened:
        opened.write(content)


@law(few, suppress_health_check=list(HealthCheck))
@example(("letters", 60, "before"))
@example(("page", 26, "before"))
@given(DAMAGES)
def test_the_site_is_served_whatever_the_damage(sound, caplog, damaged):
    """The law: feeds, pages and the next edit, without one traceback."""
    kind, seed, when = damaged
    site, copy = sound
    place = indexfile.folder(site, {})
    shutil.rmtree(place)
    shutil.copytree(copy, place)
    if when == "before":
        damage(place / "index.sqlite", kind, seed)
    caplog.clear()
    live = Live(site, {})
    live.start()
    try:
        client = create_app(live).test_client()
        if when == "meanwhile":
            damage(place / "index.sqlite", kind, seed)
        for path in ("/", "/feed.rss", "/page/1/", *PAGES):
            answer = client.get(path)
            assert answer.status_code == 200 or (kind in SILENT and path in PAGES and answer.status_code == 404), path
        (site / "entries" / "new.yaml").write_text(article(f"Number {seed}"))
        until(lambda: f"Number {seed}".encode() in client.get("/2026/11/new/").data, patience=20)
    finally:
        live.stop()
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
