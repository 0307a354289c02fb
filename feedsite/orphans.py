"""A process that outlives its parent, when that is killed, would work or wait on for ever."""

import os
import threading
import time


def end_with(parent: int) -> None:
    """Ends this process with its parent, however that ended: at once, for it may hold a port."""
    threading.Thread(target=_watch, args=(parent,), name="feedsite-parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.05)
    os._exit(1)
