"""Fairness sheets, the agreement of panels, and that protected attributes change nothing."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import Conflict, InvalidInput
from matching.models import ShortlistEntry
from matching.rules import interval_alpha
from matching.services import decisions, fairness_sheet, panel, runs, scouting
from skills.models import Employee
from skills.services.touch import touch_people
from tests.factories.accounts import make_account
from tests.factories.seats import make_candidate, make_seat

OFFICER = Actor(account_id=None, label="Petugas Uji", is_system=True)


@pytest.fixture
def seat(session):
    return make_seat(session)


def shortlist(session, seat, *people):
    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    run = runs.keep_run(session, actor=OFFICER, seat=seat, ranking=ranking)
    wanted = {person.id for person in people}
    chosen = [
        decisions.Candidate(row.person.id, row.rank, row.fit, row.fit_high, row.similarity, {})
        for row in ranking.people
        if row.person.id in wanted
    ]
    return decisions.shortlist(
        session, actor=OFFICER, seat=seat, run=run, candidates=chosen, reason="Siap"
    )


PROTECTED = [("L", 1970), ("P", 1975), ("L", 1980), ("P", 1985), ("L", 1990), (None, 1999)]


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations(PROTECTED), st.permutations(range(6)))
def test_permuting_protected_attributes_gives_identical_scores(session, seat, values, homes):
    known = session.scalars(select(Employee).order_by(Employee.id)).all()
    people = known or [make_candidate(session, seat, level) for level in (1, 2, 3, 4, 5, None)]
    criteria = scouting.criteria_of(seat)
    before = scouting.rank_for_role(session, role=seat.role, criteria=criteria)
    opd = sorted(person.opd_id for person in people)

    for person, (sex, year), home in zip(people, values, homes, strict=True):
        person.sex, person.birth_date, person.name = sex, date(year, 2, 3), f"Nama {year}"
        person.opd_id = opd[home]
    session.flush()
    touch_people(session, employee_ids=[person.id for person in people])

    after = scouting.rank_for_role(session, role=seat.role, criteria=criteria)
    assert after.scored.packed == before.scored.packed


def test_the_sheet_counts_by_group_and_names_near_misses(session, seat):
    people = [make_candidate(session, seat, level) for level in (5, 5, 5, 1)]
    for person in people[:2]:
        person.sex = "P"
    entries = shortlist(session, seat, *people[:2])

    sheet = fairness_sheet.make_sheet(session, entries=entries)

    by_sex = {row.group: (row.people, row.selected) for row in sheet.groups["sex"]}
    assert by_sex == {"P": (2, 2), "L": (2, 0)}
    assert all(row.small for row in sheet.groups["sex"])
    assert [item.employee_id for item in sheet.near] == [people[2].id]


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(1996, 11, 24), "30-39"),
        (date(1996, 11, 25), "0-29"),
        (date(1970, 1, 1), "50+"),
        (None, "?"),
    ],
)
def test_age_bands_change_on_the_birthday(birth, band):
    assert fairness_sheet.age_band(birth, date(2026, 11, 24), (30, 40, 50)) == band


def test_no_decision_without_the_sheet_of_this_shortlist(session, seat):
    first, second = make_candidate(session, seat, 5), make_candidate(session, seat, 4)
    entries = shortlist(session, seat, first)
    acknowledge(session, seat, entries)
    shortlist(session, seat, second)

    with pytest.raises(Conflict):
        decisions.decide(session, actor=OFFICER, seat=seat, employee_id=first.id, reason="Siap")
    acknowledge(session, seat, decisions.entries_of(session, seat))
    decisions.decide(session, actor=OFFICER, seat=seat, employee_id=first.id, reason="Siap")


def acknowledge(session, seat, entries):
    return fairness_sheet.acknowledge(
        session,
        actor=OFFICER,
        seat=seat,
        number=1,
        entries=entries,
        expected_key=fairness_sheet.shortlist_key(entries),
    )


def test_agreement_of_raters():
    assert interval_alpha([[3, 3], [5, 5], [1, 1]]) == 1.0
    assert interval_alpha([[1, 2], [2, 1]]) < 0
    assert interval_alpha([[4], [2]]) is None
    # Units (1, 2) and (3, 4): observed 1, expected over all ordered pairs 40 / 12.
    assert interval_alpha([[1, 2], [3, 4]]) == pytest.approx(1 - 1 / (40 / 12))


def test_panel_scores_are_weighted_and_replaced(session, seat):
    [entry] = shortlist(session, seat, make_candidate(session, seat, 5))
    first, second, *_rest = panel.criteria_in_use(session)
    members = [Actor(make_account(session, "officer").id, f"Anggota {n}") for n in (1, 2)]

    for member, scores in zip(members, ((2, 5), (4, 5)), strict=True):
        values = {first.id: scores[0], second.id: scores[1]}
        panel.give_scores(session, actor=member, entry=entry, scores={first.id: 1})
        panel.give_scores(session, actor=member, entry=entry, scores=values)

    found = panel.panel_of(session, [session.get(ShortlistEntry, entry.id)])
    weight = first.weight + second.weight
    expected = (first.weight * 3 + second.weight * 5) / weight
    assert found.results[entry.id].mean == pytest.approx(expected)
    assert (found.results[entry.id].members, found.agreement is not None) == (2, True)
    with pytest.raises(InvalidInput):
        panel.give_scores(session, actor=members[0], entry=entry, scores={first.id: 6})
