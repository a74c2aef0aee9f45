"""`kg mcp` as an assistant meets it: a real session over its input and output, by the SDK's client."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, StdioServerParameters

from kg import resources
from server.assistants.ground import Grounds, Most
from server.assistants.service import service

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Assistant:
    """Calls tools, one after the other."""

    portal: BlockingPortal
    client: Client

    def result(self, tool: str, **arguments: Any) -> Any:
        return self.portal.call(self.client.call_tool, tool, arguments)

    def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """Return what a tool gives, as data."""
        found = self.result(tool, **arguments)
        assert not found.is_error, found.content[0].text
        return found.structured_content

    def told(self, tool: str, **arguments: Any) -> str:
        """Return what a tool gives, to be read."""
        found = self.result(tool, **arguments)
        assert not found.is_error, found.content[0].text
        return found.content[0].text

    def fault(self, tool: str, **arguments: Any) -> str:
        """Return what a tool says when it fails."""
        found = self.result(tool, **arguments)
        assert found.is_error
        assert found.structured_content is None
        return found.content[0].text


@contextmanager
def talking(*flags: str) -> Iterator[Assistant]:
    command = StdioServerParameters(command=sys.executable, args=["-m", "kg", "mcp", *flags], cwd=ROOT)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(command)) as client:
        yield Assistant(portal, client)


@contextmanager
def beside(grounds: Grounds) -> Iterator[Assistant]:
    """Talk to the tools in this process, where no query is asked that may end it."""
    try:
        server = service(grounds, resources.examples(), MOST)
        with start_blocking_portal() as portal, portal.wrap_async_context_manager(Client(server)) as client:
            yield Assistant(portal, client)
    finally:
        grounds.close()


MOST = Most(timeout=5, memory=200, rows=100, size=100_000)
LIMITS = ("--timeout=2", "--memory=100", "--rows=100", "--largest-answer=100000")


@pytest.fixture(scope="session")
def here(snapshots: Path) -> Iterator[Assistant]:
    """Over a snapshot."""
    with talking(f"--snapshots={snapshots}", *LIMITS) as assistant:
        yield assistant


@pytest.fixture(scope="session")
def there(live: str) -> Iterator[Assistant]:
    """Over a server."""
    with talking(f"--endpoint={live}", *LIMITS) as assistant:
        yield assistant


@pytest.fixture(params=["here", "there"])
def assistant(request: pytest.FixtureRequest) -> Assistant:
    """Each of both."""
    return request.getfixturevalue(request.param)
