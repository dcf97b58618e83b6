"""Small tables of this package as versioned reference data: a used version is never edited.

Each starts from its file in `matching/data`; an officer adds versions in the product.
"""

import csv
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from skills.models import ReferenceSet

Rows = Sequence[dict[str, Any]]


@lru_cache(maxsize=16)
def shipped_rows(code: str) -> tuple[dict[str, Any], ...]:
    """Return the rows of the file that ships with the package."""
    path = resources.files("matching").joinpath("data", f"{code}.csv")
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def versions(session: Session, code: str) -> Sequence[ReferenceSet]:
    """Return all versions of a table, the newest first."""
    return session.scalars(
        select(ReferenceSet).where(ReferenceSet.code == code).order_by(ReferenceSet.version.desc())
    ).all()


def rows_in_force(session: Session, code: str) -> Rows:
    """Return the newest version in force, or what ships where nothing was loaded."""
    row = session.scalar(
        select(ReferenceSet)
        .where(ReferenceSet.code == code, ReferenceSet.state == "in_force")
        .order_by(ReferenceSet.version.desc())
        .limit(1)
    )
    if row is None:
        return shipped_rows(code)
    return [dict(item) for item in row.rows]


def rows_at(session: Session, code: str, moment: datetime) -> Rows:
    """Return the rows that were in force at a moment; what is older than all has the oldest."""
    known = [row for row in versions(session, code) if row.state != "prepared"]
    if not known:
        return shipped_rows(code)
    row = next((row for row in known if row.created_at <= moment), known[-1])
    return [dict(item) for item in row.rows]


def values_of(session: Session, code: str, *, at: datetime | None = None) -> dict[str, float]:
    """Return a table of numbers by code; what its version does not say yet is as shipped."""
    rows = rows_in_force(session, code) if at is None else rows_at(session, code, at)
    return {
        row["code"]: float(row["value"]) for table in (shipped_rows(code), rows) for row in table
    }


def add_version(
    session: Session,
    code: str,
    rows: Rows,
    *,
    name: str,
    source: str,
    reason: str = "",
    changed_by: str = "",
) -> ReferenceSet:
    """Add a version and put it in force; the older ones stay as they were."""
    known = versions(session, code)
    for older in known:
        older.state = "retired"
    confidences = {str(row.get("confidence", "local_draft")) for row in rows}
    fresh = ReferenceSet(
        code=code,
        version=known[0].version + 1 if known else 1,
        name=name[:200],
        rows=list(rows),
        checksum=checksum_of(rows),
        source=source,
        confidence=confidences.pop() if len(confidences) == 1 else "mixed",
        created_at=clock.now(),
        valid_from=clock.today(),
        reason=reason,
        changed_by=changed_by[:200],
    )
    session.add(fresh)
    session.flush()
    return fresh


def load_shipped(session: Session, code: str, *, name: str) -> int:
    """Load the shipped rows as the first version; return how many versions were added."""
    if session.scalar(select(ReferenceSet.id).where(ReferenceSet.code == code).limit(1)):
        return 0
    add_version(session, code, shipped_rows(code), name=name, source="draf lokal")
    return 1


def checksum_of(rows: Rows) -> str:
    """Return the SHA-256 of rows."""
    return hashlib.sha256(json.dumps(list(rows), sort_keys=True).encode()).hexdigest()
