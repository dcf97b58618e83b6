"""Every promise names the tests that keep it, and every such test is there."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT

PROMISES = ROOT / "docs/janji.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each promise with the (file, name) of its tests."""
    for line in PROMISES.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 2 and cells[1] not in ("Test", "---"):
            yield cells[0], _NAMED.findall(cells[1])


def names_in(path: str) -> set[str]:
    """Return the names of the tests of a file, or nothing if it is not there."""
    file = ROOT / path
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_promise_names_a_test_that_exists() -> None:
    promises = dict(rows())
    known = {path: names_in(path) for named in promises.values() for path, _ in named}

    assert len(promises) > 40
    assert [promise for promise, named in promises.items() if not named] == []
    missing = [
        f"{path}::{name}"
        for named in promises.values()
        for path, name in named
        if name not in known[path]
    ]
    assert missing == []


@pytest.mark.parametrize("path", ["tests/no_such_file.py", "tests/architecture/test_promises.py"])
def test_a_test_that_is_gone_would_be_noticed(path: str) -> None:
    assert "test_that_nobody_wrote" not in names_in(path)
