"""What a profile has reached: complete, or all that the position asks; kept with its day and told.

Brought up to date at once for a person whose level or record was verified, and once a day for
everybody, since data also arrive by import and levels end by themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core import clock
from app.core.audit import record
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.enums import EmploymentState
from skills.models import Employee, LevelInForce, ProfileMilestone, SkpRecord, TrainingRecord
from skills.queries.team import TeamRow, team_map

COMPLETE, STANDARD = "complete", "standard"
_CHUNK = 500
_TEXTS = {
    COMPLETE: N_("Selamat, profil Anda lengkap. Tanggalnya tercatat pada riwayat profil Anda."),
    STANDARD: N_("Selamat, Anda memenuhi semua kompetensi yang dituntut jabatan Anda."),
}


def note_milestones(
    session: Session, *, employee_ids: Sequence[int] | None = None, day: date | None = None
) -> int:
    """Keep what people have reached since the last time, and what they no longer hold.

    Args:
        employee_ids: these people, or None for everybody in service.

    Returns:
        How many milestones were reached.
    """
    today = day or clock.today()
    session.flush()
    reached = 0
    for people in _chunks(session, employee_ids):
        present = dict(_reached(session, people, today))
        reached += _bring_up_to_date(session, people, present, today)
    return reached


def _chunks(session: Session, ids: Sequence[int] | None) -> Iterator[Sequence[Employee]]:
    statement = select(Employee).where(Employee.employment_state == EmploymentState.ACTIVE)
    if ids is not None:
        statement = statement.where(Employee.id.in_(ids))
    last = 0
    while True:
        chunk = session.scalars(
            statement.where(Employee.id > last)
            .options(joinedload(Employee.position))
            .order_by(Employee.id)
            .limit(_CHUNK)
        ).all()
        if not chunk:
            return
        yield chunk
        last = chunk[-1].id


def _reached(
    session: Session, people: Sequence[Employee], day: date
) -> Iterator[tuple[int, set[str]]]:
    """Yield what each person holds today, by the parts that the profile's completeness counts."""
    ids = [person.id for person in people]
    trained, rated = _having(session, TrainingRecord, ids), _having(session, SkpRecord, ids)
    proven = set(
        session.scalars(
            select(LevelInForce.employee_id)
            .where(LevelInForce.employee_id.in_(ids), LevelInForce.verified_level.is_not(None))
            .distinct()
        )
    )
    for row in team_map(session, people, day=day).rows:
        person, found = row.employee, set()
        if row.asked and row.met == row.asked:
            found.add(STANDARD)
        has_records = all(person.id in known for known in (trained, rated, proven))
        if has_records and _has_data(person) and not _unknown(row):
            found.add(COMPLETE)
        yield person.id, found


def _having(
    session: Session, table: type[TrainingRecord] | type[SkpRecord], ids: Sequence[int]
) -> set[int]:
    owners = select(table.employee_id).where(table.employee_id.in_(ids)).distinct()
    return set(session.scalars(owners))


def _has_data(person: Employee) -> bool:
    return all(
        (
            person.education_level and person.education_field,
            person.position_id,
            person.supervisor_id,
            person.official_email,
        )
    )


def _unknown(row: TeamRow) -> bool:
    return any(cell.state == "unknown" for cell in row.cells)


def _bring_up_to_date(
    session: Session, people: Iterable[Employee], present: Mapping[int, set[str]], day: date
) -> int:
    ids = [person.id for person in people]
    rows = session.scalars(
        select(ProfileMilestone)
        .where(ProfileMilestone.employee_id.in_(ids))
        .order_by(ProfileMilestone.id)
    ).all()
    standing = {(row.employee_id, row.kind): row for row in rows if row.ended_on is None}
    today = {(row.employee_id, row.kind): row for row in rows if row.reached_on == day}
    for key, row in standing.items():
        if key[1] not in present.get(key[0], ()):
            row.ended_on = day
    count = 0
    for person in ids:
        for kind in sorted(present.get(person, ())):
            if (person, kind) in standing:
                continue
            count += 1
            _reach(session, person, kind, day, today.get((person, kind)))
    session.flush()
    return count


def _reach(
    session: Session, person: int, kind: str, day: date, same_day: ProfileMilestone | None
) -> None:
    if same_day is not None:
        same_day.ended_on = None  # lost and won again within a day
        return
    row = ProfileMilestone(employee_id=person, kind=kind, reached_on=day)
    session.add(row)
    session.flush()
    record(session, "skills:milestone:reach", row, people=[person], kind=kind)
    notify(
        session,
        employee_id=person,
        kind="milestone",
        message=Message(_TEXTS[kind]),
        url="/profil#tonggak",
        email=True,
        key=f"milestone:{kind}:{day.isoformat()}",
    )
