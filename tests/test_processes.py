"""Work on many items by several processes (processes.py)."""

import os
import signal
import struct
import sys
import threading
from functools import partial

import pytest

from feedsite.processes import Ended, Pool, can_fork


def repeated(times):
    return partial(_repeat, times)


def _repeat(times, item):
    return item * times


def failing():
    return _fail


def _fail(item):
    raise ValueError(item)


def killing():
    return _kill


def _kill(_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_results_come_in_the_order_of_the_items(count):
    """However many processes do the work, the last chunk being smaller than the others."""
    with Pool(count, partial(repeated, 2), chunk=7) as pool:
        assert list(pool.each(range(100))) == [2 * number for number in range(100)]


def test_large_items_and_large_results_at_once_hang_nobody():
    """What waits to be sent in either direction is larger than any pipe."""
    items = [bytes([number]) * 300_000 for number in range(60)]
    with Pool(2, partial(repeated, 1), chunk=16) as pool:
        assert list(pool.each(items)) == items


def test_what_the_work_raises_is_raised_here():
    """The context ends all the same."""
    with Pool(2, failing, chunk=1) as pool, pytest.raises(ValueError, match="7"):
        list(pool.each([7]))


def late():
    return _be_late


def _be_late(item):
    raise TimeoutError(item)


def test_a_time_out_of_the_work_is_raised_as_any_other_error():
    """It is not taken for a result that has not come yet."""
    with Pool(2, late, chunk=1) as pool, pytest.raises(TimeoutError, match="7"):
        list(pool.each([7]))


def test_a_process_that_is_killed_is_named_an_end():
    """For want of memory perhaps: the caller may do the rest itself."""
    with Pool(2, killing, chunk=1) as pool, pytest.raises(Ended):
        list(pool.each(range(10)))


def ending_in_the_middle():
    return _end_in_the_middle


def _end_in_the_middle(item):
    """Begins to send a result of 1,000 bytes, as concurrent.futures does, and ends after the tenth."""
    if item == 3:
        frame = sys._getframe()
        while "result_queue" not in frame.f_locals:
            frame = frame.f_back
        queue = frame.f_locals["result_queue"]
        queue._wlock.acquire()
        os.write(queue._writer.fileno(), struct.pack("!i", 1000) + bytes(10))
        os._exit(1)
    return item


def test_a_process_that_is_killed_while_it_sends_hangs_nobody():
    """Part of a result has come, and the killed process held the lock by which the others send theirs."""
    with Pool(2, ending_in_the_middle, chunk=1) as pool, pytest.raises(Ended):
        list(pool.each(range(10)))


def test_nothing_is_forked_beside_another_thread():
    """A fork would copy the locks that the thread holds, and nobody would release the copies."""
    ended = threading.Event()
    beside = threading.Thread(target=ended.wait)
    beside.start()
    try:
        assert not can_fork()
        with Pool(2, partial(repeated, 2), chunk=5) as pool:
            assert list(pool.each(range(20))) == [2 * number for number in range(20)]
    finally:
        ended.set()
        beside.join()
