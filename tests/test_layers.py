"""The layers: what may import what, and what a serving process never loads."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path.relative_to(ROOT) for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py")
)
ONLY = {
    "flask": {
        "server/app.py",
        "server/distributions/routes.py",
        "server/machines/routes.py",
        "server/operation/routes.py",
        "server/sparql/routes.py",
        "server/pages/routes.py",
        "server/series/routes.py",
        "server/questions/page.py",
        "server/questions/routes.py",
        "server/reconciliation/routes.py",
        "server/reports/routes.py",
        "server/search/routes.py",
    },
    "mcp": {"server/assistants/service.py"},
    "mcp_types": {"server/assistants/service.py"},
    "pydantic": {"server/assistants/service.py"},
    "pandas": {"kg/client/table.py"},
    "polars": {"kg/client/table.py"},
    "pyshacl": {"kg/gate.py"},
    "SPARQLWrapper": {"kg/endpoint.py", "kg/linking/asking.py"},
}
MAY_TAKE_FROM_KG = {
    "kg.agreement",
    "kg.clauses",
    "kg.federated",
    "kg.distributions",
    "kg.figures",
    "kg.folding",
    "kg.jsonld",
    "kg.mistakes",
    "kg.names",
    "kg.outline",
    "kg.snapshot",
    "kg.questions",
    "kg.resources",
    "kg.faults.SnapshotFault",
}


def imports(path: Path) -> set[str]:
    """Every module that a file imports, and every name that it takes from one."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_module_imports_only_from_its_layer(path):
    for name in imports(path):
        top = name.partition(".")[0]
        assert not (path.parts[0] == "kg" and top == "server"), (
            f"the build knows nothing of the server: {name}"
        )
        assert not (path.parts[0] == "server" and top in {"rdflib", "pyshacl"}), (
            f"that is the build's: {name}"
        )
        assert top not in ONLY or path.as_posix() in ONLY[top], f"{name} has its own places"
        if path.parts[0] == "server" and top == "kg":
            assert any(name == allowed or name.startswith(f"{allowed}.") for allowed in MAY_TAKE_FROM_KG), (
                name
            )


def test_a_worker_loads_of_ours_only_what_reads_queries_writes_json_ld_and_stands_beside_it():
    code = (
        "import sys, server.sparql.worker; "
        "print(*sorted(name for name in sys.modules if name.split('.')[0] in {'kg', 'server', 'flask'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    shared = ("clauses", "federated", "jsonld", "mistakes", "names", "outline")
    beside = ("confine", "frames", "worker")
    assert done.stdout.split() == [
        "kg",
        *(f"kg.{name}" for name in shared),
        "server",
        "server.sparql",
        *(f"server.sparql.{name}" for name in beside),
    ]


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("server.app", {"rdflib", "pypinyin", "pyshacl", "yaml", "mcp", "pydantic"}),
        ("server.assistants.service", {"rdflib", "pypinyin", "pyshacl", "yaml", "flask"}),
    ],
)
def test_a_serving_process_never_loads_what_others_need(module, never):
    code = f"import sys, {module}; print({never} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "set()"
