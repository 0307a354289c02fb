"""What feedsite takes of a server that it asks: so much, in so long."""

import gzip
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from feedsite.notifying.client import Client, RetryPolicy, Unreached

MOST = 1024 * 1024


@contextmanager
def server(*pieces, is_endless=False):
    """The address of a server that answers one request with these bytes, the last of them without end if so wanted."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
                while is_endless:
                    connection.sendall(pieces[-1])

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/feed.json"
        thread.join()


def get(address, body=60.0, most=MOST):
    with Client(RetryPolicy(body=body, retries=0)) as client:
        return client.get(address, most)[1]


def test_a_body_is_taken_as_far_as_it_may_be_long():
    with server(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000) as address:
        assert get(address) == b"x" * 1000
    with server(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000, is_endless=True) as address:
        assert get(address, most=5000) == b"x" * 5000


def test_a_body_without_end_is_given_up():
    with (
        server(b"HTTP/1.1 200 OK\r\n\r\n", b"x", is_endless=True) as address,
        pytest.raises(Unreached, match="did not send all of it within"),
    ):
        get(address, body=0.05, most=1 << 50)


def test_what_is_compressed_is_not_unpacked():
    bomb = gzip.compress(bytes(10 * MOST))
    with (
        server(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", bomb) as address,
        pytest.raises(Unreached, match="sends it compressed"),
    ):
        get(address)
