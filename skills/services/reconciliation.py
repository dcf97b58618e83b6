"""Differences between a SIASN file and the platform, decided datum by datum.

The dry run of a staff import says what the file would change. Here each such difference becomes
an item: SIASN's value, the local value, the document that proves one of them, and a decision.
Accepting writes SIASN's value; keeping leaves ours; marking for correction also lists the datum
for SIASN.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.i18n import N_
from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ImportRow, ReconciliationItem
from skills.services.touch import touch_people

ACCEPT, KEEP, CORRECT = "accept", "keep", "correct"
# These lead to other rows, or close accounts and seats; they are taken over by the import alone.
_BY_IMPORT = frozenset(("opd", "unit", "position", "employment_state"))
_DATES = frozenset(("birth_date", "golongan_since", "position_since", "service_start"))
_NUMBERS = frozenset(("graduation_year",))


@dataclass(frozen=True)
class Progress:
    """How far the decisions on a file are."""

    total: int
    open: int
    accepted: int
    kept: int
    corrected: int


def open_reconciliation(session: Session, *, batch_id: int) -> int:
    """Make an item of every difference that the dry run of a file found; done twice adds nothing.

    Returns:
        Number of items added.

    Raises:
        NotFound: no such file.
        Conflict: its dry run is not ready, or it was written already.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound
    if batch.state != ImportState.CHECKED:
        raise Conflict(N_("Berkas ini belum selesai diperiksa, atau sudah diterapkan."))
    known = set(
        session.execute(
            select(ReconciliationItem.employee_id, ReconciliationItem.field).where(
                ReconciliationItem.batch_id == batch_id
            )
        ).tuples()
    )
    rows = session.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.action == "update")
    )
    items = [
        item for row in rows for item in _items(row) if (item.employee_id, item.field) not in known
    ]
    session.add_all(items)
    session.flush()
    record(session, "skills:reconciliation:open", batch, items=len(items))
    return len(items)


def decide(
    session: Session,
    *,
    items: Sequence[ReconciliationItem],
    decision: str,
    document: str,
    actor: Actor,
) -> int:
    """Decide on items; a datum that changed since the dry run is refused, nothing is overwritten.

    Args:
        document: number and date of the paper that proves it; needed to mark for correction.

    Raises:
        InvalidInput: unknown decision, or a correction without its document.
        Conflict: already decided, or the local value is another one by now.
    """
    if decision not in (ACCEPT, KEEP, CORRECT):
        raise InvalidInput(N_("Pilih terima, pertahankan, atau tandai untuk koreksi."))
    if decision == CORRECT and not document.strip():
        raise InvalidInput(N_("Sebutkan dokumen yang membuktikan nilai lokal."), field="document")
    for item in items:
        _decide_one(session, item, decision, document.strip()[:300], actor)
    session.flush()
    accepted = sorted({item.employee_id for item in items}) if decision == ACCEPT else []
    if accepted:
        touch_people(session, employee_ids=accepted)
    return len(items)


def find_items(session: Session, *, batch_id: int, ids: Iterable[int]) -> list[ReconciliationItem]:
    """Return items of one file by id."""
    return list(
        session.scalars(
            select(ReconciliationItem)
            .where(ReconciliationItem.batch_id == batch_id, ReconciliationItem.id.in_(list(ids)))
            .options(joinedload(ReconciliationItem.employee))
            .order_by(ReconciliationItem.id)
        )
    )


def progress(session: Session, *, batch_id: int) -> Progress:
    """Return how many items of a file are decided, and how."""
    counts: Mapping[str | None, int] = dict(
        session.execute(
            select(ReconciliationItem.decision, func.count())
            .where(ReconciliationItem.batch_id == batch_id)
            .group_by(ReconciliationItem.decision)
        ).tuples()
    )
    return Progress(
        sum(counts.values()),
        counts.get(None, 0),
        counts.get(ACCEPT, 0),
        counts.get(KEEP, 0),
        counts.get(CORRECT, 0),
    )


def can_accept(field: str) -> bool:
    """Return whether a datum can be taken over here; places come with the import itself."""
    return field not in _BY_IMPORT


def _items(row: ImportRow) -> list[ReconciliationItem]:
    if row.employee_id is None:
        return []
    before, after = row.before or {}, row.after or {}
    return [
        ReconciliationItem(
            batch_id=row.batch_id,
            employee_id=row.employee_id,
            field=field,
            siasn_value=_text(value),
            local_value=_text(before.get(field)),
        )
        for field, value in after.items()
    ]


def _decide_one(
    session: Session, item: ReconciliationItem, decision: str, document: str, actor: Actor
) -> None:
    if item.decision is not None:
        raise Conflict(N_("Data ini sudah diputuskan; muat ulang halaman."))
    if decision == ACCEPT:
        _take_over(item.employee, item)
    item.decision, item.document = decision, document
    item.decided_at, item.decided_by_id = clock.now(), actor.account_id
    item.decided_by_label = actor.label[:200]
    record(
        session,
        f"skills:reconciliation:{decision}",
        item,
        people=[item.employee_id],
        changes={item.field: (item.local_value, item.siasn_value)},
        document=document,
    )


def _take_over(employee: Employee, item: ReconciliationItem) -> None:
    if not can_accept(item.field):
        raise InvalidInput(
            N_("Perangkat daerah, unit, jabatan, dan status diterima lewat penerapan impor.")
        )
    if _text(getattr(employee, item.field)) != item.local_value:
        raise Conflict(N_("Nilai lokal sudah berubah sejak berkas diperiksa; periksa ulang."))
    setattr(employee, item.field, _value(item.field, item.siasn_value))
    employee.updated_at = clock.now()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:300]


def _value(field: str, text: str | None) -> Any:
    if text is None:
        return None
    if field in _DATES:
        return date.fromisoformat(text)
    return int(text) if field in _NUMBERS else text
