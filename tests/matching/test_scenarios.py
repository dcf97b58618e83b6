"""All seats at once: never worse than one by one, constraints, proposals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import InvalidInput
from matching.engine.constrained import Constraints, assign
from matching.models import ScoutingRun, ShortlistEntry
from matching.services.decisions import place
from matching.services.scenario_proposals import propose
from matching.services.scenarios import ScenarioSettings, build_problem, solve_scenario
from matching.talent_rules import fill_one_by_one, objective_of
from tests.factories.offices import make_opd
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(label="Petugas Uji", is_system=True)


def solve(session, **settings):
    return solve_scenario(session, actor=OFFICER, name="Uji", settings=ScenarioSettings(**settings))


@st.composite
def cases(draw):
    people, seats = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    fit = draw(arrays.arrays(np.float64, (people, seats), elements=st.integers(0, 100)))
    allowed = draw(arrays.arrays(np.bool_, (people, seats)))
    home = draw(arrays.arrays(np.int64, people, elements=st.integers(0, 2)))
    limits = draw(st.dictionaries(st.integers(0, 2), st.integers(0, 2)))
    constraints = Constraints(
        home=home,
        seat_opd=draw(arrays.arrays(np.int64, seats, elements=st.integers(0, 2))),
        most_leavers=limits,
        own_opd_bonus=draw(st.sampled_from([0.0, 15.0])),
        backups=draw(st.booleans()),
        must_fill=False,
    )
    return fit, allowed, constraints


@given(cases())
def test_together_is_never_worse_than_one_by_one(case):
    fit, allowed, constraints = case

    best, greedy = assign(fit, allowed, constraints), fill_one_by_one(fit, allowed, constraints)

    assert best.filled >= greedy.filled
    if best.filled == greedy.filled:
        mine, theirs = (objective_of(fit, item, constraints) for item in (best, greedy))
        assert mine >= theirs - 1e-6


def test_the_city_fills_more_seats_than_filling_by_hand(session):
    first, second = make_seat(session), make_seat(session)
    make_candidate(session, first, 5)
    make_candidate(session, second, 3)

    scenario = solve(session)

    assert scenario.state == "solved"
    assert scenario.figures["filled"] == 2
    assert scenario.figures["objective"] >= scenario.figures["greedy_objective"]


def test_nobody_below_the_least_fit_or_outside_the_gates_is_proposed(session):
    seat = make_seat(session)
    strong = make_candidate(session, seat, 5)
    strong.golongan = "I/a"
    strong.profile_version += 1
    make_candidate(session, seat)

    scenario = solve(session)

    assert [row.employee_id for row in scenario.rows] == [None]


def test_a_holder_elsewhere_is_left_in_peace(session):
    held, vacant = make_seat(session), make_seat(session)
    holder = make_candidate(session, held, 5)
    place(session, seat=held, employee_id=holder.id, since=held.opened_on)
    holder.profile_version += 1
    session.flush()

    rows = {row.seat_id: row.employee_id for row in solve(session).rows}
    kept = {row.seat_id: row.employee_id for row in solve(session, keep_holders=True).rows}

    assert rows == {vacant.id: None}
    assert kept[held.id] == holder.id


def test_a_limit_of_leavers_has_a_price(session):
    home = make_opd(session)
    seats = [make_seat(session) for _ in range(2)]
    for _ in seats:
        make_candidate(session, seats[0], 5).opd_id = home.id
    session.flush()

    scenario = solve(session, most_leavers=1)

    assert scenario.figures["filled"] == 1
    assert scenario.figures["costs"][0]["constraint"] == "most_leavers"
    assert scenario.figures["costs"][0]["filled"] == 1


def test_an_impossible_wish_names_what_to_relax(session):
    seat = make_seat(session)

    make_candidate(session, seat)
    scenario = solve(session, must_fill=True)

    assert scenario.state == "infeasible"
    assert scenario.figures["relaxations"] == [{"constraint": "eligibility", "where": [seat.id]}]


def test_a_locked_pair_stays(session):
    seat = make_seat(session)
    strong, chosen = make_candidate(session, seat, 5), make_candidate(session, seat, 3)

    scenario = solve(session, locked=((chosen.id, seat.id),))

    assert [row.employee_id for row in scenario.rows] == [chosen.id]
    assert scenario.rows[0].greedy_id == chosen.id != strong.id
    with pytest.raises(InvalidInput):
        solve(session, locked=((chosen.id, seat.id), (strong.id, seat.id)))


def test_the_same_inputs_give_the_same_hash(session):
    seat = make_seat(session)
    make_candidate(session, seat, 4)

    first, second = solve(session), solve(session)

    assert first.inputs_hash == second.inputs_hash
    assert build_problem(session, ScenarioSettings()).fit.shape == (1, 1)


def test_a_scenario_becomes_entries_on_shortlists_with_kept_runs(session):
    seat = make_seat(session)
    person, backup = make_candidate(session, seat, 5), make_candidate(session, seat, 4)
    scenario = solve(session, backups=True)

    made = propose(session, actor=OFFICER, scenario=scenario, numbers={1}, reason="Rencana kota")

    entries = session.scalars(select(ShortlistEntry).order_by(ShortlistEntry.rank)).all()
    assert [entry.employee_id for entry in entries] == [person.id, backup.id]
    assert made.added == 2
    assert session.scalars(select(ScoutingRun.seat_id)).all() == [seat.id]
    assert scenario.state == "proposed"


def test_a_seat_filled_meanwhile_is_left_out_and_named(session):
    seat = make_seat(session)
    make_candidate(session, seat, 5)
    scenario = solve(session)
    other = make_candidate(session, seat, 3)
    place(session, seat=seat, employee_id=other.id, since=seat.opened_on)

    made = propose(session, actor=OFFICER, scenario=scenario, numbers={1}, reason="Rencana kota")

    assert made.added == 0
    assert [row.seat_id for row, _why in made.skipped] == [seat.id]
