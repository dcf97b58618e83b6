"""What would change a place: documents, trainings, weightings."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.rules import order_rows, place_of
from matching.services import scouting
from matching.services.explain import decisive_documents, matched_phrases
from matching.services.stability import list_intervals, swaps
from matching.services.whatif import Offer, cheapest_plan
from tests.factories.people import give_level
from tests.factories.seats import make_candidate, make_seat


@pytest.fixture
def seat(session):
    return make_seat(session)


def scored(session, seat, **changes):
    criteria = replace(scouting.criteria_of(seat), **changes)
    return scouting.rank_for_role(session, role=seat.role, criteria=criteria).scored


def items(seat):
    return seat.role.standard.items


@given(
    rows=st.lists(
        st.tuples(st.sampled_from([10.0, 60.0, 70.0, 90.0]), st.sampled_from([0.1, 0.2])),
        min_size=1,
        max_size=8,
    ),
    by_fit=st.booleans(),
)
def test_the_place_of_somebody_unchanged_is_the_present_one(rows, by_fit):
    fit, likeness = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    values = {"by_fit": by_fit, "cuts": (80.0, 60.0), "fit": fit, "likeness": likeness}
    ids = np.arange(len(rows))
    for place, at in enumerate(order_rows(**values, ids=ids), start=1):
        assert place_of(**values, ids=ids, own=(fit[at], likeness[at], at)) == place


def test_the_decisive_document_is_the_one_that_moves_most(session, seat):
    missing = max(items(seat), key=lambda item: item.weight)
    least = min(items(seat), key=lambda item: item.weight)
    before = make_candidate(session, seat)
    for item in items(seat):
        if item is not least:
            give_level(session, before, item.competency.code, 5)
    late = make_candidate(session, seat)
    for item in items(seat):
        if item is not missing:
            give_level(session, late, item.competency.code, 5)
    found = scored(session, seat, order="fit")

    document = decisive_documents(session, found, [int(at) for at in found.rows])[0]

    assert (document.employee_id, document.competency_id) == (late.id, missing.competency_id)
    assert document.fit == pytest.approx(100)
    assert document.rank_after < document.rank_before


def test_nothing_missing_means_no_document(session, seat):
    make_candidate(session, seat, 5)
    found = scored(session, seat)

    assert decisive_documents(session, found, [0]) == []


def test_the_cheapest_training_gives_the_fit_that_the_scorer_gives(session, seat):
    person = make_candidate(session, seat, 5)
    weak = make_candidate(session, seat)
    first, *rest = items(seat)
    for item in rest:
        give_level(session, weak, item.competency.code, 5)
    found = scored(session, seat)
    offers = [
        Offer("MAHAL", {first.competency_id: (0, 5)}, 40, 900),
        Offer("MURAH", {first.competency_id: (0, 5)}, 10, 100),
        Offer("LANJUT", {first.competency_id: (4, 5)}, 1, 1),
    ]

    at = found.inputs.pool.position_of(weak.id)
    outcome = cheapest_plan(session, found, at, offers, threshold=99.0)

    assert (list(outcome.codes), outcome.jp, outcome.cost) == (["MURAH"], 10, 100)
    give_level(session, weak, first.competency.code, 5)
    after = scored(session, seat)
    assert outcome.fit == pytest.approx(after.low[after.inputs.pool.position_of(weak.id)])
    assert outcome.rank_after == after.rank_of(weak.id)
    assert person.id != weak.id


def test_no_training_reaches_the_threshold(session, seat):
    weak = make_candidate(session, seat, 1)
    found = scored(session, seat)

    assert cheapest_plan(session, found, found.inputs.pool.position_of(weak.id), []) is None


def test_who_is_better_everywhere_is_first_under_every_weighting(session, seat):
    best, other = make_candidate(session, seat, 5), make_candidate(session, seat, 1)

    for order in ("fit", "group"):
        found = list_intervals(scored(session, seat, order=order))
        assert (found[best.id].low, found[best.id].high, found[best.id].first) == (1, 1, 1.0)
        assert (found[other.id].low, found[other.id].high) == (2, 2)


def test_at_the_swap_weight_two_people_are_level(session, seat):
    left, right = make_candidate(session, seat), make_candidate(session, seat)
    give_level(session, left, items(seat)[0].competency.code, 5)
    give_level(session, right, items(seat)[1].competency.code, 5)
    found = scored(session, seat)
    rows = [found.inputs.pool.position_of(person.id) for person in (left, right)]

    swap = swaps(found, *rows)[0]

    changed = tuple(
        replace(item, weight=swap.level_at) if item.competency_id == swap.competency_id else item
        for item in found.inputs.criteria.requirements
    )
    again = scored(session, seat, requirements=changed)
    assert again.low[rows[0]] == pytest.approx(again.low[rows[1]])


def test_matched_phrases_come_from_both_texts(session, seat):
    person = make_candidate(session, seat)
    person.education_field = seat.role.text[:200]
    session.flush()
    found = scored(session, seat)

    assert matched_phrases(session, found, found.inputs.pool.position_of(person.id))
