"""What must hold in a demonstration city, whatever its size."""

from collections import Counter

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.accounts import passwords
from app.core.accounts.models import Account
from app.core.files.models import StoredFile
from app.core.files.services import path_of
from app.demo.load import FEWEST
from courses.enums import EnrolmentState
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.rules import PassRule, attendance_percent, verdict
from matching.models import Placement, Seat
from skills.enums import EmploymentKind, Sex
from skills.models import (
    Claim,
    ClaimStep,
    Employee,
    LevelInForce,
    LevelRecord,
    Opd,
    ProfileVector,
    Unit,
)
from skills.siasn.nip import check_nip

pytestmark = pytest.mark.database
HOLDING = (EnrolmentState.ENROLLED, EnrolmentState.PASSED, EnrolmentState.FAILED)


@pytest.fixture(scope="module")
def staff(city):
    return city.session.scalars(select(Employee).order_by(Employee.id)).all()


def test_the_city_has_the_number_of_people_asked_for_in_every_opd(city, staff):
    opds = set(city.session.scalars(select(Opd.id)))

    assert len(staff) == FEWEST == city.loaded.counts["employee"]
    assert {person.opd_id for person in staff} == opds and len(opds) == 28


def test_every_nip_agrees_with_birth_sex_start_and_kind(staff):
    for person in staff:
        check = check_nip(
            person.nip,
            EmploymentKind(person.employment_kind),
            birth_date=person.birth_date,
            sex=Sex(person.sex),
            service_start=person.service_start,
        )
        assert (check.nip, check.problems) == (person.nip, ())


def test_dates_of_a_career_follow_each_other(staff):
    for person in staff:
        assert person.birth_date.year + 18 <= person.service_start.year
        assert person.service_start <= person.position_since < person.retirement_date
        assert person.service_start <= person.golongan_since
        assert person.graduation_year <= clock.today().year


def test_supervisors_lead_up_to_one_head_without_a_circle(staff):
    above = {person.id: person.supervisor_id for person in staff}
    assert [key for key, value in above.items() if value is None] == [staff[0].id]
    for person in above:
        steps, at = 0, person
        while (at := above[at]) is not None:
            steps += 1
            assert steps < 10


def test_units_are_trees_inside_their_opd(city, staff):
    units = {row.id: row for row in city.session.scalars(select(Unit))}
    for unit in units.values():
        parent = units.get(unit.parent_id)
        assert parent is None or (parent.opd_id == unit.opd_id and parent.id < unit.id)
    assert all(units[person.unit_id].opd_id == person.opd_id for person in staff)


def test_all_kinds_of_employment_and_some_retirements_soon(staff):
    kinds = Counter(person.employment_kind for person in staff)
    assert set(kinds) == set(EmploymentKind)
    assert kinds["PNS"] > kinds["PPPK"] > kinds["CPNS"]


def test_names_come_in_many_forms(staff):
    names = [person.name for person in staff]
    assert any(" " not in name for name in names) and max(map(len, names)) >= 25
    assert len(set(names)) > 0.95 * len(names)


def test_levels_in_force_and_vectors_are_computed(city, staff):
    levels = city.session.scalars(select(LevelInForce)).all()
    known = [row.verified_level or row.claimed_level for row in levels]
    with_levels = {row.employee_id for row in levels}

    assert known and all(1 <= level <= 5 for level in known)
    assert set(city.session.scalars(select(ProfileVector.employee_id))) == with_levels
    assert len(with_levels) < len(staff)  # some profiles are empty


def test_claims_stand_in_every_state_and_the_last_step_led_there(city):
    last = dict(
        city.session.execute(
            select(ClaimStep.claim_id, ClaimStep.to_state).order_by(ClaimStep.id)
        ).all()
    )
    claims = city.session.scalars(select(Claim)).all()
    states = Counter(claim.state for claim in claims)
    assert states["submitted"] + states["unit_accepted"] >= 40
    assert min(states[s] for s in ("draft", "returned", "accepted", "withdrawn")) > 0
    assert all(last.get(claim.id, "draft") == claim.state for claim in claims)
    assert all(claim.evidence for claim in claims if claim.state != "draft")


def test_a_claim_that_was_not_accepted_leaves_no_verified_level(city):
    rows = city.session.execute(
        select(Claim.state, LevelRecord.source, LevelRecord.withdrawn_at).join(
            LevelRecord, LevelRecord.claim_id == Claim.id
        )
    )
    for state, source, withdrawn in rows:
        assert source == "self" or state == "accepted"
        assert state not in ("returned", "withdrawn") or withdrawn is not None


def test_evidence_files_exist(city):
    with city.app.app_context():
        for stored in city.session.scalars(select(StoredFile)):
            assert path_of(stored).stat().st_size == stored.size


def test_seats_are_filled_exactly_where_their_places_are_held(city):
    held = Counter(
        city.session.scalars(
            select(Placement.seat_id).where(Placement.kind == "primary", Placement.until.is_(None))
        )
    )
    seats = city.session.scalars(select(Seat)).all()
    assert len({seat.opd_id for seat in seats}) == 28
    assert {seat.state for seat in seats} == {"vacant", "filled"}
    assert {seat.term_months for seat in seats} == {None, 6, 12, 24}
    assert all((held[seat.id] >= seat.places) == (seat.state == "filled") for seat in seats)


def test_holders_of_a_seat_work_in_its_opd(city):
    for placement in city.session.scalars(select(Placement)):
        assert placement.employee.opd_id == placement.seat.opd_id
        assert placement.since >= placement.seat.opened_on


def test_the_seats_taken_in_a_session_are_the_people_who_hold_one(city):
    holding = Counter(
        city.session.scalars(select(Enrolment.session_id).where(Enrolment.state.in_(HOLDING)))
    )
    sessions = city.session.scalars(select(Session)).all()
    assert {run.state for run in sessions} >= {"completed", "running", "open", "draft"}
    for run in sessions:
        assert run.seats_taken == holding[run.id] <= run.capacity
        days = [meeting.starts_at.date() for meeting in run.meetings]
        assert run.starts_on <= min(days) and max(days) <= run.ends_on


def test_results_of_completed_sessions_follow_the_rule_of_the_course(city):
    for run in city.session.scalars(select(Session).where(Session.state == "completed")):
        rule = PassRule(run.course.attendance_min, run.course.score_min)
        for row in city.session.scalars(select(Enrolment).where(Enrolment.session_id == run.id)):
            states = city.session.scalars(
                select(Attendance.state).join(Meeting).where(Attendance.enrolment_id == row.id)
            ).all()
            percent = attendance_percent(states, len(run.meetings))
            assert (row.attendance_percent, row.state == "passed") == (
                percent,
                verdict(percent, row.score, rule) == "passed",
            )


def test_there_is_one_sign_in_of_each_role_whose_password_works(city):
    assert len(city.loaded.sign_ins) == 9
    assert len({one.person.number for one in city.loaded.sign_ins.values()}) == 9
    for role, sign_in in city.loaded.sign_ins.items():
        account = city.session.scalar(select(Account).where(Account.nip == sign_in.person.nip))
        assert passwords.verify(account.password_hash, sign_in.password)
        assert not account.must_change_password
        assert role == "employee" or [grant.role for grant in account.grants] == [role]
