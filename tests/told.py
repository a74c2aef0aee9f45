"""What tests have to tell at the end of a run, beside whether they passed: how much was tried."""

import pytest

TOLD = pytest.StashKey[list[str]]()


def tell(session: pytest.Session, line: str) -> None:
    """Have a line printed at the end, also where the tests run in several processes."""
    session.config.stash.setdefault(TOLD, []).append(line)
