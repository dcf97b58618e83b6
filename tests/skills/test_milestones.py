"""A completed profile is noticed, with its day, in the history of the person."""

from datetime import date, timedelta

from app.core import clock
from app.core.notifications.models import Notification
from skills.models import (
    Position,
    ProfileMilestone,
    SkpRecord,
    Standard,
    StandardItem,
    TrainingRecord,
)
from skills.queries.profile import find_employee, profile_of
from skills.services.milestones import note_milestones
from skills.services.verification import accept_claim
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import actor_for, competency, make_claim, make_level


def test_completing_a_profile_is_told_with_its_day_and_kept_in_the_history(session):
    of = competency(session)
    standard = Standard(code="UJI", name="Uji", kind="position", state="in_force", source="")
    standard.items = [StandardItem(competency_id=of.id, level=3)]
    position = Position(name="Penguji", kind="PELAKSANA", standard_code="UJI")
    session.add_all([standard, position])
    session.flush()
    opd = make_opd(session)
    person = make_person(
        session,
        opd,
        position_id=position.id,
        supervisor_id=make_person(session, opd).id,
        official_email="uji@contoh.test",
        education_level="S1",
        education_field="Informatika",
    )
    make_account(session, employee=person)
    session.add(SkpRecord(employee_id=person.id, year=2025, predicate="BAIK", source="demo"))
    session.add(TrainingRecord(employee_id=person.id, title="Diklat", source="demo"))
    note_milestones(session)
    assert session.query(ProfileMilestone).count() == 0
    claim = make_claim(session, person, of)

    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim)

    found = session.query(ProfileMilestone).order_by(ProfileMilestone.kind).all()
    assert [(row.kind, row.reached_on) for row in found] == [
        ("complete", clock.today()),
        ("standard", clock.today()),
    ]
    assert session.query(Notification).filter_by(kind="milestone").count() == 2
    employee = find_employee(session, person.id)
    assert employee and profile_of(session, employee).completeness.percent == 100
    assert note_milestones(session) == 0

    make_level(session, person, of, 1, obtained_on=clock.today())
    person.official_email = None
    tomorrow = clock.today() + timedelta(days=1)
    standard.items[0].level = 5
    assert note_milestones(session, day=tomorrow) == 0
    assert {row.ended_on for row in found} == {tomorrow}

    person.official_email, standard.items[0].level = "uji@contoh.test", 3
    later = date(tomorrow.year + 1, 1, 5)
    assert note_milestones(session, day=later) == 2
    assert session.query(ProfileMilestone).count() == 4
