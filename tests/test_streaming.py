"""Bodies that are sent piece by piece: to the byte what was told, or visibly less, and never more than fit."""

import os
import shutil
import time

import pytest

from feedsite.document import File
from feedsite.folder.filereader import SETTLED
from feedsite.serving import answers
from feedsite.serving.counts import cell
from feedsite.serving.streaming import LONG, MOST, MOST_LONG, PIECE, SHORT, Busy, Stream, Streams
from feedsite.serving.web import create_app

from .support.articles import article
from .support.golden import SAMPLE

CONTENT = os.urandom(LONG + 3 * PIECE + 7)


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


def test_a_long_body_in_memory_is_sent_in_pieces():
    """The server copies what it is handed, once for each client that does not read."""
    body = CONTENT[: SHORT + 1]
    told, stream = [], Streams().body(body)
    stream.at_end(told.append)
    pieces = list(stream)
    assert (b"".join(pieces), told) == (body, [len(body)])
    assert max(map(len, pieces)) == PIECE
    assert Streams().body(body[1:]) == body[1:]


def test_long_parts_of_files_take_no_place_from_others():
    """Whoever is slow to fetch recordings holds up no page, no picture and no short part; nor the other way round."""
    streams = Streams(most=1, most_long=1)
    held = [streams.body(file_of(Held()).part(0, LONG + 1))]
    held.append(streams.body(CONTENT))
    for body in (CONTENT, file_of(Held()).part(0, LONG), file_of(Held()).part(0, LONG + 1)):
        with pytest.raises(Busy):
            streams.body(body)
    held[1].close()
    held[1] = streams.body(file_of(Held()).part(0, LONG))
    with pytest.raises(Busy):
        streams.body(CONTENT)
    held[1].close()
    assert isinstance(streams.body(CONTENT), Stream)
    assert streams.body(CONTENT[:SHORT]) == CONTENT[:SHORT]


def test_a_file_that_is_changed_meanwhile_ends_early():
    """Bytes of the new one never follow those of the old one: what was told as the length is missed."""
    held = Held(lasts=2)
    assert len(b"".join(Streams().body(file_of(held).coded()))) == 2 * PIECE
    assert held.closed == 1


def test_so_many_at_once_and_no_more():
    """Whoever ends makes room, also one who never began to read."""
    streams = Streams(most_long=2)
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

    streams = Streams(most_long=1)
    with pytest.raises(OSError, match="changed just now"):
        streams.body(File(len(CONTENT), "audio/mpeg", "digest", refused).coded())
    assert isinstance(streams.body(file_of(Held()).coded()), Stream)


@pytest.fixture
def folder(tmp_path):
    """A site with a recording and an article that are sent in pieces."""
    shutil.copytree(SAMPLE, tmp_path / "site", ignore=shutil.ignore_patterns(".feedsite"))
    (tmp_path / "site" / "audio").mkdir(exist_ok=True)
    (tmp_path / "site" / "audio" / "long.mp3").write_bytes(CONTENT)
    (tmp_path / "site" / "entries" / "long.yaml").write_text(
        article(published="2021-01-01T00:00:00Z", body="word " * SHORT)
    )
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
        held = [ask() for _ in range(MOST_LONG)]
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


class TestLongPages:
    """What is in memory, through the application and the cache of answers."""

    @pytest.fixture
    def ask(self, live):
        self.counts = [0] * 128
        streams = Streams()
        app = create_app(live, counts=self.counts, streams=streams)
        app.wsgi_app = answers.wrap(app.wsgi_app, lambda: live.served.answers, live.clock, self.counts, streams)
        return lambda method="GET": app.test_client().open("/2021/01/long/", method=method)

    def test_it_is_sent_in_pieces_whether_it_was_asked_for_before_or_not(self, ask):
        """Its bytes are counted when they are sent."""
        bodies = [b"".join(ask().iter_encoded()) for _ in range(3)]
        assert len(bodies[0]) > SHORT
        assert bodies == bodies[:1] * 3
        place = cell("/2021/01/long/", 200)
        assert self.counts[place : place + 2] == [3, 3 * len(bodies[0])]
        answer = ask()
        next(answer.iter_encoded())
        answer.close()
        assert self.counts[place : place + 2] == [4, 3 * len(bodies[0]) + PIECE]

    def test_more_than_fit_are_told_to_come_back(self, ask):
        """503, which is counted as one; a head is answered all the same."""
        held = [ask() for _ in range(MOST)]
        assert {answer.status_code for answer in held} == {200}
        answer = ask()
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
        assert self.counts[cell("/2021/01/long/", 503)] == 1
        assert ask("HEAD").status_code == 200
        held.pop().close()
        assert ask().status_code == 200
