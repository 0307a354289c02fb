"""What a worker does as soon as it is told to end, while it still answers whoever it was answering."""

import signal
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_calls: list[Callable[[], None]] = []


def first(call: Callable[[], None]) -> None:
    """Calls this before anything else ends. It runs within a signal handler: it must not wait, nor take a lock."""
    _calls.append(call)


def watch() -> None:
    """Puts this before the signal handlers that stand now."""
    for number in _SIGNALS:
        _put_before(number)


def _put_before(number: signal.Signals) -> None:
    former = signal.getsignal(number)

    def handle(got: int, frame: FrameType | None) -> None:
        for call in _calls:
            call()
        if callable(former):
            former(got, frame)

    signal.signal(number, handle)
