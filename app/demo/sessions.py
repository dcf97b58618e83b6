"""Trainings of the city: held, running, open and planned, with people, attendance and results."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.core.accounts.models import Account
from app.demo.city import City
from app.demo.people import Person
from app.demo.skill import Ability
from app.demo.words import pick, words
from app.demo.writing import follow_ids, insert_rows, last_id
from courses.enums import AttendanceState, EnrolmentState, SessionState
from courses.models import Attendance, Course, Enrolment, Meeting, Organiser, Session, Signatory
from courses.rules import PassRule, Verdict, attendance_percent, verdict
from skills.enums import EmploymentState

_JP_A_DAY = 8
_HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)
_PRESENCE = {
    AttendanceState.PRESENT: 965,
    AttendanceState.PERMITTED: 17,
    AttendanceState.ILL: 10,
    AttendanceState.ABSENT: 8,
}


@dataclass
class Run:
    """A session before it is written."""

    id: int
    plan: Mapping[str, Any]
    course: Course
    code: str
    days: list[date]
    meeting_ids: list[int]
    participants: list["Seated"] = field(default_factory=list)

    @property
    def state(self) -> SessionState:
        """State of the session."""
        return SessionState(self.plan["state"])


@dataclass
class Seated:
    """Somebody in a session, with attendance per meeting held."""

    id: int
    person: Person
    state: EnrolmentState
    presence: list[AttendanceState] = field(default_factory=list)
    score: float | None = None
    percent: float | None = None
    reason: str | None = None


def write_sessions(
    city: City,
    abilities: Mapping[int, Ability],
    account: Account,
    known: Person,
    team: Sequence[Person] = (),
) -> dict[str, int]:
    """Write sessions with meetings, people and attendance; return counts.

    Args:
        account: the organiser's, who planned them and took attendance.
        known: the person of the employee sign-in, who is in some of them.
        team: people of the supervisor's unit, some of whom wait for a decision.
    """
    rng = city.rng("sessions")
    runs = list(_runs(rng, city, abilities, known, team))
    signatory = _signatory(city)
    organiser = city.session.scalars(select(Organiser).order_by(Organiser.id)).first()
    if organiser is None:
        raise LookupError("the catalogue names no organiser")
    links = {
        "organiser_id": organiser.id,
        "signatory_id": signatory.id,
        "created_by_id": account.id,
    }
    session = city.session
    insert_rows(session, Session, ({**_session_row(rng, city, run), **links} for run in runs))
    insert_rows(session, Meeting, (row for run in runs for row in _meetings(city, run)))
    people = [row for run in runs for row in _enrolments(rng, city, run)]
    insert_rows(session, Enrolment, people)
    cells = [row for run in runs for row in _attendance(city, run, account)]
    insert_rows(session, Attendance, cells)
    follow_ids(session, Session, Meeting, Enrolment)
    return {"session": len(runs), "enrolment": len(people), "attendance": len(cells)}


def _runs(
    rng: Random,
    city: City,
    abilities: Mapping[int, Ability],
    known: Person,
    team: Sequence[Person],
) -> Iterator[Run]:
    courses = {row.code: row for row in city.session.scalars(select(Course))}
    number, meeting = last_id(city.session, Session), last_id(city.session, Meeting)
    person = last_id(city.session, Enrolment)
    used: Counter[str] = Counter()
    for plan in words("sessions")["sessions"]:
        course = courses[plan["course"]]
        days = _weekdays(city.day + timedelta(days=plan["starts"]), -(-course.jp // _JP_A_DAY))
        if plan.get("ended"):  # the last meeting was yesterday at the latest
            days = [day - timedelta(days=max(0, (days[-1] - city.day).days + 1)) for day in days]
        if plan.get("today"):  # whatever day of the week it is
            days = [*[day for day in days if day < city.day], city.day]
        number, used[course.code] = number + 1, used[course.code] + 1
        ids = list(range(meeting + 1, meeting + 1 + len(days)))
        meeting += len(days)
        code = f"{course.code}-{city.day.year}-{used[course.code]:02d}"
        run = Run(number, plan, course, code, days, ids)
        for state in _states(plan):
            person += 1
            first = not run.participants and plan.get("known")
            who = known if first else _draw(rng, city, abilities, run)
            run.participants.append(Seated(person, who, state))
        for who in team[: plan.get("team", 0)]:
            person += 1
            run.participants.append(Seated(person, who, EnrolmentState.PROPOSED))
        for one in run.participants:
            _attend(rng, city, run, one)
        yield run


def _weekdays(first: date, count: int) -> list[date]:
    """Return so many working days from a date on."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def _states(plan: Mapping[str, Any]) -> list[EnrolmentState]:
    return [
        *[EnrolmentState.ENROLLED] * plan["people"],
        *[EnrolmentState.WAITLISTED] * plan.get("waiting", 0),
        *[EnrolmentState.PROPOSED] * plan.get("proposed", 0),
    ]


def _draw(rng: Random, city: City, abilities: Mapping[int, Ability], run: Run) -> Person:
    """Return somebody who could use the course and is not in it yet."""
    inside = {one.person.number for one in run.participants}
    taught = {item.competency.code for item in run.course.competencies}
    while True:
        person = rng.choice(city.people)
        ability = abilities[person.number]
        skill = ability.skill
        usable = person.state is EmploymentState.ACTIVE and person.service_start < run.days[0]
        chance = 0.05 + skill * (1 - skill) * 2
        if run.plan.get("fair"):  # scarce because many need it
            chance = 0.9 if taught & set(ability.asked) else 0.02
        if usable and person.number not in inside and rng.random() < chance:
            return person


def _attend(rng: Random, city: City, run: Run, one: Seated) -> None:
    """Take part in the meetings held so far; a completed session has its result."""
    if one.state is not EnrolmentState.ENROLLED or run.state in (
        SessionState.OPEN,
        SessionState.DRAFT,
    ):
        return
    held = [day for day in run.days if day < city.day]
    lazy = rng.random() < 0.06
    one.presence = [
        AttendanceState.ABSENT if lazy and rng.random() < 0.6 else pick(rng, _PRESENCE)
        for _day in held
    ]
    if run.state is not SessionState.COMPLETED:
        return
    one.score = round(max(40.0, min(99.0, rng.gauss(83, 7.5))), 1)
    one.percent = attendance_percent(one.presence, len(run.days))
    rule = PassRule(run.course.attendance_min, run.course.score_min)
    outcome = verdict(one.percent, one.score, rule)
    passed = outcome is Verdict.PASSED
    one.state = EnrolmentState.PASSED if passed else EnrolmentState.FAILED
    one.reason = None if passed else outcome.value


def _signatory(city: City) -> Signatory:
    """Add the head of the personnel agency as the one who signs."""
    head = next(p for p in city.people if p.opd_code == "022" and p.post.entry.code == "KABAN")
    ranks = {row.golongan: row.pangkat for row in city.files.golongan}
    titles = head.schooling
    name = f"{titles.title_front or ''} {head.name}".strip()
    signatory = Signatory(
        name=f"{name}, {titles.title_back}" if titles.title_back else name,
        office="Kepala BKPSDM Kota Pontianak",
        rank=f"{ranks[head.golongan]} ({head.golongan})",
        valid_from=head.position_since,
    )
    city.session.add(signatory)
    city.session.flush()
    return signatory


def _session_row(rng: Random, city: City, run: Run) -> dict[str, Any]:
    lists = words("sessions")
    first, last = run.days[0], run.days[-1]
    planned = min(first - timedelta(days=rng.randint(45, 70)), city.days_ago(4))
    return {
        "id": run.id,
        "code": run.code,
        "course_id": run.course.id,
        "title": run.course.title,
        "starts_on": first,
        "ends_on": last,
        "place": rng.choice(lists["places"]),
        "link": None,
        "trainer": rng.choice(lists["trainers"]),
        "capacity": run.plan["capacity"],
        "seats_taken": sum(one.state in _HOLDING for one in run.participants),
        "registration_opens": planned + timedelta(days=2),
        "registration_closes": city.days_ago(run.plan["closed"])
        if "closed" in run.plan
        else max(first - timedelta(days=3), planned + timedelta(days=3)),
        "needs_approval": bool(run.plan.get("approval")),
        "supervisor_approval": bool(run.plan.get("supervisor")),
        "seat_method": "fair" if run.plan.get("fair") else "order",
        "seed": f"{rng.getrandbits(64):016x}" if run.plan.get("fair") else None,
        "default_quota": run.plan.get("quota"),
        "early_minutes": run.plan.get("early", 30),
        "late_minutes": run.plan.get("late", 30),
        "state": run.state.value,
        "note": "",
        "printed_note": "",
        "created_at": city.at(planned),
        "completed_at": city.at(last, 16) if run.state is SessionState.COMPLETED else None,
    }


def _meetings(city: City, run: Run) -> Iterator[dict[str, Any]]:
    topics = [topic.title for topic in run.course.topics]
    for place, (number, day) in enumerate(zip(run.meeting_ids, run.days, strict=True)):
        yield {
            "id": number,
            "session_id": run.id,
            "starts_at": city.at(day, 8),
            "ends_at": city.at(day, 15, 30),
            "topic": topics[place * len(topics) // len(run.days)],
        }


def _enrolments(rng: Random, city: City, run: Run) -> Iterator[dict[str, Any]]:
    known = min(run.days[0], city.day)
    for place, one in enumerate(run.participants):
        # Who came first has a seat, who came last waits.
        moment = city.at(known - timedelta(days=2), 9) + timedelta(minutes=7 * place)
        waiting = one.state is EnrolmentState.WAITLISTED
        own = one.state is EnrolmentState.PROPOSED or rng.random() < 0.55
        yield {
            "id": one.id,
            "session_id": run.id,
            "employee_id": city.employee_id(one.person),
            "state": one.state.value,
            "source": "self" if own else "organiser",
            "waiting_since": moment if waiting else None,
            "score": one.score,
            "attendance_percent": one.percent,
            "result_reason": one.reason,
            "created_at": moment,
            "supervisor_label": "",
            "allocation": {},
        }


def _attendance(city: City, run: Run, account: Account) -> Iterator[dict[str, Any]]:
    for one in run.participants:
        for meeting, day, state in zip(run.meeting_ids, run.days, one.presence, strict=False):
            yield {
                "meeting_id": meeting,
                "enrolment_id": one.id,
                "state": state.value,
                "recorded_at": city.at(day, 15, 45),
                "recorded_by_id": account.id,
            }
