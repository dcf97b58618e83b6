"""Rights of a person: contest a datum and get an answer, consent to what is optional, take a copy.

The copy holds every table that knows a person. `EXPORTED` says under which title, `LEFT_OUT` says
why not; a table in neither fails a test, so that no new one is forgotten.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import notice
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import Base
from app.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.models import Consent, DataContest, Employee, LevelRecord
from skills.services.levels import withdraw_levels
from skills.services.reference_load import reference_rows
from skills.services.touch import touch_people

PAGE = "/data-saya"
# Optional processing; everything else rests on the duties of the office, not on consent.
PURPOSES = ("portfolio_search",)
OUTCOMES = ("corrected", "refused")
CONTESTED = "contested by its owner"  # kept with a row that an answer withdraws

EXPORTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "employee": (N_("Data pegawai"), ("id",)),
    "position_record": (N_("Riwayat jabatan"), ("employee_id",)),
    "education_record": (N_("Pendidikan"), ("employee_id",)),
    "skp_record": (N_("Kinerja"), ("employee_id",)),
    "discipline_record": (N_("Disiplin"), ("employee_id",)),
    "training_record": (N_("Pelatihan"), ("employee_id",)),
    "outside_record": (N_("Riwayat dari luar"), ("employee_id",)),
    "profile_milestone": (N_("Tonggak profil"), ("employee_id",)),
    "portfolio_item": (N_("Portofolio"), ("employee_id",)),
    "claim": (N_("Klaim"), ("employee_id",)),
    "level_record": (N_("Riwayat level"), ("employee_id",)),
    "level_in_force": (N_("Level berlaku"), ("employee_id",)),
    "enrolment": (N_("Pendaftaran pelatihan"), ("employee_id",)),
    "certificate": (N_("Sertifikat"), ("employee_id",)),
    "jp_claim": (N_("Klaim JP"), ("employee_id",)),
    "training_proposal_person": (N_("Usulan pelatihan"), ("employee_id",)),
    "stored_file": (N_("Berkas"), ("owner_employee_id",)),
    "seat_interest": (N_("Minat kursi"), ("employee_id",)),
    "shortlist_entry": (N_("Daftar pendek"), ("employee_id",)),
    "decision": (N_("Keputusan"), ("employee_id", "backup_id")),
    "placement": (N_("Penempatan"), ("employee_id",)),
    "contest": (N_("Keberatan keputusan"), ("employee_id",)),
    "talent_assessment": (N_("Kotak talenta"), ("employee_id",)),
    "talent_input": (N_("Masukan talenta"), ("employee_id",)),
    "pool_member": (N_("Kumpulan talenta"), ("employee_id",)),
    "assessment_target": (N_("Undangan asesmen"), ("employee_id",)),
    "result_row": (N_("Hasil pusat asesmen"), ("employee_id",)),
    "training_interest": (N_("Minat pelatihan"), ("employee_id",)),
    "follow_up": (N_("Tindak lanjut pelatihan"), ("respondent_id",)),
    "reconciliation_item": (N_("Rekonsiliasi"), ("employee_id",)),
    "data_contest": (N_("Keberatan data"), ("employee_id",)),
    "consent": (N_("Persetujuan"), ("employee_id",)),
    "account": (N_("Akun"), ("employee_id",)),
}
LEFT_OUT: Mapping[str, str] = {
    "audit_person": N_("Dimuat sebagai jejak pemrosesan."),
    "profile_vector": N_("Bentuk hitung ulang dari level berlaku; tidak menambah fakta."),
    "import_row": N_("Salinan baris berkas asal; hasilnya ada pada data pegawai."),
    "scenario_place": N_("Rancangan penempatan yang belum menjadi keputusan."),
    "seat_successor": N_("Rencana suksesi yang dirahasiakan sampai diputuskan."),
    "assessment_task": N_("Formulir penilai; memuat pendapat tentang orang lain."),
}
# Secrets and keys of the machinery are nobody's reading matter.
HIDDEN = frozenset(
    (
        "password_hash",
        "totp_secret",
        "totp_last_step",
        "version",
        "profile_version",
        "text_hash",
        "path",
    )
)


def export_rows(
    session: Session, *, employee_id: int, without: Collection[str] = ()
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the title of each table and the person's rows in it.

    Args:
        without: tables to leave out, for instance because they are shown in another way.
    """
    for name, (title, keys) in EXPORTED.items():
        if name in without:
            continue
        table: Table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.name not in HIDDEN]
        mine = or_(*(table.c[key] == employee_id for key in keys))
        order = list(table.primary_key.columns)
        rows = session.execute(select(*columns).where(mine).order_by(*order))
        yield title, [dict(row._mapping) for row in rows]


def contest_kinds(session: Session) -> list[dict[str, Any]]:
    """Return the kinds of contests in their order, from the reference table."""
    return sorted(reference_rows(session, "contest_kinds"), key=lambda row: int(row["order"]))


def answer_days(session: Session, kind: str) -> int:
    """Return within how many days a contest of this kind is answered.

    Raises:
        InvalidInput: no such kind.
    """
    for row in reference_rows(session, "contest_kinds"):
        if row["code"] == kind:
            return int(row["answer_days"])
    raise InvalidInput(N_("Pilih data yang Anda sanggah."), field="kind")


def file_contest(
    session: Session,
    *,
    employee_id: int,
    kind: str,
    subject: str,
    statement: str,
    level_record_id: int | None = None,
) -> DataContest:
    """File a contest; its deadline comes from the reference table.

    Raises:
        InvalidInput: kind unknown or nothing said.
        NotFound: the row of levels is somebody else's.
        Conflict: the same datum is contested already.
    """
    days, subject, statement = answer_days(session, kind), subject.strip(), statement.strip()
    if not subject:
        raise InvalidInput(N_("Sebutkan data mana yang keliru."), field="subject")
    if len(statement) < 10:
        raise InvalidInput(N_("Jelaskan apa yang keliru dan yang benar."), field="statement")
    if level_record_id is not None:
        row = session.get(LevelRecord, level_record_id)
        if row is None or row.employee_id != employee_id:
            raise NotFound
    open_ones = select(DataContest.id).where(
        DataContest.employee_id == employee_id,
        DataContest.state == "open",
        DataContest.kind == kind,
        DataContest.subject == subject[:160],
    )
    if session.scalar(open_ones.limit(1)) is not None:
        raise Conflict(N_("Data ini sudah Anda sanggah dan sedang dijawab."))
    contest = DataContest(
        employee_id=employee_id,
        kind=kind,
        subject=subject[:160],
        statement=statement[:4000],
        level_record_id=level_record_id,
        filed_at=clock.now(),
        due_on=clock.today() + timedelta(days=days),
    )
    session.add(contest)
    session.flush()
    record(session, "skills:contest:file", contest, people=[employee_id], kind=kind)
    return contest


def answer_contest(
    session: Session,
    *,
    contest: DataContest,
    outcome: str,
    answer: str,
    version: int,
    actor: Actor,
    withdraw_level: bool = False,
) -> None:
    """Answer a contest and tell the person; a correction is made where the datum lives.

    Args:
        withdraw_level: the contested row of the history is wrong and no longer counts.

    Raises:
        NotAllowed: one's own contest. Conflict: answered meanwhile. InvalidInput: no reasons given.
    """
    if contest.employee_id == actor.employee_id:
        raise NotAllowed(N_("Sanggahan sendiri dijawab oleh orang lain."))
    if contest.state != "open" or contest.version != version:
        raise Conflict(N_("Sanggahan ini sudah berubah; muat ulang halaman."))
    if outcome not in OUTCOMES or len(answer.strip()) < 10:
        raise InvalidInput(N_("Pilih hasil dan tulis alasannya."), field="answer")
    if withdraw_level and (outcome != "corrected" or contest.level_record_id is None):
        raise InvalidInput(
            N_("Baris level hanya dibatalkan bila sanggahannya diterima."), field="withdraw_level"
        )
    if withdraw_level:
        withdraw_levels(session, reason=CONTESTED, id=contest.level_record_id)
    contest.state, contest.answer = outcome, answer.strip()[:4000]
    contest.answered_at, contest.answered_by_id = clock.now(), actor.account_id
    contest.answered_by_label = actor.label[:200]
    session.flush()
    record(
        session,
        "skills:contest:answer",
        contest,
        people=[contest.employee_id],
        changes={"state": ("open", outcome)},
    )
    notify(
        session,
        employee_id=contest.employee_id,
        kind="contest",
        message=Message(
            N_('Sanggahan Anda tentang "%(subject)s" telah dijawab.'), {"subject": contest.subject}
        ),
        url=PAGE,
        key=f"contest:{contest.id}:answer",
    )


def withdraw_contest(session: Session, *, contest: DataContest, actor: Actor) -> None:
    """Take back one's own contest.

    Raises:
        NotFound: somebody else's. Conflict: answered already.
    """
    if actor.employee_id is None or contest.employee_id != actor.employee_id:
        raise NotFound
    if contest.state != "open":
        raise Conflict(N_("Sanggahan ini sudah dijawab."))
    contest.state = "withdrawn"
    session.flush()
    record(session, "skills:contest:withdraw", contest, people=[contest.employee_id])


def has_consent(session: Session, *, employee_id: int, purpose: str) -> bool:
    """Return whether the person consents to an optional processing now."""
    return _open_consent(session, employee_id, purpose) is not None


def set_consent(session: Session, *, employee_id: int, purpose: str, given: bool) -> None:
    """Give or withdraw consent; the person's texts are read anew by matching.

    Raises:
        InvalidInput: no such purpose.
    """
    if purpose not in PURPOSES:
        raise InvalidInput(N_("Tujuan pemrosesan tidak dikenal."))
    present = _open_consent(session, employee_id, purpose)
    if given == (present is not None):
        return
    if present is not None:
        present.withdrawn_at = clock.now()
    else:
        present = Consent(
            employee_id=employee_id,
            purpose=purpose,
            notice_version=notice.VERSION,
            given_at=clock.now(),
        )
        session.add(present)
    session.flush()
    touch_people(session, employee_ids=[employee_id])
    action = "give" if given else "withdraw"
    record(session, f"skills:consent:{action}", present, people=[employee_id], purpose=purpose)


def _open_consent(session: Session, employee_id: int, purpose: str) -> Consent | None:
    return session.scalar(
        select(Consent).where(
            Consent.employee_id == employee_id,
            Consent.purpose == purpose,
            Consent.withdrawn_at.is_(None),
        )
    )


def person_label(employee: Employee) -> str:
    """Return the name a file of a person carries."""
    return f"{employee.name} ({employee.nip})"
