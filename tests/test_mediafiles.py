"""Large pictures and recordings: told as a Document of the same bytes would be, and no byte of them is held."""

import os
import time

import pytest

from feedsite.document import Document, File
from feedsite.folder import mediafiles
from feedsite.folder.filereader import SETTLED
from feedsite.folder.library import Library

from .support.golden import NOW

SITE = "title: The Meridian\ndescription: World news, set plainly.\nbase_url: https://news.example\n"
LARGE = os.urandom(mediafiles.LARGEST_IN_MEMORY + 1)


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
    real = mediafiles.digest_of_pieces
    monkeypatch.setattr(mediafiles, "digest_of_pieces", lambda *told: counts.append(1) or real(*told))
    return counts


def test_a_large_file_has_the_digest_of_a_document(folder):
    """So that its ETag stays when a file grows over what is held in memory, and on machines of other versions."""
    media = media_of(read(folder))
    large, short = media["/audio/ep.mp3"].draw(), media["/audio/short.mp3"].draw()
    assert isinstance(large, File)
    assert (large.size, large.etag(), whole(large)) == (len(LARGE), Document(LARGE, "audio/mpeg").etag(), LARGE)
    assert short == Document(LARGE[:-1], "audio/mpeg")


def test_a_digest_is_taken_once(folder, monkeypatch):
    """When the file is taken in: not when it is asked for, and not at the next start."""
    counts = hashed(monkeypatch)
    library = Library(folder, {})
    library.read()
    assert len(counts) == 1
    for again in (library, Library(folder, {}, library.index)):
        again.read()
        media_of(again)["/audio/ep.mp3"].draw()
    assert len(counts) == 1


def test_a_file_that_was_saved_just_now_is_read_for_it_a_moment_later(folder, monkeypatch):
    """Within one tick of the clock it could change and look the same: till then the digest is of what stands there."""
    library = Library(folder, {})
    library.read()
    counts = hashed(monkeypatch)
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    assert library.update(["audio/ep.mp3"]).again == {"audio/ep.mp3"}
    assert library.index.medium("audio/ep.mp3")[2] == ""
    assert media_of(library)["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest
    time.sleep(SETTLED / 1e9)
    assert library.update(["audio/ep.mp3"]).again == set()
    counts.clear()
    assert media_of(library)["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest
    assert counts == []


def test_a_large_file_that_is_being_written_is_not_read_for_each_request(folder, monkeypatch):
    """It is not there for a moment: whoever asks in a loop would have the only thread read it again and again."""
    monkeypatch.setattr(mediafiles, "_QUICK", len(LARGE) - 1)
    media = media_of(read(folder))
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    counts = hashed(monkeypatch)
    with pytest.raises(OSError, match="the file is being changed"):
        media["/audio/ep.mp3"].draw()
    assert counts == []
    time.sleep(SETTLED / 1e9)
    assert media["/audio/ep.mp3"].draw().digest == Document(LARGE[::-1], "").digest


@pytest.mark.parametrize("keeps_time", [False, True])
def test_a_file_that_was_changed_since_has_its_own_digest(folder, monkeypatch, keeps_time):
    """Not that of what was taken in: not even where size and time of change are the same, as after rsync."""
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
    """No answer has the ETag of one and the bytes of the other."""
    drawn = media_of(read(folder))["/audio/ep.mp3"].draw()
    (folder / "audio" / "ep.mp3").write_bytes(LARGE[::-1])
    with pytest.raises(OSError, match="the file was changed just now"):
        whole(drawn)


def test_a_recording_that_may_not_be_read_is_not_looked_at_for_ever(folder, monkeypatch):
    """Nor while it changes all the time; whoever asks for it is told so."""
    library = Library(folder, {})

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(mediafiles, "opened", refused)
    assert library.read().again == set()
    with pytest.raises(PermissionError):
        media_of(library)["/audio/ep.mp3"].draw()


def test_a_drawing_that_is_large_and_text_is_packed(folder):
    """SVG of some hundred kB is held in memory, as pages are: codings make it a quarter."""
    (folder / "images").mkdir()
    (folder / "images" / "map.svg").write_bytes(b"<svg/>" * 60_000)
    assert media_of(read(folder))["/images/map.svg"].draw().codings
