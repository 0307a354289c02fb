"""One build at a time in one bucket: the object .feedsite/building.json names the build that has the lease.

A build takes the lease by a conditional write, so that of two builds one is refused before it has touched anything. It
renews the lease while it runs; the lease of a build that was killed ends after a while. Ages are measured by the
store's clock, whatever this machine's clock shows.
"""

import json
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from ..errors import FeedsiteError
from .objects import Bucket, Conflict, Headers, Stored

OWN = ".feedsite"
PRIVATE = Headers("application/json", "no-store")
_BUILDING = f"{OWN}/building.json"
_CLOCK = f"{OWN}/clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Seconds. A lease is renewed each `renewal` seconds, and ends `ends` seconds after the last renewal.

    A build that could not renew its lease for `grace` seconds begins no further request. `ends` is longer than `grace`
    and the longest request together: all that the former build sent has arrived by then.
    """

    renewal: float = 20
    grace: float = 60
    ends: float = 180


USUAL = Terms()


class Lease:
    """The right to write to a bucket, for as long as the context lasts."""

    def __init__(self, bucket: Bucket, terms: Terms = USUAL) -> None:
        self._bucket = bucket
        self._terms = terms
        self._build = secrets.token_hex(8)
        self._renewals = 0
        self._tag = ""
        self._renewed = 0.0
        self._is_lost = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def __enter__(self) -> Self:
        """Raises FeedsiteError where another build is writing, or the store cannot keep two builds apart."""
        former = self._bucket.get(_BUILDING)
        if former and self._is_running(former):
            raise self._refusal(former)
        try:
            self._put(former.tag if former else None)
        except Conflict:
            raise self._refusal(self._bucket.get(_BUILDING)) from None
        self._refuse_unconditional_store()
        self._bucket = self._bucket.quick  # a renewal that fails is tried again at the next one
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        with suppress(FeedsiteError):  # it ends by itself
            self._put(self._tag)

    def check(self) -> None:
        """Raises FeedsiteError where another build may have begun."""
        age = time.time() - self._renewed  # the monotonic clock stands still while a machine sleeps
        if self._is_lost or age > self._terms.grace:
            raise FeedsiteError(f"{self._bucket.address}: this build was interrupted, and another may write there now")

    def _renew(self) -> None:
        while not self._ended.wait(self._terms.renewal):
            try:
                self._put(self._tag)
            except Conflict:
                self._is_lost = True
                return
            except FeedsiteError:
                continue  # until `check` finds that it has been too long

    def _put(self, tag: str | None) -> None:
        began = time.time()
        self._renewals += 1
        state = {
            "build": self._build,
            "by": f"{socket.gethostname()}, process {os.getpid()}",
            "renewals": self._renewals,
            "ended": self._ended.is_set(),
        }
        self._tag = self._bucket.swap(_BUILDING, json.dumps(state).encode(), PRIVATE, tag)
        self._renewed = began

    def _is_running(self, lease: Stored) -> bool:
        if _state(lease).get("ended"):
            return False
        self._bucket.put(_CLOCK, b"", PRIVATE)
        clock = self._bucket.get(_CLOCK)
        return clock is None or clock.modified - lease.modified <= timedelta(seconds=self._terms.ends)

    def _refusal(self, lease: Stored | None) -> FeedsiteError:
        by = f" ({build})" if lease and (build := _state(lease).get("by")) else ""
        return FeedsiteError(
            f"another build is writing to {self._bucket.address}{by}; wait until it has ended, or, if it was killed, "
            f"for {self._terms.ends / 60:g} minutes"
        )

    def _refuse_unconditional_store(self) -> None:
        """A store that ignores If-None-Match would let two builds mix."""
        with suppress(Conflict):
            self._bucket.swap(_BUILDING, secrets.token_bytes(8), PRIVATE, None)
            raise FeedsiteError(
                f"{self._bucket.address}: the store ignores conditional writes (If-None-Match), which keep two builds "
                "apart; build into a folder, and upload that"
            )


def _state(lease: Stored) -> dict[str, object]:
    """What the build wrote into its lease; nothing where it is damaged."""
    try:
        state = json.loads(lease.body)
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}
