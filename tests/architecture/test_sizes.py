"""Budgets of size: what outgrows them is split by subject before it becomes an attic."""

import ast
from collections.abc import Iterable

from tests.architecture.source import ROOT, Module, modules, planted, templates

FILE_LINES = 400
FUNCTION_LINES = 60
VIEW_LINES = 40
TEMPLATE_LINES = 150
CONFTEST_LINES = 150
SOURCE = ("app", "skills", "matching", "courses", "config.py", "deploy", "bench", "scripts")


def long_files(found: Iterable[Module], limit: int = FILE_LINES) -> list[str]:
    """Return the files over the limit."""
    sizes = ((module.path, module.text.count("\n")) for module in found)
    return [f"{path}: {lines} lines" for path, lines in sizes if lines > limit]


def long_functions(found: Iterable[Module], limit: int = FUNCTION_LINES) -> list[str]:
    """Return the functions over the limit, decorators and docstring not counted."""
    return [
        f"{module.path}:{node.lineno} {node.name}: {length(node)} lines"
        for module in found
        for node in module.functions()
        if length(node) > limit
    ]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) and isinstance(first, ast.Expr):
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_no_file_is_too_long() -> None:
    assert long_files(modules(*SOURCE, "tests")) == []


def test_no_function_is_too_long() -> None:
    assert long_functions(modules(*SOURCE, "tests")) == []


def test_no_view_is_too_long() -> None:
    routes = [module for module in modules("app") if "routes" in module.path]

    assert long_functions(routes, VIEW_LINES) == []


def test_no_template_is_too_long() -> None:
    sizes = {path: path.read_text().count("\n") for path in templates()}

    assert [f"{p.relative_to(ROOT)}: {n}" for p, n in sizes.items() if n > TEMPLATE_LINES] == []


def test_conftest_stays_a_list_of_wiring() -> None:
    conftests = [module for module in modules("tests") if module.path.endswith("conftest.py")]

    assert long_files(conftests, CONFTEST_LINES) == []


def test_a_planted_long_file_and_function_are_caught() -> None:
    body = "\n".join(f"    x = {number}" for number in range(FUNCTION_LINES))
    module = planted(f"def long():\n{body}\n" + "# filler\n" * FILE_LINES)

    assert long_files([module])
    assert long_functions([module])
    assert long_functions([planted('def short():\n    """Say.\n\n    More.\n    """\n')]) == []
