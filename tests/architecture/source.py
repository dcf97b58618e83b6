"""The tracked source as the architecture tests see it: files, syntax trees, functions."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "skills", "matching", "courses")


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, text and syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Syntax tree."""
        return _parse(self.path, self.text)

    @property
    def is_pure(self) -> bool:
        """Whether the file belongs to the rules that know no database, clock, file or network."""
        parts = self.path.split("/")
        return "engine" in parts[:-1] or parts[-1] in ("rules.py", "scoring.py")

    def imports(self) -> set[str]:
        """Return the absolute names of all imported modules, of functions too."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
        return found

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield all functions and methods."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def planted(text: str, path: str = "skills/planted.py") -> Module:
    """Return a module that is not on disk, for the positive control of a rule."""
    return Module(path, text)


@cache
def _parse(path: str, text: str) -> ast.Module:
    return ast.parse(text, filename=path)


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return what belongs to the source: tracked files and new ones that are not ignored."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = (ROOT / name for name in names.split("\0") if name)
    return tuple(path for path in sorted(paths) if path.is_file())


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python files of the folders, of all packages by default."""
    wanted = folders or (*PACKAGES, "config.py")
    found = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in wanted:
            found.append(Module(name, path.read_text()))
    return tuple(found)


@cache
def templates() -> tuple[Path, ...]:
    """Return all Jinja templates of pages, mails and printed papers."""
    return tuple(
        path
        for path in tracked_files()
        if path.suffix in (".html", ".txt", ".jinja", ".j2") and "templates" in path.parts
    )
