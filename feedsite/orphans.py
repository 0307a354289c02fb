"""Child processes that end with their parent: when it is killed, they would work or wait on for ever."""

import os
import threading
import time


def end_with(parent: int) -> None:
    """Ends this process at once when its parent has ended, however it ended: this process may hold a port."""
    threading.Thread(target=_watch, args=(parent,), name="feedsite-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.05)
    os._exit(1)
