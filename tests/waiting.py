"""Waiting for what takes a moment, as long as a slow machine may need and no longer."""

import time
from collections.abc import Callable


def comes_true(claim: Callable[[], object], seconds: float = 20) -> bool:
    """Tell whether a claim is true by then."""
    until = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
