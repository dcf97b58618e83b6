"""The passes over a file of reference data or levels: dry run, write, undo; one transaction each.

A file is written as a whole or not at all; every row is worked out anew at the write and left out
where it differs from what the dry run showed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from skills.enums import ImportKind, ImportState
from skills.models import ImportBatch, ImportRow
from skills.services.import_files import (
    keep_copy,
    mapping_json,
    mapping_of,
    opened_upload,
    rows_of,
)
from skills.services.import_kinds import ImportPasses, register_passes
from skills.services.import_plan import Action, Plan
from skills.services.import_run import Run, compare, failing, insert_shown, shown_rows
from skills.services.import_undo import UndoPreview
from skills.sheets.cells import SheetRow, sheet_rows
from skills.sheets.columns import find_columns
from skills.siasn.mapping import ColumnState

MAX_ROWS = 50_000
URL = "/acuan/impor/%(id)s"
CHANGED = N_(
    "Data ini berubah sejak uji coba, jadi baris ini tidak diterapkan. Periksa lalu impor ulang."
)
EDITED = N_("Sudah diubah lagi setelah impor.")


class SheetKind(Protocol):
    """What the rows of a kind of file mean."""

    key: str

    def plan(self, session: Session, rows: Sequence[SheetRow], actor: Actor) -> list[Plan]:
        """Return what each row would do."""

    def write(
        self, session: Session, plans: Sequence[Plan], batch: ImportBatch
    ) -> dict[int, dict[str, Any]]:
        """Write the plans that change something; return by row number what undoes it."""

    def refusal(self, session: Session, row: ImportRow) -> Message | None:
        """Return why a written row cannot be taken back, or None."""

    def take_back(self, session: Session, rows: Sequence[ImportRow]) -> None:
        """Take written rows back."""


@dataclass
class _Counts:
    values: dict[str, int] = field(
        default_factory=lambda: {action.value: 0 for action in Action} | {"flagged": 0}
    )

    def add(self, plans: Sequence[Plan]) -> None:
        for plan in plans:
            self.values[plan.action.value] += 1
            self.values["flagged"] += bool(plan.problems) and plan.action is not Action.ERROR


_kinds: dict[str, SheetKind] = {}


def register_sheet(kind: ImportKind, sheet: SheetKind, title: str) -> None:
    """Let files of a kind be imported."""
    _kinds[kind.value] = sheet
    passes = ImportPasses(check_sheet, apply_sheet, undo_sheet, title, URL)
    register_passes(kind.value, passes)


def start_sheet(session: Session, path: Path, *, name: str, kind: str, actor: Actor) -> ImportBatch:
    """Read an uploaded file and keep its copy as a new batch, ready for the dry run.

    Raises:
        SpreadsheetError: it cannot be read. InvalidInput: a needed column is missing, or it has
            more rows than one transaction should hold.
    """

    def remembered(_signature: str) -> None:
        return None

    with opened_upload(
        path, name=name, remembered=remembered, guess=lambda head: find_columns(kind, head)
    ) as upload:
        if upload.rows > MAX_ROWS:
            text = N_("Berkas memuat %(rows)s baris; pecah menjadi paling banyak %(limit)s baris.")
            raise InvalidInput(Message(text, {"rows": upload.rows, "limit": MAX_ROWS}))
        unread = [c.header for c in upload.mapping.in_state(ColumnState.UNKNOWN)]
        batch = ImportBatch(
            kind=kind,
            state=ImportState.MAPPED,
            file_name=name[:200],
            file_id=keep_copy(session, upload=upload, actor=actor).id,
            mapping=mapping_json(upload.mapping),
            summary={
                "rows": upload.rows,
                "unread": unread,
                "notices": [to_json(notice) for notice in upload.notices],
            },
            created_by_id=actor.account_id,
            created_at=clock.now(),
        )
    session.add(batch)
    session.flush()
    record(session, "skills:import:upload", batch, rows=upload.rows, kind=kind)
    return batch


def check_sheet(run: Run, *, batch_id: int) -> None:
    """Do the dry run of a batch.

    Raises:
        InvalidTransition: the batch is past that step.
    """
    with failing(run, batch_id), run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state not in (ImportState.MAPPED, ImportState.CHECKED):
            raise InvalidTransition(N_("Impor ini sudah diterapkan atau dibatalkan."))
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        plans, counts = _plans(session, batch), _Counts()
        counts.add(plans)
        insert_shown(session, [plan.as_row(batch_id) for plan in plans])
        batch.summary = {**batch.summary, "counts": counts.values}
        batch.state = ImportState.CHECKED
        run.progress(len(plans), len(plans))
        record(session, "skills:import:check", batch, counts=counts.values)


def _plans(session: Session, batch: ImportBatch) -> list[Plan]:
    rows = list(sheet_rows(rows_of(session, batch), mapping_of(batch)))
    actor = session.info["actor"]
    return _kinds[batch.kind].plan(session, rows, actor)


def apply_sheet(run: Run, *, batch_id: int) -> None:
    """Write a confirmed batch as a whole.

    Raises:
        InvalidTransition: it was not confirmed.
    """
    with failing(run, batch_id), run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        if batch.state != ImportState.RUNNING:
            raise InvalidTransition(N_("Impor ini belum dikonfirmasi atau sudah selesai."))
        sheet, counts = _kinds[batch.kind], _Counts()
        plans = _plans(session, batch)
        shown = shown_rows(session, batch_id, 0, max((plan.number for plan in plans), default=0))
        for plan in plans:
            compare(plan, shown.get(plan.number), field=sheet.key, text=CHANGED)
        counts.add(plans)
        wanted = [plan for plan in plans if plan.action in (Action.CREATE, Action.UPDATE)]
        details = sheet.write(session, wanted, batch)
        session.execute(delete(ImportRow).where(ImportRow.batch_id == batch_id))
        rows = [plan.as_row(batch_id) for plan in plans]
        for row in rows:
            row["detail"] = details.get(row["number"])
            row["applied"] = row["detail"] is not None
        insert_shown(session, rows)
        batch.state, batch.applied_at = ImportState.APPLIED, clock.now()
        batch.summary = {**batch.summary, "counts": counts.values}
        run.progress(len(plans), len(plans))
        people = [row["employee_id"] for row in rows if row["applied"] and row["employee_id"]]
        record(session, "skills:import:apply", batch, people=people, counts=counts.values)


def preview_undo_sheet(session: Session, batch: ImportBatch) -> UndoPreview:
    """Return what undoing a batch would do.

    Raises:
        InvalidTransition: the batch was not applied, or is undone already.
    """
    found, _good = _judged(session, batch)
    return found


def undo_sheet(run: Run, *, batch_id: int) -> UndoPreview:
    """Undo a batch in one transaction and keep the list of what was refused.

    Raises:
        InvalidTransition: the batch was not applied, or is undone already.
    """
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        found, good = _judged(session, batch)
        _kinds[batch.kind].take_back(session, good)
        batch.state, batch.undone_at = ImportState.UNDONE, clock.now()
        counts = {"restored": found.restored, "deleted": found.deleted}
        refused = {"refused": found.refused[:500], "refused_count": len(found.refused)}
        batch.summary = {**batch.summary, "undo": counts | refused}
        people = [row.employee_id for row in good if row.employee_id]
        record(session, "skills:import:undo", batch, people=people, counts=counts)
    return found


def _judged(session: Session, batch: ImportBatch) -> tuple[UndoPreview, list[ImportRow]]:
    if batch.state != ImportState.APPLIED:
        raise InvalidTransition(N_("Hanya impor yang sudah diterapkan yang dapat dibatalkan."))
    found, good = UndoPreview(), []
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.applied)
        .order_by(ImportRow.number)
    ).all()
    for row in rows:
        reason = _kinds[batch.kind].refusal(session, row)
        if reason is not None:
            found.refused.append({"label": row.label, "nip": row.nip, "reason": to_json(reason)})
            continue
        good.append(row)
        if row.action == Action.CREATE:
            found.deleted += 1
        else:
            found.restored += 1
    return found, good
