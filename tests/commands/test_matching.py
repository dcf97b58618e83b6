"""`flask matching` answers like the page."""

import json

from tests.factories.seats import make_candidate, make_seat


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["matching", *arguments])


def test_the_json_carries_the_contributions_of_the_page(app, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 4)
    session.commit()

    answer = run(app, "search", "--seat", seat.code, "--json")

    found = json.loads(answer.output)
    assert found["people"][0]["employee_id"] == person.id
    points = [item["points"] for item in found["people"][0]["requirements"]]
    assert abs(sum(points) - found["people"][0]["fit"]) < 0.01


def test_an_unknown_seat_is_an_error_with_a_sentence(app):
    answer = run(app, "search", "--seat", "TIDAK-ADA")

    assert answer.exit_code == 1
    assert "No seat with the code" in answer.output


def test_fitting_twice_gives_the_same_model(app, session):
    make_candidate(session, make_seat(session), 3)
    session.commit()

    assert run(app, "fit").output == run(app, "fit").output
