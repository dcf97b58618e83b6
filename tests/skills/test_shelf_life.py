"""Levels end by themselves, and those concerned hear of it in time."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import transaction
from app.core.errors import InvalidInput
from app.core.jobs.models import Job
from app.core.notifications.models import Notification
from skills.enums import LevelSource
from skills.models import Employee, LevelInForce
from skills.rules import LevelPolicy, PolicyMode
from skills.services.level_policy import change_policy, checked_policy, preview_policy
from skills.services.shelf_life import run_daily
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import actor_for, competency, make_level

TODAY = clock.today()


@pytest.fixture
def person(session: Session) -> Employee:
    """Somebody with an account, a chief with one, and an officer."""
    opd = make_opd(session)
    chief = make_person(session, opd)
    found = make_person(session, opd, supervisor_id=chief.id)
    for role, employee in (("employee", found), ("supervisor", chief), ("officer", None)):
        make_account(session, role, employee=employee)
    return found


def notices(session: Session) -> int:
    """Return how many notices there are."""
    return session.query(Notification).count()


def until(session: Session, person: Employee, day: date, code: str = "PB-01") -> None:
    """Give a level that ends on a day."""
    make_level(
        session,
        person,
        competency(session, code),
        3,
        obtained_on=date(2025, 1, 1),
        valid_until=day,
    )


def test_a_level_falls_back_on_the_day_after_its_end(session, person):
    of = competency(session)
    make_level(session, person, of, 2, obtained_on=date(2024, 1, 1))
    until(session, person, TODAY)
    assert run_daily(session).fallen == 0

    done = run_daily(session, day=TODAY + timedelta(days=1))

    assert done.fallen == 1
    assert session.get(LevelInForce, (person.id, of.id)).verified_level == 2


def test_a_claim_whose_evidence_ended_stops_counting(session, person):
    of = competency(session)
    make_level(session, person, of, 3, source=LevelSource.SELF, valid_until=TODAY)

    run_daily(session, day=TODAY + timedelta(days=1))

    assert session.get(LevelInForce, (person.id, of.id)) is None


@pytest.mark.parametrize("lead", [90, 30, 7])
def test_owner_supervisor_and_officers_are_reminded_in_time(session, person, lead):
    until(session, person, TODAY + timedelta(days=lead))

    done = run_daily(session)

    assert (done.reminded, notices(session)) == (1, 3)


def test_a_second_run_of_a_day_repeats_nothing(session, person):
    until(session, person, TODAY + timedelta(days=7))
    run_daily(session)
    session.commit()

    assert run_daily(session).reminded == 0
    assert notices(session) == 3


def test_a_missed_day_loses_no_reminder(session, person, monkeypatch):
    until(session, person, TODAY + timedelta(days=31))
    run_daily(session)
    session.commit()

    assert run_daily(session, day=TODAY + timedelta(days=5)).reminded == 1


def test_a_policy_change_shows_its_difference_before_it_is_applied(session, person):
    of = competency(session)
    make_level(session, person, of, 4, obtained_on=date(2019, 1, 1))
    policy = LevelPolicy(PolicyMode.BEST_WITHIN, 3)

    shown = preview_policy(session, competency_id=of.id, policy=policy)

    assert (shown.people, shown.lost, len(shown.changes)) == (1, 1, 1)
    assert session.get(LevelInForce, (person.id, of.id)).verified_level == 4


def test_a_policy_change_recomputes_everybody_in_a_job(session, person):
    of = competency(session)
    make_level(session, person, of, 4, obtained_on=date(2019, 1, 1))
    session.commit()

    with transaction(actor_for(None, "officer")) as own:
        change_policy(
            own,
            actor=actor_for(None, "officer"),
            competency=own.get(type(of), of.id),
            policy=LevelPolicy(PolicyMode.BEST_WITHIN, 3),
        )

    session.rollback()
    session.expire_all()
    assert session.query(Job).one().state == "done"
    assert session.get(LevelInForce, (person.id, of.id)) is None


@pytest.mark.parametrize(("mode", "years"), [("oldest", None), ("best_within", None)])
def test_an_incomplete_policy_is_refused(mode, years):
    with pytest.raises(InvalidInput):
        checked_policy(mode=mode, years=years)
