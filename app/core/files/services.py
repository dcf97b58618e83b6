"""Keep files: uploads of people after a check of their content, and files we make ourselves."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import after_commit
from app.core.files import checks, store
from app.core.files.errors import FileRefused
from app.core.files.models import StoredFile
from app.core.files.names import clean_name, promised_kind
from app.core.i18n import N_

_CHUNK = 1 << 20
_ORPHAN_AGE = timedelta(hours=6)  # longer than any transaction


def store_upload(
    session: Session,
    *,
    stream: BinaryIO,
    filename: str,
    purpose: str,
    allowed: frozenset[str],
    owner_employee_id: int | None,
    actor: Actor,
    max_mb: float,
) -> StoredFile:
    """Check an uploaded file and keep it.

    Args:
        stream: the bytes, read once.
        filename: as the browser sent it; kept as data.
        purpose: what it is for, e.g. `evidence`; packages grant reading by it.
        allowed: kinds among pdf, jpg, png, xlsx, csv.
        owner_employee_id: the person it speaks of.
        actor: who uploads.
        max_mb: largest size in megabytes (1,000,000 bytes).

    Raises:
        FileRefused: empty, too large, not what its name says, damaged, locked or harmful.
        SpreadsheetError: the same for workbooks and CSV files.
    """
    name = clean_name(filename)
    kind = promised_kind(name, allowed)
    with store.draft(_folder()) as draft:
        _copy(stream, draft, max_mb)
        checks.check(draft, kind)
        return _keep(
            session, draft, name, checks.MEDIA_TYPES[kind], purpose, owner_employee_id, actor
        )


def store_bytes(
    session: Session,
    *,
    content: bytes,
    filename: str,
    media_type: str,
    purpose: str,
    owner_employee_id: int | None,
    actor: Actor,
) -> StoredFile:
    """Keep a file that the application made itself (report, certificate); not checked."""
    with store.draft(_folder()) as draft:
        draft.write_bytes(content)
        return _keep(
            session, draft, clean_name(filename), media_type, purpose, owner_employee_id, actor
        )


def path_of(stored: StoredFile) -> Path:
    """Return where the bytes of a stored file lie."""
    return store.resolve(_folder(), stored.path)


def read_bytes(stored: StoredFile) -> bytes:
    """Return the bytes of a stored file."""
    return path_of(stored).read_bytes()


def find_file(session: Session, file_id: int) -> StoredFile | None:
    """Return a file that exists and was not removed."""
    stored = session.get(StoredFile, file_id)
    return stored if stored is not None and stored.deleted_at is None else None


def remove_file(session: Session, *, stored: StoredFile, actor: Actor) -> None:
    """Take a file away: its row stays with a date, its bytes go after the commit."""
    stored.deleted_at = clock.now()
    record(session, "files:file:remove", stored, actor=actor, people=_people(stored))
    session.flush()
    path = path_of(stored)
    after_commit(session, lambda: path.unlink(missing_ok=True))


def remove_orphans(session: Session, *, folder: Path | None = None) -> int:
    """Delete files without a row, left by killed processes some hours ago; return how many."""
    root = folder or _folder()
    limit = (clock.now() - _ORPHAN_AGE).timestamp()
    old = [name for name, status in store.stored_files(root) if status.st_mtime < limit]
    removed = 0
    for start in range(0, len(old), 500):
        names = old[start : start + 500]
        known = set(session.scalars(select(StoredFile.path).where(StoredFile.path.in_(names))))
        for name in names:
            if name not in known:
                store.resolve(root, name).unlink(missing_ok=True)
                removed += 1
    return removed


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].files_folder
    return folder


def _copy(stream: BinaryIO, draft: Path, max_mb: float) -> None:
    limit = int(max_mb * 1_000_000)
    written = 0
    with draft.open("wb") as target:
        while chunk := stream.read(_CHUNK):
            written += len(chunk)
            if written > limit:
                raise FileRefused(
                    N_("Berkas lebih besar dari %(limit)s MB. Perkecil lalu unggah lagi."),
                    limit=f"{max_mb:g}".replace(".", ","),
                )
            target.write(chunk)


def _keep(
    session: Session,
    draft: Path,
    name: str,
    media_type: str,
    purpose: str,
    owner_employee_id: int | None,
    actor: Actor,
) -> StoredFile:
    with draft.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    stored = StoredFile(
        name=name,
        media_type=media_type,
        size=draft.stat().st_size,
        sha256=digest,
        path=store.new_path(),
        purpose=purpose,
        owner_employee_id=owner_employee_id,
        created_by_id=actor.account_id,
        created_at=clock.now(),
    )
    store.settle(session, draft, _folder(), stored.path)
    session.add(stored)
    session.flush()
    record(
        session, "files:file:store", stored, actor=actor, people=_people(stored), purpose=purpose
    )
    return stored


def _people(stored: StoredFile) -> list[int]:
    return [stored.owner_employee_id] if stored.owner_employee_id is not None else []
