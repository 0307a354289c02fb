"""Bodies that are read while they are sent: to the byte what was told, or visibly less, and never more than fit."""

import os
import shutil
import time

import pytest

from feedsite.document import File
from feedsite.folder import mediafiles
from feedsite.folder.filereader import SETTLED
from feedsite.serving.counts import cell
from feedsite.serving.streaming import MOST, PIECE, SHORT, Busy, Stream, Streams
from feedsite.serving.web import create_app

from .support.golden import SAMPLE

CONTENT = os.urandom(SHORT + 3 * PIECE + 7)


class Held:
    """An open file in memory. With `lasts` it is changed by somebody after so many reads."""

    def __init__(self, lasts=1000):
        self.lasts = lasts
        self.closed = 0

    def read(self, start, most):
        self.lasts -= 1
        if self.lasts < 0:
            raise OSError(116, "the file is being changed")
        return CONTENT[start : start + most]

    def close(self):
        self.closed += 1


def file_of(held):
    return File(len(CONTENT), "audio/mpeg", "digest", lambda: held)


def test_a_part_is_sent_in_pieces():
    """Its bytes, from its begin to its end; then the file is closed, once, and the number of bytes is told."""
    held, told = Held(), []
    stream = Streams().body(file_of(held).part(5, len(CONTENT) - 5))
    stream.at_end(told.append)
    pieces = list(stream)
    stream.close()
    assert b"".join(pieces) == CONTENT[5:-5]
    assert max(map(len, pieces)) == PIECE
    assert (held.closed, told) == (1, [len(CONTENT) - 10])


def test_a_short_part_is_read_at_once():
    """It needs no thread."""
    held = Held()
    assert Streams().body(file_of(held).part(5, 10)) == CONTENT[5:10]
    assert held.closed == 1


def test_a_file_that_is_changed_meanwhile_ends_early():
    """Bytes of the new one never follow those of the old one: what was told as the length is missed."""
    held = Held(lasts=2)
    assert len(b"".join(Streams().body(file_of(held).coded()))) == 2 * PIECE
    assert held.closed == 1


def test_so_many_at_once_and_no_more():
    """Whoever ends makes room, also one who never began to read."""
    streams = Streams(2)
    held = Held()
    one, _ = streams.body(file_of(held).coded()), streams.body(file_of(held).coded())
    with pytest.raises(Busy):
        streams.body(file_of(held).coded())
    one.close()
    one.close()
    assert isinstance(streams.body(file_of(held).coded()), Stream)
    with pytest.raises(Busy):
        streams.body(file_of(held).coded())


def test_what_cannot_be_opened_takes_no_room():
    """A file that is away by now."""

    def refused():
        raise OSError(116, "the file was changed just now")

    streams = Streams(1)
    with pytest.raises(OSError, match="changed just now"):
        streams.body(File(len(CONTENT), "audio/mpeg", "digest", refused).coded())
    assert isinstance(streams.body(file_of(Held()).coded()), Stream)


@pytest.fixture
def folder(tmp_path):
    """A site with a recording that is sent in pieces."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    (tmp_path / "site" / "audio").mkdir(exist_ok=True)
    (tmp_path / "site" / "audio" / "long.mp3").write_bytes(CONTENT)
    time.sleep(SETTLED / 1e9)
    return tmp_path / "site"


class TestAnswers:
    """Through the application, whatever server it runs in."""

    @pytest.fixture
    def ask(self, live):
        self.counts = [0] * 128
        app = create_app(live, counts=self.counts)

        def asking(method="GET", **headers):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return app.test_client().open("/audio/long.mp3", method=method, headers=named)

        return asking

    def test_all_ways_to_ask_for_it(self, ask):
        """Whole, head, not modified, a part by tag and by range, beyond its end."""
        whole = ask()
        tag = whole.headers["ETag"]
        assert (whole.status_code, whole.data == CONTENT) == (200, True)
        assert int(whole.headers["Content-Length"]) == len(CONTENT)
        head = ask("HEAD")
        assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(CONTENT)))
        assert (ask(If_None_Match=tag).status_code, ask(If_Match='"x"').status_code) == (304, 412)
        part = ask(Range="bytes=1-", If_Range=tag)
        assert (part.status_code, part.data == CONTENT[1:]) == (206, True)
        assert part.headers["Content-Range"] == f"bytes 1-{len(CONTENT) - 1}/{len(CONTENT)}"
        assert ask(Range="bytes=-3").data == CONTENT[-3:]
        assert ask(Range="bytes=0-0").data == CONTENT[:1]
        assert ask(Range="bytes=0-", If_Range='"x"').status_code == 200
        assert ask(Range=f"bytes={len(CONTENT)}-").status_code == 416

    def test_bytes_are_counted_when_they_are_sent(self, ask):
        """Those that were: a reader who goes after the first piece has had one."""
        answer = ask()
        place = cell("/audio/long.mp3", 200)
        assert self.counts[place : place + 2] == [1, 0]
        next(answer.iter_encoded())
        answer.close()
        assert self.counts[place : place + 2] == [1, PIECE]

    def test_more_than_fit_are_told_to_come_back(self, ask):
        """503 with Retry-After; heads and short parts are answered all the same."""
        held = [ask() for _ in range(MOST)]
        assert {answer.status_code for answer in held} == {200}
        answer = ask()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert answer.headers["Cache-Control"] == "no-store"
        assert (ask("HEAD").status_code, ask(Range="bytes=0-9").status_code) == (200, 206)
        held.pop().close()
        assert ask().status_code == 200

    def test_another_file_gets_another_tag(self, ask, folder):
        """At once, before it is taken in."""
        tag = ask("HEAD").headers["ETag"]
        (folder / "audio" / "long.mp3").write_bytes(CONTENT[::-1])
        answer = ask(If_None_Match=tag)
        assert (answer.status_code, answer.data == CONTENT[::-1]) == (200, True)
        assert answer.headers["ETag"] != tag


def test_what_is_held_in_memory_is_the_same_for_both():
    """A file that is read at once when it is asked for is never streamed."""
    assert mediafiles.LARGEST_IN_MEMORY <= SHORT
