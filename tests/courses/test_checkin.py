"""Check-in by the changing code: bound to one meeting, short-lived, with an honest answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.errors import InvalidTransition
from courses.enums import AttendanceState
from courses.models import Attendance
from courses.services.checkin import check_in, code_now
from skills.models import Employee
from tests.factories.courses import make_enrolment, make_session


@pytest.fixture
def run(session):
    run = make_session(session, state="running", starts=0, days=2)
    run.meetings[0].starts_at = clock.now() - timedelta(minutes=5)
    run.meetings[0].ends_at = clock.now() + timedelta(hours=3)
    return run


@pytest.fixture
def person(session, run):
    return make_enrolment(session, run).employee_id


def scan(session, run, person, code=None, meeting=0):
    place = run.meetings[meeting]
    return check_in(
        session,
        actor=SYSTEM,
        employee_id=person,
        meeting=place,
        code=code if code is not None else code_now(place),
    )


def test_the_answer_says_what_was_stored(session, run, person):
    done = scan(session, run, person)

    stored = session.scalars(select(Attendance)).one()
    assert (stored.state, stored.how) == (AttendanceState.PRESENT, "qr")
    assert (done.run.id, done.at, done.before) == (run.id, stored.recorded_at, False)


def test_a_second_scan_says_that_it_was_stored_before(session, run, person):
    scan(session, run, person)

    assert scan(session, run, person).before
    assert len(session.scalars(select(Attendance)).all()) == 1


def test_the_code_of_one_meeting_opens_no_other(session, run, person):
    run.meetings[1].starts_at = run.meetings[0].starts_at
    run.meetings[1].ends_at = run.meetings[0].ends_at

    with pytest.raises(InvalidTransition, match="Kode sudah berganti"):
        scan(session, run, person, code=code_now(run.meetings[0]), meeting=1)
    assert session.scalars(select(Attendance)).all() == []


def test_a_photo_of_the_screen_is_worthless_soon(session, run, person):
    old = code_now(run.meetings[0], clock.now() - timedelta(minutes=5))

    with pytest.raises(InvalidTransition, match="Kode sudah berganti"):
        scan(session, run, person, code=old)


def test_who_is_too_early_is_told_when_to_come_back(session, run, person):
    run.meetings[0].starts_at = clock.now() + timedelta(minutes=run.early_minutes + 2)
    run.meetings[0].ends_at = clock.now() + timedelta(hours=5)

    with pytest.raises(InvalidTransition, match=r"Terlalu awal. Pindai lagi mulai \d\d/\d\d"):
        scan(session, run, person)


def test_a_little_early_is_accepted(session, run, person):
    run.meetings[0].starts_at = clock.now() + timedelta(minutes=2)

    assert not scan(session, run, person).before


def test_who_is_not_enrolled_is_told_so(session, run):
    from tests.factories.people import make_employee

    with pytest.raises(InvalidTransition, match="bukan peserta"):
        scan(session, run, make_employee(session).id)


def test_late_is_refused_with_the_time_it_closed(session, run, person):
    run.meetings[0].starts_at = clock.now() - timedelta(minutes=run.late_minutes + 1)

    with pytest.raises(InvalidTransition, match="Presensi ditutup pukul"):
        scan(session, run, person)


def test_two_courses_at_the_same_hour_are_not_duplicates_of_each_other(session, run, person):
    other = make_session(session, state="running", starts=0, days=1)
    other.meetings[0].starts_at = run.meetings[0].starts_at
    other.meetings[0].ends_at = run.meetings[0].ends_at
    make_enrolment(session, other, session.get_one(Employee, person))

    first, second = scan(session, run, person), scan(session, other, person)

    assert not first.before and not second.before
    meetings = session.scalars(select(Attendance.meeting_id)).all()
    assert sorted(meetings) == sorted([run.meetings[0].id, other.meetings[0].id])
