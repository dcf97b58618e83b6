"""The folder of files: random names, whole files only, nothing left of what is rolled back.

A file is complete on the disk before the row that names it is committed. A process killed between
the two leaves a file without a row; `app.core.files.services.remove_orphans` takes it away.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

_NEW = "new_files"


def new_path() -> str:
    """Return a random relative path; the first two signs spread files over folders."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Give a path for an unfinished file in the folder; what is left there at the end goes."""
    drafts = folder / "draft"
    drafts.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = drafts / secrets.token_hex(16)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def settle(session: Session, draft_path: Path, folder: Path, relative: str) -> None:
    """Move a finished draft to its place, safe against power loss; undone by a rollback."""
    target = folder / relative
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with draft_path.open("rb") as stream:
        os.fsync(stream.fileno())
    draft_path.chmod(0o600)
    draft_path.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    session.info.setdefault(_NEW, []).append(target)


@event.listens_for(Session, "after_rollback")
def _undo(session: Session) -> None:
    if not session.in_nested_transaction():
        for path in session.info.pop(_NEW, []):
            path.unlink(missing_ok=True)


@event.listens_for(Session, "after_commit")
def _keep(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_NEW, None)


def resolve(folder: Path, relative: str) -> Path:
    """Return the absolute path of a stored file.

    Raises:
        ValueError: the path leads out of the folder.
    """
    root = folder.resolve()
    path = (root / relative).resolve()
    if not path.is_relative_to(root) or path == root:
        raise ValueError("path leads out of the folder of files")
    return path


def stored_files(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield relative path and status of every file in the folder, drafts too."""
    for branch in sorted(folder.glob("*")):
        for path in sorted(branch.glob("*")) if branch.is_dir() else ():
            yield f"{branch.name}/{path.name}", path.stat()
