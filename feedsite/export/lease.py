"""One build at a time in one bucket, by an object that says who builds: .feedsite/building.json.

It is taken by a conditional write, so that of two builds one loses before it has touched anything. Who holds it renews
it; who is killed stops, and after a while loses it. Ages are told by the store's clock, whatever ours says.
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
from .objects import Bucket, Held, Lost, Told

OWN = ".feedsite"
PRIVATE = Told("application/json", "no-store")
_BUILDING = f"{OWN}/building.json"
_CLOCK = f"{OWN}/clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Seconds. A lease that is not renewed ends. Who could not renew it for `grace` begins no further request.

    `ends` is longer than `grace` and the longest request together: what the former holder sent has come by then.
    """

    renewal: float = 20
    grace: float = 60
    ends: float = 180


USUAL = Terms()


class Lease:
    """The right to write to a bucket, as long as the context lasts."""

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
        """Raises FeedsiteError where another build is writing, or the store keeps no two builds apart."""
        held = self._bucket.get(_BUILDING)
        if held and self._is_running(held):
            raise self._refusal(held)
        try:
            self._put(held.tag if held else None)
        except Lost:
            raise self._refusal(self._bucket.get(_BUILDING)) from None
        self._refuse_careless_store()
        self._bucket = self._bucket.hasty  # what fails is tried again at the next renewal
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
            except Lost:
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

    def _is_running(self, held: Held) -> bool:
        if _told(held).get("ended"):
            return False
        self._bucket.put(_CLOCK, b"", PRIVATE)
        clock = self._bucket.get(_CLOCK)
        return clock is None or clock.modified - held.modified <= timedelta(seconds=self._terms.ends)

    def _refusal(self, held: Held | None) -> FeedsiteError:
        by = f" ({told})" if held and (told := _told(held).get("by")) else ""
        return FeedsiteError(
            f"another build is writing to {self._bucket.address}{by}; wait until it has ended, or, if it was killed, "
            f"for {self._terms.ends / 60:g} minutes"
        )

    def _refuse_careless_store(self) -> None:
        """A store that ignores If-None-Match would let two builds mix."""
        with suppress(Lost):
            self._bucket.swap(_BUILDING, secrets.token_bytes(8), PRIVATE, None)
            raise FeedsiteError(
                f"{self._bucket.address}: the store ignores conditional writes (If-None-Match), which keep two builds "
                "apart; build into a folder, and upload that"
            )


def _told(held: Held) -> dict[str, object]:
    try:
        told = json.loads(held.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
