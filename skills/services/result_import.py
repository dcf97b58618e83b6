"""Results of an assessment centre: a dry run that keeps every row, the write, and the undo."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, InvalidTransition
from app.core.i18n import N_, Message
from app.core.jobs.context import JobContext
from app.core.jobs.models import Job
from app.core.jobs.registry import job_kind
from app.core.jobs.services import enqueue
from app.core.message_json import to_json
from app.core.spreadsheet.reader import Cell, read_table
from skills.enums import LevelSource
from skills.ip_asn_rules import band_of
from skills.models import Competency, Employee, LevelRecord, ResultBatch, ResultRow
from skills.queries.assessment_centre import bands_of
from skills.services.levels import recompute_levels, withdraw_levels
from skills.siasn.cells import parse_date
from skills.siasn.problems import CellError

APPLY = "skills.results_apply"
MOST_ROWS = 5_000
_HEADER_ROWS = 20
_CHUNK = 200
_NAMES: Mapping[str, tuple[str, ...]] = {
    "nip": ("nip", "nip baru"),
    "assessed_on": ("tanggal asesmen", "tanggal"),
    "valid_until": ("berlaku sampai", "masa berlaku"),
    "match": ("jpm", "job person match"),
}


@dataclass(frozen=True)
class Columns:
    """Where a file has what: places of the facts, and place to competency."""

    header: int
    facts: Mapping[str, int]
    competencies: Mapping[int, str]


def check_results(
    session: Session,
    *,
    path: Path,
    name: str,
    provider: str,
    band_index: str,
    assessed_on: date | None,
    actor: Actor,
) -> ResultBatch:
    """Read a file and keep what each row would do; nothing reaches a profile yet.

    Args:
        provider: who assessed. band_index: the table that names the job person match.
        assessed_on: the day for rows without one of their own.

    Raises:
        InvalidInput: no usable header, no rows, too many, or an unknown table.
        SpreadsheetError: the file cannot be read.
    """
    if not provider.strip():
        raise InvalidInput(N_("Sebutkan penyelenggara asesmennya."), field="provider")
    bands = bands_of(session, band_index)
    if not bands:
        raise InvalidInput(N_("Pilih tabel kategori."), field="band_index")
    table = [list(row) for row in read_table(path, max_rows=MOST_ROWS)]
    columns = _columns(session, table)
    batch = ResultBatch(
        file_name=name[:200],
        provider=provider.strip()[:160],
        band_index=band_index,
        created_by_id=actor.account_id,
        created_at=clock.now(),
    )
    people = {
        row.nip: row for row in session.execute(select(Employee.nip, Employee.id, Employee.name))
    }
    batch.rows = list(_rows(session, table, columns, people, bands, assessed_on))
    if not batch.rows:
        raise InvalidInput(N_("Tidak ada baris data di bawah judul kolom."), field="berkas")
    session.add(batch)
    session.flush()
    record(session, "skills:results:check", batch, rows=len(batch.rows))
    return batch


def _columns(session: Session, table: Sequence[Sequence[Cell]]) -> Columns:
    known: dict[str, str] = {}
    for row in session.scalars(select(Competency).where(Competency.is_area.is_(False))):
        for word in (row.code, row.name, row.name_en):
            known.setdefault(_word(word), row.code)
    for place, cells in enumerate(table[:_HEADER_ROWS]):
        words = [_word(cell) for cell in cells]
        facts = {
            name: words.index(alias)
            for name, aliases in _NAMES.items()
            for alias in aliases
            if alias in words
        }
        found = {n: known[word] for n, word in enumerate(words) if word in known}
        if "nip" in facts and (found or "match" in facts):
            return Columns(place, facts, found)
    raise InvalidInput(
        N_("Judul kolom tidak ditemukan: perlu NIP, dan JPM atau kode kompetensi."), field="berkas"
    )


def _word(cell: Cell) -> str:
    return re.sub(r"\s+", " ", str(cell if cell is not None else "")).strip().lower()


def _rows(
    session: Session,
    table: Sequence[Sequence[Cell]],
    columns: Columns,
    people: Mapping[str, Any],
    bands: Sequence[Mapping[str, Any]],
    usual_day: date | None,
) -> Iterator[ResultRow]:
    applied = _applied(session)
    seen: set[tuple[int, date]] = set()
    for number, cells in enumerate(table[columns.header + 1 :], start=columns.header + 2):
        if not any(_word(cell) for cell in cells):
            continue
        row = _read_row(number, cells, columns, people, usual_day)
        band = band_of(row.match, bands) if row.match is not None else None
        row.band = str(band["name"]) if band else ""
        if row.state != "error" and row.employee_id and row.assessed_on:
            key = (row.employee_id, row.assessed_on)
            if key in seen:
                _fail(row, N_("Orang dan tanggal ini sudah ada di baris sebelumnya."))
            elif key in applied:
                row.state = "known"
            seen.add(key)
        yield row


def _applied(session: Session) -> set[tuple[int, date]]:
    rows = session.execute(
        select(ResultRow.employee_id, ResultRow.assessed_on)
        .join(ResultBatch)
        .where(ResultBatch.state == "applied", ResultRow.state == "new")
    )
    return {(row.employee_id, row.assessed_on) for row in rows}


def _fail(row: ResultRow, text: str, **params: object) -> None:
    row.state = "error"
    row.problems = [*row.problems, to_json(Message(text, params))]


def _read_row(
    number: int,
    cells: Sequence[Cell],
    columns: Columns,
    people: Mapping[str, Any],
    usual_day: date | None,
) -> ResultRow:
    row = ResultRow(number=number, state="new", problems=[], levels={}, label="", nip="")

    def cell(name: str) -> Cell:
        place = columns.facts.get(name)
        return cells[place] if place is not None and place < len(cells) else None

    row.nip = re.sub(r"\D", "", str(cell("nip") or ""))[:40]
    person = people.get(row.nip)
    if person is None:
        _fail(row, N_("NIP %(nip)s tidak dikenal."), nip=row.nip or "–")
    else:
        row.employee_id, row.label = person.id, person.name[:200]
    row.assessed_on = _day(row, cell("assessed_on")) or usual_day
    row.valid_until = _day(row, cell("valid_until"))
    _check_days(row)
    row.match = _match(row, cell("match"))
    for place, code in columns.competencies.items():
        _read_level(row, code, cells[place] if place < len(cells) else None)
    if not row.levels and row.match is None and row.state != "error":
        _fail(row, N_("Baris ini tidak memuat level atau JPM."))
    return row


def _day(row: ResultRow, cell: Cell) -> date | None:
    try:
        found = parse_date(cell)
    except CellError as error:
        _fail(row, error.message.text, **error.message.params)
        return None
    return found.date() if isinstance(found, datetime) else found


def _check_days(row: ResultRow) -> None:
    if row.assessed_on is None:
        _fail(row, N_("Tanggal asesmen kosong."))
    elif row.assessed_on > clock.today():
        _fail(row, N_("Tanggal asesmen di masa depan."))
    elif row.valid_until is not None and row.valid_until < row.assessed_on:
        _fail(row, N_("Masa berlaku berakhir sebelum tanggal asesmen."))


def _match(row: ResultRow, cell: Cell) -> float | None:
    text = _word(cell).rstrip("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        _fail(row, N_("JPM %(value)s bukan angka 0 sampai 100."), value=text)
        return None
    return round(value, 2)


def _read_level(row: ResultRow, code: str, cell: Cell) -> None:
    text = _word(cell).removesuffix(".0")
    if not text or text == "-":
        return
    if text not in {"1", "2", "3", "4", "5"}:
        _fail(row, N_("%(code)s: level %(value)s bukan 1 sampai 5."), code=code, value=text)
        return
    row.levels = {**row.levels, code: int(text)}


def request_apply(
    session: Session, *, batch: ResultBatch, expected_version: int, actor: Actor
) -> Job:
    """Start the write as a job; a second click finds it started.

    Raises:
        InvalidTransition: it was written or undone. InvalidInput: no row is new.
        Conflict: somebody changed it meanwhile.
    """
    key = f"results:{batch.id}:apply"
    if batch.state == "checked":
        if batch.version != expected_version:
            raise Conflict(N_("Berkas ini baru saja diubah. Periksa lalu terapkan lagi."))
        if not any(row.state == "new" for row in batch.rows):
            raise InvalidInput(N_("Tidak ada baris baru yang dapat diterapkan."))
        batch.state = "running"
        session.flush()
        record(session, "skills:results:confirm", batch)
    elif batch.state != "running":
        raise InvalidTransition(N_("Berkas ini sudah diterapkan atau dibatalkan."))
    title = Message(N_("Terapkan hasil asesmen %(name)s"), {"name": batch.file_name})
    return enqueue(
        session, kind=APPLY, title=title, actor=actor, params={"batch_id": batch.id}, key=key
    )


@job_kind(APPLY, timeout=1800)
def apply_results(context: JobContext) -> dict[str, Any]:
    """Write the new rows of a batch into the history; safe to run again."""
    batch_id = context.params["batch_id"]
    with context.transaction() as session:
        ids = list(session.scalars(_new_rows(batch_id)))
    levels = 0
    for start in range(0, len(ids), _CHUNK):
        with context.transaction() as session:
            levels += write_rows(session, row_ids=ids[start : start + _CHUNK])
            context.progress(min(start + _CHUNK, len(ids)), len(ids))
    with context.transaction() as session:
        batch = session.get_one(ResultBatch, batch_id)
        batch.state, batch.applied_at = "applied", clock.now()
    text = N_("%(levels)s level dari %(people)s orang masuk ke riwayat.")
    return {
        "message": Message(text, {"levels": levels, "people": len(ids)}),
        "url": f"/asesmen/pusat/{batch_id}",
    }


def _new_rows(batch_id: int) -> Any:
    return (
        select(ResultRow.id)
        .where(ResultRow.batch_id == batch_id, ResultRow.state == "new")
        .order_by(ResultRow.id)
    )


def write_rows(session: Session, *, row_ids: Sequence[int]) -> int:
    """Write some rows; what an earlier run wrote is left alone. Returns the levels written."""
    rows = session.scalars(select(ResultRow).where(ResultRow.id.in_(row_ids))).all()
    if not rows:
        return 0
    batch = session.get_one(ResultBatch, rows[0].batch_id)
    found = session.execute(select(Competency.code, Competency.id))
    codes = {row.code: row.id for row in found}
    reference = f"result:{batch.id}"
    people = sorted({row.employee_id for row in rows if row.employee_id})
    written = set(
        session.scalars(
            select(LevelRecord.employee_id).where(
                LevelRecord.reference == reference, LevelRecord.employee_id.in_(people)
            )
        )
    )
    records = [
        LevelRecord(
            employee_id=row.employee_id,
            competency_id=codes[code],
            level=level,
            source=LevelSource.ASSESSMENT,
            reference=reference,
            obtained_on=row.assessed_on,
            valid_until=row.valid_until,
            recorded_at=clock.now(),
            recorded_by_id=batch.created_by_id,
            note=batch.provider,
        )
        for row in rows
        if row.employee_id not in written
        for code, level in row.levels.items()
    ]
    session.add_all(records)
    session.flush()
    record(session, "skills:results:apply", batch, people=people, levels=len(records))
    recompute_levels(session, employee_ids=people)
    return len(records)


def undo_results(session: Session, *, batch: ResultBatch, reason: str) -> int:
    """Withdraw every level of a batch; the history keeps the rows with the reason.

    Returns:
        Number of people concerned.

    Raises:
        InvalidTransition: it was not written. InvalidInput: no reason.
    """
    if batch.state != "applied":
        raise InvalidTransition(N_("Hanya hasil yang sudah diterapkan dapat dibatalkan."))
    if not reason.strip():
        raise InvalidInput(N_("Sebutkan alasan pembatalan."), field="reason")
    people = withdraw_levels(session, reason=reason.strip()[:300], reference=f"result:{batch.id}")
    batch.state, batch.undone_at = "undone", clock.now()
    batch.undo_reason = reason.strip()[:300]
    session.flush()
    record(session, "skills:results:undo", batch, people=people, reason=batch.undo_reason)
    return len(people)


def discard_results(session: Session, *, batch: ResultBatch) -> None:
    """Throw a file away that was not written.

    Raises:
        InvalidTransition: it was.
    """
    if batch.state != "checked":
        raise InvalidTransition(N_("Hanya berkas yang belum diterapkan dapat dibuang."))
    record(session, "skills:results:discard", batch, name=batch.file_name)
    session.delete(batch)
    session.flush()


def count_rows(session: Session, batch_id: int) -> dict[str, int]:
    """Return how many rows of a batch are new, known or wrong."""
    rows = session.execute(
        select(ResultRow.state, func.count().label("number"))
        .where(ResultRow.batch_id == batch_id)
        .group_by(ResultRow.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in ("new", "known", "error")}
