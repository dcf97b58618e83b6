"""Trainings, certificates and languages from elsewhere: drafted, sent, verified or returned."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import (
    Conflict,
    InvalidInput,
    InvalidTransition,
    NotAllowed,
    NotFound,
    QuotaExceeded,
)
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.models import OutsideRecord, TrainingRecord
from skills.services.milestones import note_milestones
from skills.services.reference_load import reference_rows
from skills.services.touch import touch_people

KINDS = ("training", "certificate", "language")
EDITABLE = ("draft", "returned")
PURPOSE = "outside"  # of the files that prove them
MOST = 100
# Fields of a certificate's text beside those of a record.
READ = {"title": "title", "issuer": "organiser", "document_number": "number"} | {
    "issued_on": "ended_on",
    "valid_until": "valid_until",
}


@dataclass(frozen=True)
class OutsideInput:
    """What the owner says about something from elsewhere."""

    kind: str
    title: str = ""
    language: str | None = None
    language_level: str | None = None
    organiser: str | None = None
    number: str | None = None
    started_on: date | None = None
    ended_on: date | None = None
    valid_until: date | None = None
    note: str = ""


def start_outside(session: Session, *, actor: Actor, kind: str) -> OutsideRecord:
    """Begin a draft.

    Raises:
        InvalidInput: no such kind. QuotaExceeded: more than a person has.
    """
    employee_id = _own(actor)
    if kind not in KINDS:
        raise InvalidInput(N_("Pilih jenisnya."), field="kind")
    count = session.scalar(
        select(func.count()).select_from(OutsideRecord).filter_by(employee_id=employee_id)
    )
    if (count or 0) >= MOST:
        raise QuotaExceeded(N_("Riwayat dari luar penuh. Hapus draf yang tidak dipakai."))
    row = OutsideRecord(employee_id=employee_id, kind=kind, created_at=clock.now())
    session.add(row)
    session.flush()
    record(session, "skills:outside:start", row, people=[employee_id], kind=kind)
    return row


def prove(session: Session, *, row: OutsideRecord, file_id: int, found: Mapping[str, Any]) -> None:
    """Put a proof under a draft; what its text says plainly fills the fields that are empty."""
    _check_editable(row)
    row.file_id = file_id
    for source, name in READ.items():
        value = found.get(source)
        if value and not getattr(row, name):
            setattr(row, name, value)
    if row.ended_on and (row.ended_on > clock.today()):
        row.ended_on = None  # misread
    if row.valid_until and row.ended_on and row.valid_until < row.ended_on:
        row.valid_until = None
    session.flush()
    record(session, "skills:outside:prove", row, people=[row.employee_id], file_id=file_id)


def save_outside(session: Session, *, row: OutsideRecord, values: OutsideInput) -> None:
    """Keep what the form says.

    Raises:
        InvalidInput: dates that cannot be, or a language that is not on the list.
        InvalidTransition: it is with a verifier or verified.
    """
    _check_editable(row)
    _check(session, values)
    for name, value in vars(values).items():
        if name != "kind":
            setattr(row, name, value)
    changes = changed_fields(row, *vars(values))
    session.flush()
    if changes:
        record(session, "skills:outside:edit", row, changes=changes, people=[row.employee_id])


def _check(session: Session, values: OutsideInput) -> None:
    today = clock.today()
    if values.ended_on and values.ended_on > today:
        raise InvalidInput(N_("Tanggal terbit tidak boleh di masa depan."), field="ended_on")
    if values.started_on and values.ended_on and values.ended_on < values.started_on:
        raise InvalidInput(N_("Tanggal selesai mendahului tanggal mulai."), field="ended_on")
    if values.valid_until and values.ended_on and values.valid_until < values.ended_on:
        raise InvalidInput(
            N_("Tanggal berakhir tidak boleh sebelum tanggal terbit."), field="valid_until"
        )
    for name, table in (("language", "languages"), ("language_level", "language_levels")):
        value = getattr(values, name)
        if value and value not in {row["code"] for row in reference_rows(session, table)}:
            raise InvalidInput(N_("Pilih dari daftar."), field=name)


def send_outside(session: Session, *, row: OutsideRecord) -> None:
    """Send a draft with its proof to the verifiers; a second click sends once.

    Raises:
        InvalidInput: what is missing, named by its field.
        Conflict: the same number is there already.
    """
    if row.state == "sent":
        return
    _check_editable(row)
    if row.file_id is None:
        raise InvalidInput(N_("Lampirkan buktinya dahulu."), field="file")
    if row.kind == "language":
        if not row.language or not row.language_level:
            raise InvalidInput(N_("Pilih bahasa dan jenjangnya."), field="language")
    elif not row.title.strip():
        raise InvalidInput(N_("Isi nama pelatihan atau sertifikatnya."), field="title")
    if row.ended_on is None:
        raise InvalidInput(N_("Isi tanggal selesai atau terbit."), field="ended_on")
    _refuse_twice(session, row)
    row.state, row.sent_at, row.answer = "sent", clock.now(), ""
    session.flush()
    record(session, "skills:outside:send", row, people=[row.employee_id])


def _refuse_twice(session: Session, row: OutsideRecord) -> None:
    plain = (row.number or "").strip().lower()
    if not plain:
        return
    for table in (OutsideRecord, TrainingRecord):
        same = select(table.id).where(
            table.employee_id == row.employee_id,
            func.lower(func.trim(table.number)) == plain,
            table.state != "returned",
        )
        if table is OutsideRecord:
            same = same.where(OutsideRecord.id != row.id)
        if session.scalar(same.limit(1)) is not None:
            raise Conflict(N_("Nomor ini sudah ada di riwayat Anda."), field="number")


def remove_outside(session: Session, *, row: OutsideRecord) -> None:
    """Remove a draft or a returned record."""
    _check_editable(row)
    record(session, "skills:outside:remove", row, people=[row.employee_id], title=row.title)
    session.delete(row)
    session.flush()


def decide_outside(
    session: Session,
    *,
    actor: Actor,
    row: OutsideRecord,
    accept: bool,
    answer: str,
    version: int | None,
) -> None:
    """Verify or return a record; its owner is told.

    Raises:
        NotAllowed: one's own. Conflict: somebody else was quicker. InvalidInput: no reason.
    """
    if actor.employee_id == row.employee_id:
        raise NotAllowed(N_("Anda tidak dapat memeriksa riwayat Anda sendiri."))
    if row.state != "sent" or row.version != version:
        raise Conflict(
            N_("Riwayat ini sudah diperiksa petugas lain. Muat ulang untuk melihat hasilnya.")
        )
    if not accept and not answer.strip():
        raise InvalidInput(N_("Tulis apa yang perlu diperbaiki."), field="answer")
    row.state = "verified" if accept else "returned"
    row.answer = answer.strip()[:1000]
    row.decided_at, row.decided_by_id = clock.now(), actor.account_id
    row.decided_by_label = actor.label[:200]
    if accept and row.kind != "language":
        row.record = _training(row)
    session.flush()
    step = "verify" if accept else "return"
    record(session, f"skills:outside:{step}", row, people=[row.employee_id], note=row.answer)
    touch_people(session, employee_ids=[row.employee_id])
    note_milestones(session, employee_ids=[row.employee_id])
    _tell(session, row, accept)


def _training(row: OutsideRecord) -> TrainingRecord:
    return TrainingRecord(
        employee_id=row.employee_id,
        title=row.title,
        organiser=row.organiser,
        number=row.number,
        started_on=row.started_on,
        ended_on=row.ended_on,
        valid_until=row.valid_until,
        file_id=row.file_id,
        state="verified",
        source="self",
        reference=f"outside:{row.id}",
    )


def _tell(session: Session, row: OutsideRecord, accept: bool) -> None:
    text = (
        N_("%(title)s diverifikasi dan masuk riwayat Anda.")
        if accept
        else N_("%(title)s dikembalikan: %(answer)s")
    )
    notify(
        session,
        employee_id=row.employee_id,
        kind="claim",
        message=Message(text, {"title": row.title or row.language or "", "answer": row.answer}),
        url=f"/profil/luar/{row.id}",
        email=True,
        key=f"outside:{row.id}:{row.version}",
    )


def own_outside(session: Session, *, actor: Actor, record_id: int) -> OutsideRecord:
    """Return a record of the actor's own.

    Raises:
        NotFound: no such record, or somebody else's.
    """
    row = session.get(OutsideRecord, record_id)
    if row is None or row.employee_id != _own(actor):
        raise NotFound
    return row


def _check_editable(row: OutsideRecord) -> None:
    if row.state not in EDITABLE:
        raise InvalidTransition(N_("Yang sudah dikirim atau diverifikasi tidak dapat diubah."))


def _own(actor: Actor) -> int:
    if actor.employee_id is None:
        raise NotAllowed(N_("Akun Anda tidak terhubung dengan data pegawai."))
    return actor.employee_id
