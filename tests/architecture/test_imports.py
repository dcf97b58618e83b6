"""Import rules beside those of import-linter (pyproject.toml), which `make lint` checks."""

import ast
import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.architecture.source import PACKAGES, ROOT, Module, modules, planted


def import_graph(found: Iterable[Module]) -> dict[str, set[str]]:
    """Return which of our modules each one imports, imports inside functions included."""
    found = tuple(found)
    names = {_name(module.path) for module in found}
    graph: dict[str, set[str]] = {}
    for module in found:
        # `from a.b import c` means the module a.b.c where that is one, else a.b itself.
        imported = _runtime_imports(module) & names
        # The parent package alone is not meant where one of its modules was named.
        imported -= {n for n in imported if any(other.startswith(n + ".") for other in imported)}
        graph[_name(module.path)] = imported - {_name(module.path)}
    return graph


def _name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _runtime_imports(module: Module) -> set[str]:
    skipped: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(id(inner) for part in node.body for inner in ast.walk(part))
    found: set[str] = set()
    for node in ast.walk(module.tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that reach each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in graph.get(node, ()):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            group = stack[stack.index(node) :]
            del stack[stack.index(node) :]
            if len(group) > 1:
                found.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_no_modules_import_each_other_in_a_ring() -> None:
    assert cycles(import_graph(modules())) == []


def test_a_planted_ring_is_caught() -> None:
    ring = [
        planted("from skills import b", "skills/a.py"),
        planted("def f():\n    from skills.a import x", "skills/b.py"),
        planted("from skills.a import x", "skills/c.py"),
    ]

    assert cycles(import_graph(ring)) == [["skills.a", "skills.b"]]


def test_no_module_imports_the_factory() -> None:
    importers = {module.path for module in modules() if "app.factory" in module.imports()}

    assert importers <= {"app/__init__.py"}


@pytest.mark.parametrize("package", PACKAGES[1:])
def test_a_domain_package_loads_without_the_application(package: str) -> None:
    code = (
        f"import sys, {package}.models; "
        "sys.exit(any(name.startswith(('app.web', 'app.factory')) for name in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, timeout=60)

    assert done.returncode == 0
