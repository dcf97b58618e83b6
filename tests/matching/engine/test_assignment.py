"""All seats at once: never worse than greedy, equal to brute force, and honest when impossible."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.engine.assignment import EMPTY, assign_greedily, assign_plain
from matching.engine.constrained import Constraints, InfeasibleAssignment, assign, preference

PEOPLE, SEATS = 5, 3
tables = hnp.arrays(np.float64, (PEOPLE, SEATS), elements=st.integers(0, 20).map(float))
masks = hnp.arrays(np.bool_, (PEOPLE, SEATS))
opds = hnp.arrays(np.int64, PEOPLE, elements=st.integers(0, 2))
seat_opds = hnp.arrays(np.int64, SEATS, elements=st.integers(0, 2))
limits = st.dictionaries(st.integers(0, 2), st.integers(0, 2))


def fillings(allowed):
    choices = [*range(PEOPLE), *([EMPTY] * SEATS)]
    for chosen in set(permutations(choices, SEATS)):
        if all(p == EMPTY or allowed[p, s] for s, p in enumerate(chosen)):
            yield chosen


def value(table, chosen):
    return sum(table[p, s] for s, p in enumerate(chosen) if p != EMPTY)


@settings(max_examples=40)
@given(tables, masks)
def test_plain_equals_brute_force(table, allowed):
    best = max((sum(p != EMPTY for p in c), value(table, c)) for c in fillings(allowed))
    found = assign_plain(table, allowed)
    assert (found.filled, found.total) == best


@given(tables, masks)
def test_never_worse_than_greedy(table, allowed):
    plain, greedy = assign_plain(table, allowed), assign_greedily(table, allowed)
    assert (plain.filled, plain.total) >= (greedy.filled, greedy.total)


def keeps(chosen, rules):
    for opd, most in rules.most_leavers.items():
        gone = [p for s, p in enumerate(chosen) if rules.home[p] == opd != rules.seat_opd[s]]
        if len(gone) > most:
            return False
    return all(chosen[seat] == person for person, seat in rules.locked)


@settings(max_examples=60)
@given(tables, masks, opds, seat_opds, limits, st.booleans(), st.data())
def test_constrained_equals_brute_force(table, allowed, home, seat_opd, most, lock, data):
    locked = ((data.draw(st.integers(0, PEOPLE - 1)), 1),) if lock else ()
    holder = data.draw(hnp.arrays(np.int64, SEATS, elements=st.integers(-1, PEOPLE - 1)))
    rules = Constraints(
        home, seat_opd, most, locked, incumbent=holder, keep_margin=3.0, own_opd_bonus=1.0
    )
    liked = preference(table, rules)
    full = [c for c in fillings(allowed) if EMPTY not in c and keeps(c, rules)]
    if not full:
        with pytest.raises(InfeasibleAssignment) as caught:
            assign(table, allowed, rules)
        assert caught.value.relaxations
        return
    found = assign(table, allowed, rules)
    assert keeps(found.primary.tolist(), rules)
    assert found.objective == pytest.approx(max(value(liked, c) for c in full))
    assert found.total == pytest.approx(value(table, found.primary.tolist()))


def rules(people=4, seats=2, **changes):
    plain = Constraints(np.zeros(people, np.int64), np.ones(seats, np.int64), {})
    return Constraints(**{**plain.__dict__, **changes})


def test_a_backup_holds_nothing_else():
    table = np.array([[9.0, 8], [8, 9], [5, 1], [1, 5]])
    found = assign(table, np.ones((4, 2), bool), rules(backups=True))
    assert found.primary.tolist() == [0, 1]
    assert found.backup.tolist() == [2, 3]


def test_the_holder_stays_when_close_and_goes_when_not():
    table = np.array([[50.0], [53.0]])
    held = {"people": 2, "seats": 1, "incumbent": np.array([0])}
    allowed = np.ones((2, 1), bool)
    assert assign(table, allowed, rules(**held, keep_margin=5.0)).primary.tolist() == [0]
    assert assign(table, allowed, rules(**held, keep_margin=2.0)).primary.tolist() == [1]


def relaxations(table, allowed, changed):
    with pytest.raises(InfeasibleAssignment) as caught:
        assign(table, allowed, changed)
    return {way.constraint: way.where for way in caught.value.relaxations}


def test_an_empty_seat_names_its_eligibility():
    allowed = np.array([[True, False]] * 4)
    assert relaxations(np.ones((4, 2)), allowed, rules()) == {"eligibility": (1,)}


def test_a_tight_limit_names_its_opd():
    changed = rules(home=np.array([0, 0, 0, 2]), most_leavers={0: 0, 2: 1})
    assert relaxations(np.ones((4, 2)), np.ones((4, 2), bool), changed) == {"most_leavers": (0,)}


def test_a_lock_on_an_ineligible_person_is_named():
    allowed = np.ones((4, 2), bool)
    allowed[0, 0] = False
    ways = relaxations(np.ones((4, 2)), allowed, rules(locked=((0, 0),)))
    assert ways["locked"] == (0,)


def test_too_few_people_is_said():
    assert relaxations(np.ones((1, 2)), np.ones((1, 2), bool), rules(1)) == {"people": ()}


def test_without_seats_or_people_nothing_happens():
    assert assign_plain(np.zeros((0, 2))).primary.tolist() == [EMPTY, EMPTY]
    assert assign_plain(np.zeros((3, 0))).filled == 0
