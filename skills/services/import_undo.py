"""Undo of a whole import: what it changed goes back, unless somebody has changed it since.

Counters that tell readers of a change (`version`, `profile_version`) go on instead of back, so that
an index or an open form notices the undo as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Table, delete, exists, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import record
from app.core.db import Base, UtcDateTime
from app.core.errors import InvalidTransition
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from skills.enums import ImportState
from skills.models import (
    EducationRecord,
    Employee,
    ImportBatch,
    ImportRow,
    Opd,
    Position,
    PositionRecord,
    ProfileVector,
    Unit,
)
from skills.services.import_people import delete_rows, update_rows
from skills.services.import_plan import COLUMNS, Action, plain
from skills.services.import_run import Run
from skills.services.touch import touch_people

CHUNK = 2_000
# What an import writes about a person, or what is computed from it.
_OWN: tuple[Any, ...] = (PositionRecord, EducationRecord, ProfileVector)
_SHOWN = 500
_EDITED = N_("Sudah diubah lagi setelah impor: %(fields)s.")
_IN_USE = N_("Sudah dipakai data lain, misalnya akun, klaim, atau pelatihan.")
_GONE = N_("Data pegawai ini sudah tidak ada.")


@dataclass
class UndoPreview:
    """What an undo would do: numbers of people, and those who stay as they are, with the reason."""

    restored: int = 0
    deleted: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class _Step:
    row: ImportRow
    now: Mapping[str, Any] | None
    reason: Message | None = None


def preview_undo(session: Session, batch: ImportBatch) -> UndoPreview:
    """Return what undoing a batch would do.

    Raises:
        InvalidTransition: the batch was not applied, or is undone already.
    """
    _check_state(batch)
    found = UndoPreview()
    for steps in _steps(session, batch.id):
        _count(found, steps)
    return found


def undo_file(run: Run, *, batch_id: int) -> UndoPreview:
    """Undo a batch in one transaction and keep the list of what was refused.

    Raises:
        InvalidTransition: the batch was not applied, or is undone already.
    """
    found = UndoPreview()
    with run.transaction() as session:
        batch = session.get_one(ImportBatch, batch_id)
        _check_state(batch)
        for steps in _steps(session, batch_id):
            _count(found, steps)
            good = [step for step in steps if step.reason is None]
            _restore(session, [s for s in good if s.row.action == Action.UPDATE])
            _remove(session, [s for s in good if s.row.action == Action.CREATE])
            people = [step.row.employee_id for step in good if step.row.employee_id]
            record(session, "skills:import:undo", batch, people=people)
            run.progress(found.restored + found.deleted + len(found.refused))
        _remove_places(session, batch)
        batch.state, batch.undone_at = ImportState.UNDONE, clock.now()
        counts = {"restored": found.restored, "deleted": found.deleted}
        refused = {"refused": found.refused[:_SHOWN], "refused_count": len(found.refused)}
        batch.summary = {**batch.summary, "undo": counts | refused}
    return found


def _check_state(batch: ImportBatch) -> None:
    cut_short = batch.state in (ImportState.FAILED, ImportState.CANCELLED)
    if batch.state != ImportState.APPLIED and not (cut_short and batch.summary.get("applied")):
        raise InvalidTransition(N_("Hanya impor yang sudah diterapkan yang dapat dibatalkan."))


def _count(found: UndoPreview, steps: Sequence[_Step]) -> None:
    for step in steps:
        if step.reason is not None:
            facts = {"employee_id": step.row.employee_id, "label": step.row.label}
            found.refused.append({**facts, "nip": step.row.nip, "reason": to_json(step.reason)})
        elif step.row.action == Action.CREATE:
            found.deleted += 1
        else:
            found.restored += 1


def _steps(session: Session, batch_id: int) -> Iterator[list[_Step]]:
    last = 0
    while True:
        rows = session.scalars(
            select(ImportRow)
            .where(
                ImportRow.batch_id == batch_id,
                ImportRow.applied,
                ImportRow.action.in_((Action.CREATE.value, Action.UPDATE.value)),
                ImportRow.number > last,
            )
            .order_by(ImportRow.number)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        last = rows[-1].number
        yield _judged(session, rows)


def _judged(session: Session, rows: Sequence[ImportRow]) -> list[_Step]:
    ids = [row.employee_id for row in rows if row.employee_id]
    columns = [getattr(Employee, name) for name in ("id", *COLUMNS)]
    now: dict[int, Mapping[str, Any]] = {
        row["id"]: dict(row)
        for row in session.execute(select(*columns).where(Employee.id.in_(ids))).mappings()
    }
    created = [row.employee_id for row in rows if row.action == Action.CREATE and row.employee_id]
    used = people_in_use(session, created)
    steps = []
    for row in rows:
        step = _Step(row, now.get(row.employee_id or 0))
        step.reason = _refusal(step, used)
        steps.append(step)
    return steps


def _refusal(step: _Step, used: set[int]) -> Message | None:
    if step.now is None:
        return Message(_GONE)
    after: Any = (step.row.detail or {}).get("after", {})
    edited = [name for name, value in after.items() if plain(step.now[name]) != value]
    if edited:
        return Message(_EDITED, {"fields": ", ".join(edited)})
    if step.row.action == Action.CREATE and step.row.employee_id in used:
        return Message(_IN_USE)
    return None


def _restore(session: Session, steps: Sequence[_Step]) -> None:
    rows = []
    for step in steps:
        before: Any = (step.row.detail or {})["before"]
        values = {name: _value(name, value) for name, value in before.items()}
        rows.append({"id": step.row.employee_id, **values})
    update_rows(session, Employee, rows)
    people = [step.row.employee_id for step in steps if step.row.employee_id]
    _next_version(session, people)
    touch_people(session, employee_ids=people)
    _reopen(session, steps)


def _next_version(session: Session, people: Sequence[int]) -> None:
    for start in range(0, len(people), 500):
        session.execute(
            update(Employee)
            .where(Employee.id.in_(people[start : start + 500]))
            .values(version=Employee.version + 1)
            .execution_options(synchronize_session=False)
        )


def _reopen(session: Session, steps: Sequence[_Step]) -> None:
    details: list[Any] = [step.row.detail or {} for step in steps]
    delete_rows(session, PositionRecord, [n for d in details for n in d.get("opened", [])])
    delete_rows(session, EducationRecord, [d["learned"] for d in details if d.get("learned")])
    closed = [{"id": d["closed"], "until": None} for d in details if d.get("closed")]
    update_rows(session, PositionRecord, closed)


def _remove(session: Session, steps: Sequence[_Step]) -> None:
    people = [step.row.employee_id for step in steps if step.row.employee_id]
    for table in _OWN:
        for start in range(0, len(people), 1000):
            session.execute(
                delete(table)
                .where(table.employee_id.in_(people[start : start + 1000]))
                .execution_options(synchronize_session=False)
            )
    delete_rows(session, Employee, people)


def _remove_places(session: Session, batch: ImportBatch) -> None:
    """Take away the units, positions and OPD that the import made and nobody uses."""
    summary: Mapping[str, Any] = batch.summary
    made = summary.get("made") or (summary.get("applied") or {}).get("made", {})
    for model, name in ((Unit, "unit"), (Position, "position"), (Opd, "opd")):
        ids = made.get(name, [])
        free = set(ids) - in_use(session, model.__table__, ids)  # type: ignore[arg-type]
        delete_rows(session, model, sorted(free))


def people_in_use(session: Session, ids: Sequence[int]) -> set[int]:
    """Return which people are named by rows beyond those that an import writes."""
    own = {table.__tablename__ for table in _OWN}
    return in_use(session, Employee.__table__, ids, without=own)  # type: ignore[arg-type]


def in_use(
    session: Session, table: Table, ids: Sequence[int], *, without: set[str] | None = None
) -> set[int]:
    """Return which rows of a table some other row refers to, whatever package owns that.

    Args:
        ids: of the table. without: names of tables that do not count.
    """
    found: set[int] = set()
    for start in range(0, len(ids), 1000):
        part = ids[start : start + 1000]
        for column in _references(table, without or set()):
            statement = select(table.c.id).where(
                table.c.id.in_(part), exists().where(column == table.c.id)
            )
            if column.table is table:
                statement = select(column).where(column.in_(part)).distinct()
            found.update(session.scalars(statement))
    return found


def _references(table: Table, without: set[str]) -> Iterator[Any]:
    for other in Base.metadata.sorted_tables:
        if other.name in without:
            continue
        for column in other.columns:
            if any(key.column is table.c.id for key in column.foreign_keys):
                yield column


def _value(name: str, value: Any) -> Any:
    """Return a value of the kept JSON as its column takes it."""
    kind = Employee.__table__.c[name].type
    if value is None or not isinstance(value, str):
        return value
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
