"""Scouting on a real database: order, gates, bands, freezing."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import Conflict, InvalidInput
from matching.models import Placement, ScoutingRun
from matching.queries.coverage import coverage
from matching.services import decisions, fairness_sheet, runs, scouting
from matching.services.gates import Gates
from matching.services.seats import end_placement
from skills.enums import LevelSource
from skills.models import DisciplineRecord
from skills.services.touch import touch_people
from tests.factories.people import give_level, make_employee
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)


@pytest.fixture
def seat(session):
    return make_seat(session)


def rank(session, seat, **changes):
    criteria = replace(scouting.criteria_of(seat), **changes)
    return scouting.rank_for_role(session, role=seat.role, criteria=criteria)


def row_of(ranking, person):
    return next(row for row in ranking.people if row.person.id == person.id)


def test_it_puts_those_who_meet_the_role_first(session, seat):
    weak, strong = make_candidate(session, seat, 1), make_candidate(session, seat, 5)

    ranking = rank(session, seat)

    assert [row.person.id for row in ranking.people] == [strong.id, weak.id]
    assert row_of(ranking, strong).fit == pytest.approx(100)
    assert ranking.groups == {"meets": 1, "near": 0, "below": 1}


def test_unknown_is_a_band_and_not_zero(session, seat):
    unknown = make_candidate(session, seat)

    row = row_of(rank(session, seat), unknown)

    assert (row.fit, row.fit_high) == (0, pytest.approx(100))
    assert {item.state for item in row.scores} == {"unknown"}


def test_the_contributions_add_up_to_the_fit(session, seat):
    person = make_candidate(session, seat, 2)

    row = row_of(rank(session, seat), person)

    assert sum(item.points for item in row.scores) == pytest.approx(row.fit)
    assert sum(item.most for item in row.scores) == pytest.approx(100)


def test_verified_beats_claimed_and_verifying_never_lowers(session, seat):
    code = seat.role.standard.items[0].competency.code
    person = make_candidate(session, seat)
    give_level(session, person, code, 3, source=LevelSource.SELF)
    before = row_of(rank(session, seat), person).fit

    give_level(session, person, code, 3, source=LevelSource.EVIDENCE)

    after = row_of(rank(session, seat), person)
    assert 0 < before < after.fit <= after.fit_high


def test_a_change_of_one_profile_reaches_the_next_ranking(session, seat):
    person, other = make_candidate(session, seat, 1), make_candidate(session, seat, 2)
    assert rank(session, seat).people[0].person.id == other.id

    for item in seat.role.standard.items:
        give_level(session, person, item.competency.code, 5)

    assert rank(session, seat).people[0].person.id == person.id


def test_gates_count_what_they_leave_and_exclude_with_a_reason(session, seat):
    passes = make_candidate(session, seat, 3)
    make_employee(session, golongan="I/a")
    make_employee(session, golongan=None)
    punished = make_employee(session)
    session.add(DisciplineRecord(employee_id=punished.id, severity="heavy", since=date(2026, 1, 1)))
    touch_people(session, employee_ids=[punished.id])

    ranking = rank(session, seat)

    assert [row.person.id for row in ranking.people] == [passes.id]
    steps = {step.name: step for step in ranking.steps}
    assert steps["golongan_min"].removed == 2
    assert steps["golongan_min"].unknown == 1
    assert steps["discipline_clean_years"].removed == 1


def test_a_gate_that_leaves_nobody_is_named(session, seat):
    make_candidate(session, seat)

    ranking = rank(session, seat, gates=Gates(service_years_min=60))

    assert ranking.people == []
    assert ranking.emptied_by.name == "service_years_min"


def test_sex_age_and_origin_change_nothing(session, seat):
    person = make_candidate(session, seat, 3)
    before = rank(session, seat)

    person.sex, person.birth_date, person.name = "P", date(1971, 5, 5), "Nama Lain"
    session.flush()
    touch_people(session, employee_ids=[person.id])

    after = rank(session, seat)
    assert after.order_hash == before.order_hash


def test_ties_end_at_the_id(session, seat):
    twins = [make_candidate(session, seat) for _number in range(3)]

    found = [row.person.id for row in rank(session, seat, order="fit").people]

    assert found == sorted(person.id for person in twins)


def test_a_role_that_asks_nothing_is_refused(session, seat):
    with pytest.raises(InvalidInput):
        rank(session, seat, requirements=())


def test_an_empty_pool_gives_an_empty_list(session, seat):
    assert rank(session, seat).people == []


def shortlist(session, seat, *people):
    ranking = rank(session, seat)
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    chosen = [
        decisions.Candidate(
            row.person.id, row.rank, row.fit, row.fit_high, row.similarity, {"group": row.group}
        )
        for row in ranking.people
        if row.person.id in {person.id for person in people}
    ]
    entries = decisions.shortlist(
        session, actor=OFFICER, seat=seat, run=run, candidates=chosen, reason="Paling siap"
    )
    fairness_sheet.acknowledge(
        session,
        actor=OFFICER,
        seat=seat,
        number=decisions.current_round(session, seat.id),
        entries=entries,
        expected_key=fairness_sheet.shortlist_key(entries),
    )
    return entries


def test_the_same_inputs_are_frozen_once(session, seat):
    make_candidate(session, seat, 3)

    for _time in range(2):
        ranking = rank(session, seat)
        runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)

    assert len(session.scalars(select(ScoutingRun)).all()) == 1


def test_a_decision_fills_the_seat_and_raises_the_coverage(session, seat):
    first, second = make_candidate(session, seat, 4), make_candidate(session, seat, 3)
    shortlist(session, seat, first, second)

    decisions.decide(
        session,
        actor=OFFICER,
        seat=seat,
        employee_id=first.id,
        backup_id=second.id,
        reason="Terbaik",
    )

    figures = coverage(session, day=date(2026, 11, 24))
    assert (seat.state, figures.filled, figures.seats) == ("filled", 1, 1)
    kinds = dict(session.execute(select(Placement.employee_id, Placement.kind)).all())
    assert kinds == {first.id: "primary", second.id: "backup"}


def test_a_seat_filled_meanwhile_is_not_overwritten(session, seat):
    first, second = make_candidate(session, seat, 4), make_candidate(session, seat, 3)
    shortlist(session, seat, first, second)
    seen = seat.version
    decisions.decide(session, actor=OFFICER, seat=seat, employee_id=first.id, reason="Terbaik")

    with pytest.raises(Conflict):
        decisions.decide(
            session,
            actor=OFFICER,
            seat=seat,
            employee_id=second.id,
            reason="Juga baik",
            expected_version=seen,
        )


def test_only_somebody_on_the_shortlist_can_be_decided_for(session, seat):
    outsider = make_candidate(session, seat, 4)

    with pytest.raises(InvalidInput) as refusal:
        decisions.decide(
            session, actor=OFFICER, seat=seat, employee_id=outsider.id, reason="Langsung"
        )

    assert refusal.value.field == "employee_id"


def test_ending_a_placement_opens_the_seat_for_another_round(session, seat):
    person = make_candidate(session, seat, 4)
    shortlist(session, seat, person)
    decisions.decide(session, actor=OFFICER, seat=seat, employee_id=person.id, reason="Terbaik")
    placement = session.scalars(select(Placement)).one()

    end_placement(session, placement=placement, on=placement.since, reason="Pindah tugas")

    assert seat.state == "vacant"
    assert decisions.current_round(session, seat.id) == 2
    assert decisions.entries_of(session, seat) == []
