"""Addresses to listen on, and those at which a browser finds what listens there."""

import socket
from contextlib import suppress

from ..errors import FeedsiteError

EVERY = ("0.0.0.0", "::")  # noqa: S104  # compared, not bound
_ELSEWHERE = "192.0.2.1"  # an address for examples (RFC 5737); nothing is sent there


def reachable(host: str) -> str:
    """An address that a browser on this machine can open."""
    if host in EVERY:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def address(host: str, port: int) -> str:
    """The IP address of a host; of several an IPv4 address, which every client can reach.

    Raises FeedsiteError where it has none.
    """
    try:
        found = socket.getaddrinfo(host or "?", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        found.sort(key=lambda row: row[0] != socket.AF_INET)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no name of a machine"
        named = (host if host.isprintable() else ascii(host)) or "no host"
        raise FeedsiteError(f"feedsite cannot listen on {named}: {reason}; choose another --host") from None
    return str(found[0][4][0])


def in_network() -> str | None:
    """The address of this machine in its network, by which way the system would send; None where it has no network."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((_ELSEWHERE, 9))
        return str(probe.getsockname()[0])
    return None
