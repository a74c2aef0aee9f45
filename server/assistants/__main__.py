"""``python -m server.assistants``: what `kg mcp` starts; standard input and output are the wire."""

from __future__ import annotations

import importlib.util
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from kg.faults import SnapshotFault
from server.assistants.options import Options, read_options
from server.errors import StartFault

if TYPE_CHECKING:
    from server.assistants.ground import Grounds, Most


def main() -> int:
    """Answer until the input ends, or a signal comes; return the exit code."""
    options = read_options(sys.argv[1:], os.environ)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _leave)
    try:
        _need_the_package()
        _serve(options)
    except (SnapshotFault, StartFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _need_the_package() -> None:
    if importlib.util.find_spec("mcp") is None:
        raise StartFault(
            "This needs mcp, which is not installed. Run `pip install mcp`, "
            "or install this package with its extra, city-economy-kg[mcp]."
        )


def _serve(options: Options) -> None:
    from server.assistants.ground import Most  # after the options: --help and wrong usage answer at once

    most = Most(options.timeout, options.memory, options.rows, options.largest_answer)
    grounds = _grounds(options, most)
    try:
        from kg import resources
        from server.assistants.service import (
            service,
        )  # after the snapshot: that there is none is told at once

        server = service(grounds, resources.examples(), most)
        if options.http:
            server.run("streamable-http", port=options.http)
        else:
            _end_on_signals(grounds)
            server.run("stdio")
    finally:
        grounds.close()


def _grounds(options: Options, most: Most) -> Grounds:
    if options.endpoint:
        from server.assistants.remote import OfAddress

        return OfAddress(options.endpoint, most)
    from server.assistants.ground import OfSnapshots

    return OfSnapshots(options.snapshots, most)


def _end_on_signals(grounds: Grounds) -> None:
    """End at once: a thread waits for the input, and nothing but more of it, or its end, would wake it."""

    def end(*_: object) -> None:
        grounds.close()
        os._exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _leave(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
