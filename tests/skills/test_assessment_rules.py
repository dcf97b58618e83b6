"""Rules of assessment rounds: kappa, combination, the hidden few, and the spread of the work."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from skills.assessment_rules import (
    Rated,
    Rater,
    agreement,
    assign_assessors,
    band_of,
    chosen_share,
    combined_level,
    shown_level,
    weighted_kappa,
)
from skills.enums import RaterKind
from skills.reference_files import SKILLS_DATA, load_kappa_bands

LEVEL = st.integers(1, 5)
PAIRS = st.lists(st.tuples(LEVEL, LEVEL), max_size=40)


@pytest.mark.parametrize("weights", ["linear", "quadratic"])
@given(pairs=PAIRS.filter(bool))
def test_kappa_is_what_scikit_learn_computes(weights, pairs):
    mine = weighted_kappa(pairs, weights=weights)
    ones, others = zip(*pairs, strict=True)
    if len(set(ones) | set(others)) == 1:
        assert mine is None  # scikit-learn divides zero by zero here
        return
    theirs = cohen_kappa_score(ones, others, labels=[1, 2, 3, 4, 5], weights=weights)
    assert math.isclose(mine, theirs, abs_tol=1e-9)


@given(PAIRS)
def test_kappa_is_symmetric_and_at_most_one(pairs):
    found = agreement(pairs)
    mirrored = agreement([(other, one) for one, other in pairs])
    if found.kappa is None:
        assert mirrored.kappa is None
        return
    assert math.isclose(found.kappa, mirrored.kappa, abs_tol=1e-12) and found.kappa <= 1
    assert found.same <= found.near <= found.pairs
    assert (found.kappa == 1) == (found.same == found.pairs)


def test_kappa_needs_pairs_and_known_weights():
    assert weighted_kappa([]) is None and agreement([]).same_share is None
    with pytest.raises(ValueError, match="cubic"):
        weighted_kappa([(1, 2)], weights="cubic")


@given(st.lists(st.none() | LEVEL, max_size=12))
def test_combined_level_is_one_that_somebody_gave_and_half_gave_no_less(levels):
    known = [level for level in levels if level is not None]
    found = combined_level(levels)
    if not known:
        assert found is None
        return
    assert found in known
    assert sum(level >= found for level in known) * 2 >= len(known)
    assert combined_level(reversed(levels)) == found


@given(st.lists(LEVEL, min_size=1, max_size=8), st.integers(1, 6))
def test_few_peers_are_never_shown_and_assessors_always_are(levels, least):
    shown = shown_level(RaterKind.PEER, levels, min_raters=least, raters=len(levels))
    assert (shown is None) == (len(levels) < least)
    assert shown_level(RaterKind.ASSESSOR, levels, min_raters=9, raters=1) is not None


@given(st.sets(st.integers(1, 500), max_size=60), st.integers(0, 100), st.text(max_size=4))
def test_the_share_rated_twice_is_as_large_as_asked_and_does_not_depend_on_order(ids, part, seed):
    found = chosen_share(ids, part, seed)
    assert found <= ids and len(found) == math.ceil(len(ids) * part / 100)
    assert found == chosen_share(sorted(ids, reverse=True), part, seed)


@given(
    st.lists(st.booleans(), max_size=25),
    st.lists(st.none() | st.integers(1, 25), max_size=6),
)
def test_nobody_assesses_oneself_and_two_ratings_are_by_two_people(doubles, employees):
    raters = [Rater(100 + number, one) for number, one in enumerate(employees)]
    rated = [Rated(1000 + n, n + 1, double) for n, double in enumerate(doubles)]
    jobs = assign_assessors(rated, raters)
    own = {rater.account_id: rater.employee_id for rater in raters}
    for person in rated:
        mine = [job for job in jobs if job.target_id == person.target_id]
        able = sum(rater.employee_id != person.employee_id for rater in raters)
        assert len(mine) == min(able, 2 if person.is_double else 1)
        assert all(own[job.account_id] != person.employee_id for job in mine)
        assert len({job.account_id for job in mine}) == len(mine)
    if raters and all(rater.employee_id is None for rater in raters) and not any(doubles):
        load = [sum(job.account_id == rater.account_id for job in jobs) for rater in raters]
        assert max(load) - min(load) <= 1


@given(st.floats(-1, 1))
def test_every_kappa_has_one_band(value):
    bands = [vars(row) for row in load_kappa_bands(SKILLS_DATA)]
    assert band_of(value, bands)["lower"] <= value and not band_of(None, bands)
