"""What a worker does as soon as a signal ends it, while it still answers the requests that it has."""

import signal
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_calls: list[Callable[[], None]] = []


def call_first(call: Callable[[], None]) -> None:
    """Calls this before anything else ends. It runs in a signal handler, so it must not wait or take a lock."""
    _calls.append(call)


def handle_signals() -> None:
    """Makes the calls run before the signal handlers that are set now."""
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
