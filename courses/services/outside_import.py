"""Learning from other platforms: checked without writing, applied, undone as a whole."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.message_json import to_json
from app.core.spreadsheet.reader import read_table
from courses.models import LearningImport
from courses.outside_rules import Completion, completion_of, header_of
from courses.queries.jp import forms_in_force
from skills.models import Employee, TrainingRecord
from skills.services.touch import touch_people

CHECKED, APPLIED, UNDONE = "checked", "applied", "undone"
NEW, KNOWN, UNKNOWN, REFUSED = "new", "known", "unknown", "refused"
MOST_ROWS = 5000
_CHUNK = 500


def check_file(session: DbSession, *, actor: Actor, path: Path, name: str) -> LearningImport:
    """Read a CSV file or workbook and say what would become of each row; nothing is written yet.

    Raises:
        InvalidInput: a column is missing, or there are too many rows.
        SpreadsheetError: the file cannot be read.
    """
    rows = [list(row) for row in read_table(path)]
    start, columns = header_of(rows)
    if len(rows) - start - 1 > MOST_ROWS:
        raise InvalidInput(Message(N_("Paling banyak %(most)s baris."), {"most": MOST_ROWS}))
    forms, today = forms_in_force(session), clock.today()
    found: list[tuple[int, Completion | InvalidInput]] = []
    for line, cells in enumerate(rows[start + 1 :], start=start + 2):
        if not any(str(cell or "").strip() for cell in cells):
            continue
        values = {n: cells[at] if at < len(cells) else None for n, at in columns.items()}
        try:
            found.append((line, completion_of(values, forms, today)))
        except InvalidInput as error:
            found.append((line, error))
    return keep_check(session, actor=actor, source="file", name=name, found=found)


def keep_check(
    session: DbSession,
    *,
    actor: Actor,
    source: str,
    name: str,
    found: Sequence[tuple[int, Completion | InvalidInput]],
    job_id: int | None = None,
) -> LearningImport:
    """Keep what was read with the verdict on each row.

    Args:
        found: line and completion, or what is wrong with the line.
        job_id: the job that read it.
    """
    good = [one for _, one in found if isinstance(one, Completion)]
    people = _people(session, {one.nip for one in good})
    known = _known(session, {one.key for one in good})
    rows, seen = [], set[str]()
    for line, one in found:
        if isinstance(one, InvalidInput):
            rows.append(_row(line, None, None, REFUSED, one.message))
            continue
        person = people.get(one.nip)
        if person is None:
            verdict, reason = UNKNOWN, Message(N_("NIP tidak ada di data pegawai."))
        elif one.key in known or one.key in seen:
            verdict, reason = KNOWN, Message(N_("Sudah tercatat."))
        else:
            verdict, reason = NEW, None
        seen.add(one.key)
        rows.append(_row(line, one, person, verdict, reason))
    batch = LearningImport(
        source=source,
        name=name[:200],
        state=CHECKED,
        rows=rows,
        job_id=job_id,
        created_at=clock.now(),
        created_by_id=actor.account_id,
        created_by_label=actor.label,
    )
    session.add(batch)
    session.flush()
    record(session, "courses:outside:check", batch, rows=len(rows))
    return batch


def _row(
    line: int,
    one: Completion | None,
    person: tuple[int, str] | None,
    verdict: str,
    reason: Message | None,
) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if one is not None:
        facts = {name: value for name, value in vars(one).items() if value is not None}
        facts = {n: str(v) if n.endswith("_on") else v for n, v in facts.items()}
        facts["key"] = one.key
    return {
        "line": line,
        **facts,
        "employee_id": person[0] if person else None,
        "name": person[1] if person else "",
        "verdict": verdict,
        "reason": to_json(reason) if reason else None,
    }


def _people(session: DbSession, nips: Iterable[str]) -> dict[str, tuple[int, str]]:
    found = {}
    for part in _parts(sorted(nips)):
        for row in session.execute(
            select(Employee.nip, Employee.id, Employee.name).where(Employee.nip.in_(part))
        ):
            found[row.nip] = (row.id, row.name)
    return found


def _known(session: DbSession, keys: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in _parts(sorted(keys)):
        rows = session.scalars(
            select(TrainingRecord.reference).where(TrainingRecord.reference.in_(part))
        )
        found |= {row for row in rows if row}
    return found


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))


def apply_import(session: DbSession, *, batch: LearningImport, version: int | None) -> int:
    """Write the new rows into the histories, verified; return how many.

    Raises:
        InvalidTransition: it was applied before, or has changed.
    """
    if batch.state != CHECKED or batch.version != version:
        raise InvalidTransition(N_("Impor ini sudah diterapkan atau berubah."))
    rows = [dict(row) for row in batch.rows]
    known = _known(session, {row["key"] for row in rows if row["verdict"] == NEW})
    made: list[tuple[dict[str, Any], TrainingRecord]] = []
    for row in rows:
        if row["verdict"] != NEW:
            continue
        if row["key"] in known:  # somebody else brought it meanwhile
            row["verdict"], row["reason"] = KNOWN, to_json(Message(N_("Sudah tercatat.")))
            continue
        made.append((row, _record_of(row)))
    session.add_all([one for _, one in made])
    session.flush()
    for row, one in made:
        row["record_id"] = one.id
    batch.rows, batch.state, batch.applied_at = rows, APPLIED, clock.now()
    session.flush()
    _note(session, "courses:outside:import", batch, [one.employee_id for _, one in made])
    return len(made)


def _record_of(row: dict[str, Any]) -> TrainingRecord:
    return TrainingRecord(
        employee_id=row["employee_id"],
        title=row["title"],
        organiser=row["organiser"] or None,
        form_code=row["form_code"] or None,
        number=row["number"] or None,
        started_on=date.fromisoformat(row["started_on"]),
        ended_on=date.fromisoformat(row["ended_on"]),
        jp=row["jp"],
        state="verified",
        source="import",
        reference=row["key"],
    )


def undo_import(session: DbSession, *, batch: LearningImport, version: int | None) -> int:
    """Take back what an import wrote; return how many records.

    Raises:
        InvalidTransition: it is not applied, or has changed.
    """
    if batch.state != APPLIED or batch.version != version:
        raise InvalidTransition(N_("Hanya impor yang diterapkan dapat dibatalkan."))
    ids = [row["record_id"] for row in batch.rows if row.get("record_id")]
    people: list[int] = []
    for at in range(0, len(ids), _CHUNK):
        rows = session.scalars(
            select(TrainingRecord).where(
                TrainingRecord.id.in_(ids[at : at + _CHUNK]), TrainingRecord.source == "import"
            )
        ).all()
        for row in rows:
            people.append(row.employee_id)
            session.delete(row)
    batch.state, batch.undone_at = UNDONE, clock.now()
    session.flush()
    _note(session, "courses:outside:undo", batch, people)
    return len(people)


def _note(session: DbSession, tag: str, batch: LearningImport, people: Sequence[int]) -> None:
    concerned = sorted(set(people))
    if concerned:
        touch_people(session, employee_ids=concerned)
    record(session, tag, batch, people=concerned, rows=len(people))


def all_imports(session: DbSession) -> Sequence[LearningImport]:
    """Return the last imports, the newest first."""
    return session.scalars(
        select(LearningImport).order_by(LearningImport.id.desc()).limit(50)
    ).all()
