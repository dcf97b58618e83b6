"""The count of unlocked seats against trying every set of people to train."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from courses.unlocking import Offer, filled_seats, places_within, rank_offers, unlock

SHAPES = st.tuples(st.integers(1, 5), st.integers(1, 4))


@st.composite
def cases(draw):
    shape = draw(SHAPES)
    ready = draw(arrays(np.bool_, shape))
    return ready, ready | draw(arrays(np.bool_, shape)), draw(st.integers(0, 5))


def by_trying_all(ready, after, most):
    best = (0, 0)
    for size in range(min(most, len(ready)) + 1):
        for people in combinations(range(len(ready)), size):
            mixed = ready.copy()
            mixed[list(people)] = after[list(people)]
            best = max(best, (filled_seats(mixed), -size))
    return best[0], -best[1]


@given(cases())
def test_it_is_what_trying_every_set_of_people_finds(case):
    ready, after, most = case

    found = unlock(ready, after, most)

    assert (found.after, len(found.trained)) == by_trying_all(ready, after, most)
    assert found.before == filled_seats(ready)


@given(cases())
def test_those_named_do_unlock_the_seats(case):
    ready, after, most = case
    found = unlock(ready, after, most)
    mixed = ready.copy()
    mixed[list(found.trained)] = after[list(found.trained)]

    assert filled_seats(mixed) == found.after
    assert len(found.trained) <= most


def test_one_person_fills_one_seat_only():
    after = np.array([[True, True, True]])

    assert unlock(np.zeros_like(after), after, 9).gain == 1


def test_a_training_that_takes_readiness_away_is_refused():
    with pytest.raises(ValueError, match="adds readiness"):
        unlock(np.array([[True]]), np.array([[False]]), 1)


def test_within_the_same_gain_the_cheaper_training_leads():
    ready, after = np.zeros((2, 1), bool), np.ones((2, 1), bool)
    offers = [Offer(1, 500, 10, after), Offer(2, 100, 10, after), Offer(3, 0, 0, ready)]

    ranked = rank_offers(ready, offers, budget=1000, hours=100)

    assert [row.offer.key for row in ranked] == [2, 1, 3]


def test_money_and_hours_bound_the_places():
    assert places_within(100, 10, budget=350, hours=1000, people=9) == 3
    assert places_within(100, 10, budget=10_000, hours=25, people=9) == 2
    assert places_within(0, 0, budget=0, hours=0, people=9) == 9
