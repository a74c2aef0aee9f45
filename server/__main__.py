"""``python -m server``: open the snapshot, listen, and stop in order."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from kg.faults import SnapshotFault
from server.errors import StartFault
from server.settings import Settings, read_settings

if TYPE_CHECKING:
    from server.app import Server
    from server.operation.listener import Listener


def main() -> int:
    """Serve until SIGTERM or SIGINT; return the exit code."""
    settings = read_settings(sys.argv[1:], os.environ)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, _leave)
    try:
        _serve(settings)
    except (SnapshotFault, StartFault) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _serve(settings: Settings) -> None:
    from server.app import create_app  # after the settings, so that --help and wrong usage answer at once

    app = create_app(settings)
    try:
        listener = _listen(app, settings)
        sys.setswitchinterval(_TURN)
        collect_seldom()
        _stop_on_signals(listener, settings.grace)
        sys.stdout.write(_greeting(app, settings, listener))
        sys.stdout.flush()
        listener.run()
    finally:
        app.close()
    listener.close()


def collect_seldom() -> None:
    """Let Python look for cycles of garbage less often, and not in what stays for as long as the server runs.

    It took a tenth of the time of pages, and a full search stops everybody for a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


_NEW_OBJECTS = 10_000
"""From how many on it looks among them; Python's own is 700."""


def _listen(app: Server, settings: Settings) -> Listener:
    from server.operation.listener import Listener

    try:
        return Listener(
            app,
            app.watch,
            app.express,
            host=settings.host,
            port=settings.port,
            threads=2 * settings.workers + _FOR_PAGES,
            largest=2 * settings.largest_request,
            patience=settings.timeout,
        )
    except OSError as error:
        raise StartFault(_why_not(error, settings)) from error


_TURN = 0.001
"""Seconds after which a page that is being made lets a short query pass; Python itself waits five times."""
_FOR_PAGES = 4
"""Threads beyond those that queries may hold (at work and in line), so that pages always answer."""


def _stop_on_signals(listener: Listener, grace: float) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: listener.stop(grace))


def _why_not(error: OSError, settings: Settings) -> str:
    place = f"{settings.host}, port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"Port {settings.port} on {settings.host} is taken. Free it, or choose another with --port."
    if error.errno == errno.EACCES:
        return f"This user may not listen on {place}. Choose a port above 1023 with --port."
    return f"The server cannot listen on {place}: {error.strerror or error}. Check --host and --port."


def _greeting(app: Server, settings: Settings, listener: Listener) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    snapshot = app.catalog.snapshot
    return (
        f"City Economy Knowledge Graph: http://{host}:{listener.port}/ "
        f"(snapshot {snapshot.id}, {snapshot.manifest['quads']:,} quads). Ctrl-C stops it.\n"
    )


def _leave(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
