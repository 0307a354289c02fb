"""How many connections a preview holds, and whose gives way."""

import socket
from contextlib import suppress

import pytest

from feedsite.previewing.connections import MOST, MOST_WAITING, Connections

from .support.builders import entry_text
from .support.previews import served
from .support.waiting import until

ELSEWHERE, PHONE = "192.0.2.66", "192.0.2.7"
HERE = ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1")


class Connection:
    """Of a socket what counts here."""

    def __init__(self):
        self.is_ended = False

    def shutdown(self, how):
        assert how == socket.SHUT_RDWR
        self.is_ended = True


@pytest.fixture
def connections():
    return Connections()


def opened(connections, address, count):
    """So many connections from there, of which each was taken."""
    some = [Connection() for _ in range(count)]
    assert all(connections.take(one, address) for one in some)
    return some


def ended(some):
    return [number for number, one in enumerate(some) if one.is_ended]


def test_whoever_has_most_loses_the_oldest(connections):
    """And so hurts nobody else."""
    phone = opened(connections, PHONE, 6)
    many = opened(connections, ELSEWHERE, MOST - 6 + 20)
    own = [opened(connections, address, 1)[0] for address in HERE]
    assert ended(many) == list(range(20 + len(own)))
    assert ended(phone) == ended(own) == []


def test_none_of_this_machine_gives_way_to_the_network(connections):
    """However many there are; the network finds none free then."""
    own = opened(connections, "127.0.0.1", MOST)
    assert not connections.take(Connection(), ELSEWHERE)
    assert ended(own) == []
    opened(connections, "::1", 1)
    assert ended(own) == [0]


def test_threads_that_do_not_end_are_bounded_too(connections):
    """They end a moment later than their connections."""
    many = opened(connections, ELSEWHERE, 2 * MOST)
    assert not connections.take(Connection(), "127.0.0.1")
    for one in many[:MOST]:
        connections.drop(one)
    opened(connections, "127.0.0.1", 1)


def test_pages_that_wait_are_counted_for_each_machine(connections):
    """Whoever lets many wait keeps nobody else from following."""
    many, phone = opened(connections, ELSEWHERE, MOST_WAITING + 1), opened(connections, PHONE, 1)
    assert [connections.wait(one) for one in many] == [True] * MOST_WAITING + [False]
    assert connections.wait(phone[0])
    connections.drop(many[0])
    assert connections.wait(many[-1])


def test_a_preview_answers_however_many_are_silent(tmp_path):
    """More than there may be at once, and one that sends a head without end."""
    (tmp_path / "entries").mkdir()
    (tmp_path / "site.yaml").write_text("title: The Meridian\ndescription: World news.\n")
    (tmp_path / "entries" / "a.yaml").write_text(entry_text())
    with served(tmp_path) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(MOST + 40)]
        assert b"The Meridian" in answer(server, b"\r\n")
        with suppress(ConnectionError):
            assert answer(server, b"X: " + b"y" * 40_000) == b""
        until(lambda: len(server.connections._open) <= MOST)
        for one in silent:
            one.close()


def answer(server, rest):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n" + rest)
        pieces = []
        while piece := client.recv(65536):
            pieces.append(piece)
        return b"".join(pieces)
