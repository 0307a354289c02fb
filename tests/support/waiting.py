"""Waiting for what another thread or process does."""

import time

import pytest

PATIENCE = 60.0  # seconds until a change must have been seen; a second is promised, a loaded machine may be slow


def until(claim, patience=PATIENCE):
    """Waits for a claim to become true."""
    end = time.monotonic() + patience
    while not claim():
        if time.monotonic() > end:
            pytest.fail("this did not become true in time")
        time.sleep(0.01)
