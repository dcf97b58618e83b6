"""Differences between a SIASN file and the platform, decided datum by datum.

The dry run of a staff import says what the file would change. Here each such difference becomes
an item: SIASN's value, the local value, the document that proves one of them, and a decision.
Accepting writes SIASN's value; keeping leaves ours; marking for correction also lists the datum
for SIASN.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, DomainError, InvalidInput, NotFound
from app.core.i18n import N_, Message
from skills.enums import ImportState
from skills.models import Employee, ImportBatch, ImportRow, ReconciliationItem
from skills.services.touch import touch_people

ACCEPT, KEEP, CORRECT = "accept", "keep", "correct"
# These lead to other rows, or close accounts and seats; they are taken over by the import alone.
_BY_IMPORT = frozenset(("opd", "unit", "position", "employment_state"))
DATES = frozenset(("birth_date", "golongan_since", "position_since", "service_start"))
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
    known = {
        (row.employee_id, row.field)
        for row in session.execute(
            select(ReconciliationItem.employee_id, ReconciliationItem.field).where(
                ReconciliationItem.batch_id == batch_id
            )
        )
    }
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


@dataclass(frozen=True)
class Decided:
    """What became of a decision on several items."""

    done: int
    refused: Sequence[tuple[ReconciliationItem, Message]]


def decide(
    session: Session,
    *,
    items: Sequence[ReconciliationItem],
    decision: str,
    actor: Actor,
    document: str = "",
    reason: str = "",
) -> Decided:
    """Decide on items; one that was decided or changed meanwhile is left out and named.

    Args:
        document: number and date of the paper that proves ours; needed to mark for correction.
        reason: why ours is kept; needed to keep.

    Raises:
        InvalidInput: nothing chosen, an unknown decision, or no document or reason where needed.
    """
    document, reason = document.strip()[:300], reason.strip()[:300]
    _check_form(items, decision, document, reason)
    refused = []
    for item in items:
        try:
            _decide_one(session, item, decision, document, reason, actor)
        except DomainError as error:
            refused.append((item, error.message))
    session.flush()
    turned_away = {item.id for item, _message in refused}
    accepted = {item.employee_id for item in items if item.id not in turned_away}
    if decision == ACCEPT and accepted:
        touch_people(session, employee_ids=sorted(accepted))
    return Decided(len(items) - len(refused), refused)


def _check_form(
    items: Sequence[ReconciliationItem], decision: str, document: str, reason: str
) -> None:
    if decision not in (ACCEPT, KEEP, CORRECT):
        raise InvalidInput(N_("Pilih terima, pertahankan, atau tandai untuk koreksi."))
    if not items:
        raise InvalidInput(N_("Centang paling sedikit satu perbedaan."))
    if decision == CORRECT and not document:
        raise InvalidInput(N_("Sebutkan dokumen yang membuktikan nilai lokal."), field="document")
    if decision == KEEP and not reason:
        raise InvalidInput(N_("Sebutkan alasan mempertahankan nilai lokal."), field="reason")


def find_items(session: Session, *, batch_id: int, ids: Iterable[int]) -> list[ReconciliationItem]:
    """Return items of one file by id."""
    return list(
        session.scalars(
            select(ReconciliationItem)
            .where(ReconciliationItem.batch_id == batch_id, ReconciliationItem.id.in_(list(ids)))
            .options(joinedload(ReconciliationItem.employee))
            .order_by(ReconciliationItem.id)
            .with_for_update(of=ReconciliationItem)
        )
    )


def progress(session: Session, *, batch_id: int) -> Progress:
    """Return how many items of a file are decided, and how."""
    return progress_of(session, batch_ids=[batch_id])[batch_id]


def progress_of(session: Session, *, batch_ids: Sequence[int]) -> dict[int, Progress]:
    """Return the progress of several files at once."""
    counts: dict[int, dict[str | None, int]] = {batch_id: {} for batch_id in batch_ids}
    rows = session.execute(
        select(ReconciliationItem.batch_id, ReconciliationItem.decision, func.count())
        .where(ReconciliationItem.batch_id.in_(batch_ids))
        .group_by(ReconciliationItem.batch_id, ReconciliationItem.decision)
    )
    for batch_id, decision, count in rows:
        counts[batch_id][decision] = count
    return {
        batch_id: Progress(
            sum(found.values()),
            found.get(None, 0),
            found.get(ACCEPT, 0),
            found.get(KEEP, 0),
            found.get(CORRECT, 0),
        )
        for batch_id, found in counts.items()
    }


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
    session: Session,
    item: ReconciliationItem,
    decision: str,
    document: str,
    reason: str,
    actor: Actor,
) -> None:
    if item.decision is not None:
        raise Conflict(N_("Data ini sudah diputuskan; muat ulang halaman."))
    if decision == ACCEPT:
        _take_over(item.employee, item)
    item.decision = decision
    item.document = document if decision != ACCEPT else ""
    item.reason = reason if decision == KEEP else ""
    item.decided_at, item.decided_by_id = clock.now(), actor.account_id
    item.decided_by_label = actor.label[:200]
    record(
        session,
        f"skills:reconciliation:{decision}",
        item,
        people=[item.employee_id],
        changes={item.field: (item.local_value, item.siasn_value)},
        document=item.document,
        reason=item.reason,
    )


def _take_over(employee: Employee, item: ReconciliationItem) -> None:
    if not can_accept(item.field):
        raise InvalidInput(
            N_("Perangkat daerah, unit, jabatan, dan status diterima lewat impor atau mutasi.")
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
    if field in DATES:
        return date.fromisoformat(text)
    return int(text) if field in _NUMBERS else text
