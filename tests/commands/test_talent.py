"""`flask talent` and `flask matching roles`: the same figures as the pages, as text and JSON."""

import json
from datetime import timedelta

import pytest

from app.core import clock
from app.core.actor import SYSTEM
from matching.services.decisions import place
from matching.services.succession import add_successor
from tests.factories.people import give_level, make_employee
from tests.factories.seats import make_seat
from tests.factories.talent import compute, make_measured


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


def answer(runner, *words):
    found = runner.invoke(args=[*words, "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.output)


def test_boxes_say_who_is_in_one(runner, session):
    star = make_measured(session, 95, "Sangat Baik")
    compute(session)
    session.commit()

    found = answer(runner, "talent", "boxes", "--box", "9")

    assert found["boxes"] == {"9": 1}
    assert [row["name"] for row in found["people"]] == [star.display_name]
    assert star.display_name in runner.invoke(args=["talent", "boxes", "--box", "9"]).output


def test_succession_gives_the_same_figures_for_the_same_seed(runner, session):
    seat = make_seat(session)
    soon = clock.today() + timedelta(days=400)
    holder, follower = make_employee(session, retirement_date=soon), make_employee(session)
    place(session, seat=seat, employee_id=holder.id, since=seat.opened_on)
    add_successor(
        session,
        actor=SYSTEM,
        seat=seat,
        employee_id=follower.id,
        readiness="two_years",
        reason="Dilatih",
    )
    session.commit()

    twice = [answer(runner, "talent", "succession", "--seed", "7") for _ in range(2)]
    certain = answer(runner, "talent", "succession", "--rate", "0")[0]

    assert twice[0] == twice[1]
    assert certain["covered"] == [1, 1, 1, 1, 1] and certain["certainly_empty_in"] is None
    assert runner.invoke(args=["talent", "succession", "--rate", "3"]).exit_code != 0


def test_the_forecast_counts_what_falls(runner, session):
    until = clock.today() + timedelta(days=10)
    give_level(session, make_employee(session), "AP-02", 3, valid_until=until)
    day = (until + timedelta(days=1)).isoformat()
    session.commit()

    found = answer(runner, "talent", "forecast", "--day", day)

    assert (found["levels_fallen"], found["people_fallen"]) == (1, 1)
    assert {"code": "AP-02", "now": 1, "then": 0} in found["competencies"]
    assert runner.invoke(args=["talent", "forecast", "--day", "2020-01-01"]).exit_code != 0


def test_roles_are_listed_with_what_they_ask(runner, session):
    make_seat(session)
    session.commit()

    found = {row["code"]: row for row in answer(runner, "matching", "roles")}

    assert found["ADM-JEPIN"]["seats"] == 1 and not found["ADM-JEPIN"]["thin"]
    assert "ADM-JEPIN" in runner.invoke(args=["matching", "roles"]).output
