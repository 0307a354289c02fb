"""The connections that a preview holds: so many at once, and of those on this machine none gives way to the network.

When one more comes, an old one gives way. So whoever opens many ends his own, and everybody else is heard.
"""

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

MOST = 120  # with as many that are about to end fewer than the 256 files that macOS lets a process open
MOST_WAITING = 80  # pages of one machine that wait for a change
_OWN = "this machine"
_QUIET = 60  # seconds between two warnings
_log = logging.getLogger("feedsite")


@dataclass(slots=True)
class _Open:
    client: str
    is_waiting: bool = False
    is_ended: bool = False  # its thread is about to end


class Connections:
    """For any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[socket.socket, _Open] = {}  # the oldest first
        self._warned = float("-inf")

    def take(self, connection: socket.socket, address: str) -> bool:
        """Whether one more connection from that address can be held; an old one may be ended for it."""
        with self._lock:
            client = _client(address)
            if not self._has_room(client):
                return False
            self._open[connection] = _Open(client)
            return True

    def drop(self, connection: socket.socket) -> None:
        """After its thread has ended. Nothing happens to one that was not taken."""
        with self._lock:
            self._open.pop(connection, None)

    def wait(self, connection: socket.socket) -> bool:
        """Whether its page may wait for changes: its machine has not too many that do."""
        with self._lock:
            mine = self._open[connection]
            mine.is_waiting = sum(one.is_waiting for one in self._of(mine.client)) < MOST_WAITING
            return mine.is_waiting

    def _of(self, client: str) -> Iterable[_Open]:
        return (one for one in self._open.values() if one.client == client)

    def _has_room(self, client: str) -> bool:
        if len(self._open) >= 2 * MOST:  # threads are slower to end than clients to come
            return False
        held = {connection: one for connection, one in self._open.items() if not one.is_ended}
        if len(held) < MOST:
            return True
        elsewhere = Counter(one.client for one in held.values() if one.client != _OWN)
        if not elsewhere and client != _OWN:
            return False
        most = elsewhere.most_common(1)[0][0] if elsewhere else _OWN
        self._warn(most)
        self._end(next(connection for connection, one in held.items() if one.client == most))
        return True

    def _end(self, connection: socket.socket) -> None:
        self._open[connection].is_ended = True
        with suppress(OSError):  # it has just ended by itself
            connection.shutdown(socket.SHUT_RDWR)

    def _warn(self, client: str) -> None:
        if (now := time.monotonic()) - self._warned > _QUIET:
            self._warned = now
            _log.warning("More than %d connections: the oldest of %s end, and their pages ask again.", MOST, client)


def _client(address: str) -> str:
    ip = ip_address(address.partition("%")[0])
    ip = (isinstance(ip, IPv6Address) and ip.ipv4_mapped) or ip
    return _OWN if ip.is_loopback else str(ip)
