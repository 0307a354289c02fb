"""Large pictures and recordings are served as a Document of the same bytes would be, without their bytes in memory."""

import os
import time

import pytest

from feedsite.document import Document, File
from feedsite.folder import published
from feedsite.folder.filereader import SETTLED
from feedsite.folder.library import Library
from feedsite.index import mediarows

from .support.golden import NOW

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
LARGE = os.urandom(published.LARGEST_IN_MEMORY + 1)


@pytest.fixture
def folder(tmp_path):
    for name in ("entries", "audio"):
        (tmp_path / name).mkdir()
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "audio" / "ep.mp3").write_bytes(LARGE)
    (tmp_path / "audio" / "short.mp3").write_bytes(LARGE[:-1])
    time.sleep(SETTLED / 1e9)  # else each may change again within the same tick of the clock
    return tmp_path


def read(folder):
    library = Library(folder, {})
    library.read()
    return library


def media_of(library):
    return library.contents(NOW).media


def whole(file):
    return b"".join(file.pieces())


def hashed(monkeypatch):
    """How many files are read for their digest from now on."""
    counts = []
    real = published.digest_of_pieces
    monkeypatch.setattr(published, "digest_of_pieces", lambda *values: counts.append(1) or real(*values))
    return counts


def test_a_large_file_has_the_digest_of_a_document(folder):
    """Its ETag stays when it grows beyond what is kept in memory."""
    media = media_of(read(folder))
    large, short = media["/audio/ep.mp3"].draw(), media["/audio/short.mp3"].draw()
    assert isinstance(large, File)
    assert (large.size, large.etag(), whole(large)) == (len(LARGE), Document(LARGE, "audio/mpeg").etag(), LARGE)
    assert short == Document(LARGE[:-1], "audio/mpeg")


def test_a_digest_is_taken_once(folder, monkeypatch):
    """At the scan, and neither when the file is asked for nor at the next start."""
    counts = hashed(monkeypatch)
    library = Library(folder, {})
    library.read()
    assert len(counts) == 1
    for again in (library, Library(folder, {}, library.index)):
        again.read()
        media_of(again)["/audio/ep.mp3"].draw()
    assert len(counts) == 1


def test_the_digest_of_a_young_file_is_taken_a_moment_later(folder, monkeypatch):
    """It could change and keep its signature; till then each request takes the digest of what it reads."""
    library = Library(folder, {})
    library.read()
    counts = hashed(monkeypatch)
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    assert library.update(["audio/ep.mp3"]).again == {"audio/ep.mp3"}
    assert mediarows.medium(library.index, "audio/ep.mp3").digest == ""
    assert media_of(library)["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest
    time.sleep(SETTLED / 1e9)
    assert library.update(["audio/ep.mp3"]).again == set()
    counts.clear()
    assert media_of(library)["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest
    assert counts == []


def test_a_large_file_that_is_being_written_is_not_read_for_each_request(folder, monkeypatch):
    """It is refused for a moment: requests in a loop would keep the only thread busy with it."""
    monkeypatch.setattr(published, "_QUICK", len(LARGE) - 1)
    media = media_of(read(folder))
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    counts = hashed(monkeypatch)
    with pytest.raises(OSError, match="the file is being changed"):
        media["/audio/ep.mp3"].draw()
    assert counts == []
    time.sleep(SETTLED / 1e9)
    assert media["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest


@pytest.mark.parametrize("keeps_time", [False, True])
def test_a_file_that_was_changed_since_the_scan_has_its_own_digest(folder, monkeypatch, keeps_time):
    """Even where its size and time of change are the same, as after rsync."""
    media = media_of(read(folder))
    before = (folder / "audio" / "ep.mp3").stat()
    (folder / "audio" / "new").write_bytes(LARGE[::-1])
    if keeps_time:
        os.utime(folder / "audio" / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    time.sleep(SETTLED / 1e9)
    (folder / "audio" / "new").rename(folder / "audio" / "ep.mp3")
    drawn = media["/audio/ep.mp3"].draw()
    assert (drawn.digest, whole(drawn)) == (Document(LARGE[::-1], "").digest, LARGE[::-1])
    time.sleep(SETTLED / 1e9)
    media["/audio/ep.mp3"].draw()
    counts = hashed(monkeypatch)
    assert media["/audio/ep.mp3"].draw() == drawn
    assert counts == []  # remembered


def test_a_file_that_is_swapped_between_digest_and_reading_is_not_read(folder):
    """No answer has the ETag of one file and the bytes of another."""
    drawn = media_of(read(folder))["/audio/ep.mp3"].draw()
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    with pytest.raises(OSError, match="the file was changed just now"):
        whole(drawn)


def test_a_recording_that_may_not_be_read_is_not_scanned_for_ever(folder, monkeypatch):
    """A request for it is refused."""
    library = Library(folder, {})

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(published, "opened", refused)
    assert library.read().again == set()
    with pytest.raises(PermissionError):
        media_of(library)["/audio/ep.mp3"].draw()


def test_a_large_picture_that_is_text_has_codings(folder):
    """An SVG of some hundred kB is kept in memory, as pages are: codings make it a quarter."""
    (folder / "images").mkdir()
    (folder / "images" / "map.svg").write_bytes(b"<svg/>" * 60_000)
    assert media_of(read(folder))["/images/map.svg"].draw().codings
