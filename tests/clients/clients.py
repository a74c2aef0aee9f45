"""The clients that are no Python packages: where they are, and what installs them."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
COMUNICA = HERE / "node_modules" / ".bin" / "comunica-sparql"
"""Version 4.5, the last that runs on Node 18 and 20.

Its own rdf-data-factory (1.x) loses the language tags of results: package.json overrides it with 2.x.
"""
JARS = Path("/usr/share/java")
"""Where Debian puts the jars of every Java package; of Jena it ships no scripts."""

IN_CI = os.environ.get("CI") == "true"


@dataclass(frozen=True)
class Client:
    name: str
    is_here: Callable[[], bool]
    install: str


CLIENTS = {
    client.name: client
    for client in (
        Client("curl", lambda: shutil.which("curl") is not None, "apt-get install curl"),
        Client("comunica", lambda: shutil.which("node") is not None and COMUNICA.exists(), "make clients"),
        Client(
            "jena",
            lambda: shutil.which("java") is not None and (JARS / "jena-cmds.jar").exists(),
            "apt-get install default-jre-headless libapache-jena-java",
        ),
    )
}
