"""What tests of the build rest on: data to spoil, an invented city, and the count of changed phrases."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kg import build, lexicon, resources, snapshot
from kg.coverage import Coverage, account
from kg.facts import FactFile, read_facts
from kg.faults import DataFault
from kg.grounding import ground
from kg.sources import Source, read_source
from kg.statements import Statement
from tests.told import tell

WORLD = Path(__file__).parent / "world"
REFUSED = pytest.StashKey[list[bool]]()


@pytest.fixture(scope="session")
def real_lexicon(folders: build.Folders) -> lexicon.Lexicon:
    return _lexicon(folders.ontology)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> build.Folders:
    """The inputs with another city, its two newspapers and their two articles added."""
    root = tmp_path_factory.mktemp("world")
    shutil.copytree(resources.ontology(), root / "ontology")
    shutil.copy(WORLD / "concepts.ttl", root / "ontology" / "concepts" / "world.ttl")
    for name in ("sources", "facts", "links", "reference"):
        shutil.copytree(resources.data() / name, root / "data" / name)
    for name in ("sources", "facts"):
        shutil.copytree(WORLD / name, root / "data" / name, dirs_exist_ok=True)
    return build.Folders(ontology=root / "ontology", data=root / "data")


@pytest.fixture(scope="session")
def world_lexicon(world: build.Folders) -> lexicon.Lexicon:
    return _lexicon(world.ontology)


@pytest.fixture(scope="session")
def world_snapshot(world: build.Folders, tmp_path_factory: pytest.TempPathFactory) -> snapshot.Snapshot:
    """The snapshot with the other city: its two newspapers agree on one figure and differ in another."""
    return build.build(world, tmp_path_factory.mktemp("root"))


def _lexicon(ontology: Path) -> lexicon.Lexicon:
    return lexicon.from_graph(build.parse([*ontology.glob("*.ttl"), *ontology.glob("concepts/*.ttl")]))


@pytest.fixture
def writable(tmp_path: Path, folders: build.Folders) -> build.Folders:
    """The real ontology and shapes, and a copy of the data that a test may spoil."""
    for name in ("sources", "facts", "links", "reference"):
        shutil.copytree(folders.data / name, tmp_path / "data" / name)
    return build.Folders(folders.ontology, folders.shapes, tmp_path / "data")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an author sits: an article of a few words on the invented city, and a fact file for it."""

    folder: Path
    lexicon: lexicon.Lexicon

    def state(self, text: str, facts: str) -> list[Statement]:
        source, file = self._article(text), self._facts(facts)
        return ground(file, source, self.lexicon)

    def account(self, text: str, facts: str) -> Coverage:
        source, file = self._article(text), self._facts(facts)
        return account(file, source, ground(file, source, self.lexicon))

    def faults(self, text: str, facts: str) -> str:
        with pytest.raises(DataFault) as fault:
            self.account(text, facts)
        return str(fault.value)

    def _facts(self, facts: str) -> FactFile:
        path = self.folder / "facts" / "article.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"source: article\ncity: Seaford\n{facts}", encoding="utf-8")
        return read_facts(path)

    def _article(self, text: str) -> Source:
        article = f"News of Seaford\n\nUpdated: {date(2022, 2, 10)}\n\n{text}"
        (self.folder / "article.txt").write_text(article, encoding="utf-8", newline="")
        path = self.folder / "article.yaml"
        digest = hashlib.sha256(article.encode()).hexdigest()
        path.write_text(
            f"title: News of Seaford\ndateline: 'Updated: 2022-02-10'\npublisher: Coast News\n"
            f"address: https://coast.example/1\nsha256: {digest}\n"
        )
        return read_source(path)


@pytest.fixture
def desk(tmp_path: Path, world_lexicon: lexicon.Lexicon) -> Desk:
    return Desk(tmp_path, world_lexicon)


@pytest.fixture
def spoil(writable: build.Folders) -> Callable[[str, str, str], str]:
    """Exchange words in a file of the data, and return what `kg check` says of it."""

    def exchange(name: str, old: str, new: str) -> str:
        path = writable.data / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataFault) as fault:
            build.assemble(writable)
        return str(fault.value).replace(f"{writable.data}/", "")

    return exchange


@pytest.fixture(scope="session")
def refusals(request: pytest.FixtureRequest) -> list[bool]:
    """Whether each changed fact file so far was refused."""
    return request.config.stash.setdefault(REFUSED, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    refused = session.config.stash.get(REFUSED, [])
    if refused:
        tell(session, f"phrase mutations: {sum(refused)} of {len(refused)} refused")
