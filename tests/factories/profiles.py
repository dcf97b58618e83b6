"""Claims, levels and the small files that prove them."""

import io
from datetime import date
from typing import Any

import pikepdf
from PIL import Image
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor, Grant, RoleName, ScopeKind
from app.core.files.models import StoredFile
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, ClaimEvidence, Competency, Employee
from skills.services.levels import record_level


def competency(session: Session, code: str = "PB-01", **changes: Any) -> Competency:
    """Return a competency of the dictionary, changed as wished."""
    found = session.query(Competency).filter_by(code=code).one()
    for name, value in changes.items():
        setattr(found, name, value)
    session.flush()
    return found


def actor_for(employee: Employee | None, role: str | None = None, **scope: Any) -> Actor:
    """Return an actor with one role beside being an employee."""
    grants = [Grant(RoleName.EMPLOYEE, ScopeKind.SELF)] if employee else []
    if role is not None:
        kind = ScopeKind(scope.pop("scope", "city"))
        grants.append(Grant(RoleName(role), kind, **scope))
    return Actor(
        account_id=None,
        employee_id=employee.id if employee else None,
        opd_id=employee.opd_id if employee else None,
        label=employee.name if employee else "Petugas",
        grants=tuple(grants),
    )


def make_claim(
    session: Session,
    employee: Employee,
    of: Competency,
    *,
    level: int = 3,
    state: ClaimState = ClaimState.SUBMITTED,
    file: bool = True,
    **fields: Any,
) -> Claim:
    """Add a claim in a state, with a file and, where it was sent, the level said."""
    moment = clock.now()
    claim = Claim(
        **{
            "employee_id": employee.id,
            "competency_id": of.id,
            "level": level,
            "state": state,
            "title": "Pelatihan Uji",
            "created_at": moment,
            "stage_since": moment,
            "submitted_at": None if state is ClaimState.DRAFT else moment,
            **fields,
        }
    )
    session.add(claim)
    session.flush()
    if file:
        stored = make_stored_file(session, employee)
        claim.evidence.append(ClaimEvidence(file_id=stored.id))
        session.flush()
    if state in (ClaimState.SUBMITTED, ClaimState.UNIT_ACCEPTED):
        make_level(session, employee, of, level, source=LevelSource.SELF, claim_id=claim.id)
    return claim


def make_stored_file(session: Session, employee: Employee, sha256: str | None = None) -> StoredFile:
    """Add the row of an evidence file; its bytes are nowhere."""
    number = session.query(StoredFile).count() + 1
    stored = StoredFile(
        name=f"bukti-{number}.pdf",
        media_type="application/pdf",
        size=1000,
        sha256=sha256 or f"{number:064x}",
        path=f"uji/{number}",
        purpose="evidence",
        owner_employee_id=employee.id,
        created_at=clock.now(),
    )
    session.add(stored)
    session.flush()
    return stored


def make_level(
    session: Session,
    employee: Employee,
    of: Competency,
    level: int,
    *,
    source: LevelSource = LevelSource.ASSESSOR,
    obtained_on: date | None = None,
    **fields: Any,
) -> None:
    """Add a row to the history and recompute."""
    record_level(
        session,
        employee_id=employee.id,
        competency_id=of.id,
        level=level,
        source=source,
        obtained_on=obtained_on or clock.today(),
        **fields,
    )


def pdf_with(lines: list[str]) -> bytes:
    """Return a PDF of one page that shows the lines from top to bottom."""
    document = pikepdf.new()
    shown = " T* ".join(f"({line}) Tj" for line in map(_escaped, lines))
    content = f"BT /F1 12 Tf 14 TL 50 780 Td {shown} ET".encode("cp1252")
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page = document.add_blank_page(page_size=(595, 842))
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = document.make_stream(content)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def png() -> bytes:
    """Return a small picture."""
    target = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(target, "PNG")
    return target.getvalue()
