"""Hours claimed for learning elsewhere: answered, returned and waiting ones, with their proofs."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import select, update

from app.core.accounts.models import Account
from app.core.actor import SYSTEM
from app.demo.city import City
from app.demo.evidence import Evidence, draw_evidence, store_evidence
from app.demo.people import Person
from courses.models import JpClaim
from courses.planning_access import PROOF
from skills.models import TrainingRecord

_WAITING = 16
# title, organiser, form, days ago, hours claimed, state, hours approved, answer
_OWN = (
    ("Webinar Satu Data Daerah", "Forum Data Nusantara", "KL06", 9, 4, "claimed", None, ""),
    (
        "Lokakarya Rancangan Layanan Publik",
        "Lembaga Latihan Khatulistiwa",
        "KL07",
        47,
        8,
        "verified",
        5,
        "Hari kedua tidak ada pada daftar hadir.",
    ),
    (
        "Belajar Mandiri Dasar Basis Data",
        "Kanal Belajar Terbuka",
        "NKL09",
        70,
        2,
        "returned",
        None,
        "Bukti tidak terbaca; kirim ulang fotonya.",
    ),
)


def write_hours(city: City, known: Person, officer: Account) -> dict[str, int]:
    """Write claims of hours; return counts.

    Args:
        known: the person of the employee sign-in, who has one of each kind.
        officer: who answered.
    """
    rng, files = city.rng("hours"), draw_evidence(city)
    for entry in _OWN:
        _own_claim(city, rng, files, known, officer, entry)
    waiting = _waiting(city, rng, files)
    city.session.flush()
    return {"claim of hours": len(_OWN) + waiting}


def _own_claim(
    city: City,
    rng: Random,
    files: Sequence[Evidence],
    known: Person,
    officer: Account,
    entry: tuple[str, str, str, int, int, str, int | None, str],
) -> None:
    title, organiser, form, ago, claimed, state, approved, answer = entry
    day, employee_id = city.days_ago(ago), city.employee_id(known)
    record = TrainingRecord(
        employee_id=employee_id,
        title=title,
        organiser=organiser,
        form_code=form,
        started_on=day,
        ended_on=day,
        jp=approved or claimed,
        file_id=_proof(city, rng, files, employee_id),
        state=state,
        source="self",
    )
    claim = _claim(city, record, employee_id, claimed)
    if state != "claimed":
        claim.decided_at = city.at(min(city.day, day + timedelta(days=3)))
        claim.decided_by_id, claim.decided_by_label = officer.id, officer.name
        claim.answer = answer
    city.session.add(claim)


def _waiting(city: City, rng: Random, files: Sequence[Evidence]) -> int:
    """Give some unanswered trainings of this year a claim with a proof; the others are counted."""
    first = city.day.replace(month=1, day=1)
    unanswered = (TrainingRecord.state == "claimed", TrainingRecord.ended_on >= first)
    rows = city.session.scalars(
        select(TrainingRecord)
        .where(*unanswered, TrainingRecord.source == "demo")
        .order_by(TrainingRecord.ended_on, TrainingRecord.id)
    ).all()
    chosen = rng.sample(rows, k=min(_WAITING, len(rows)))
    for record in sorted(chosen, key=lambda row: (row.ended_on, row.id)):
        record.file_id = _proof(city, rng, files, record.employee_id)
        city.session.add(_claim(city, record, record.employee_id, record.jp or 1))
    kept = [row.id for row in chosen]
    city.session.execute(
        update(TrainingRecord)
        .where(*unanswered, TrainingRecord.source == "demo", TrainingRecord.id.not_in(kept))
        .values(state="verified")
    )
    return len(chosen)


def _claim(city: City, record: TrainingRecord, employee_id: int, hours: int) -> JpClaim:
    ended = record.ended_on or city.day
    sent = city.at(min(city.day, ended + timedelta(days=2)))
    return JpClaim(
        record=record,
        employee_id=employee_id,
        jp_claimed=hours,
        quantity=1,
        submitted_at=sent,
    )


def _proof(city: City, rng: Random, files: Sequence[Evidence], employee_id: int) -> int:
    return store_evidence(
        city.session, rng, files, employee_id=employee_id, actor=SYSTEM, purpose=PROOF
    )
