"""Laws of the level policy and of gaps."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from skills.enums import LevelSource
from skills.rules import (
    GapState,
    LevelPolicy,
    LevelRow,
    PolicyMode,
    Requirement,
    gaps,
    level_in_force,
    months_after,
    share_met,
)

DAY = date(2026, 6, 30)
VERIFYING = (
    LevelSource.EVIDENCE,
    LevelSource.ASSESSOR,
    LevelSource.ASSESSMENT,
    LevelSource.CERTIFICATE,
    LevelSource.PATH,
)
past = st.dates(date(2016, 1, 1), DAY)
rows = st.builds(
    LevelRow,
    level=st.integers(1, 5),
    source=st.sampled_from(LevelSource),
    obtained_on=past,
    valid_until=st.none() | st.dates(date(2016, 1, 1), date(2030, 1, 1)),
    withdrawn=st.booleans(),
)
policies = st.builds(
    LevelPolicy,
    mode=st.sampled_from(PolicyMode),
    years=st.integers(1, 6),
    sources=st.lists(st.sampled_from(VERIFYING), unique=True).map(tuple),
)


def level(history: list[LevelRow], policy: LevelPolicy, day: date = DAY) -> int:
    return level_in_force(history, policy, day).level or 0


@given(st.lists(rows, max_size=8), policies, st.integers(1, 5), past)
def test_verifying_a_claim_never_lowers(history, policy, claimed, when):
    accepted = LevelRow(claimed, LevelSource.EVIDENCE, when)

    assert level([*history, accepted], policy) >= level(history, policy)


@given(st.lists(rows, max_size=8), policies, st.integers(0, 2000))
def test_expiry_never_raises(history, policy, days):
    later = DAY + timedelta(days=days)

    assert level(history, policy, later) <= level(history, policy)


@given(st.lists(rows, max_size=8), policies, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(history, policy, random):
    shuffled = list(history)
    random.shuffle(shuffled)

    assert level(shuffled, policy) == level(history, policy)


@given(st.lists(rows, max_size=8), policies)
def test_a_claim_alone_never_counts_as_verified(history, policy):
    claims = [row for row in history if row.source not in VERIFYING]

    assert level_in_force(claims, policy, DAY).level is None


def test_the_latest_measurement_replaces_a_higher_one():
    history = [
        LevelRow(4, LevelSource.ASSESSOR, date(2024, 1, 1)),
        LevelRow(2, LevelSource.ASSESSMENT, date(2025, 1, 1)),
    ]

    assert level(history, LevelPolicy(PolicyMode.LATEST)) == 2
    assert level(history, LevelPolicy(PolicyMode.BEST)) == 4


def test_old_evidence_stops_counting_within_years():
    history = [LevelRow(4, LevelSource.EVIDENCE, date(2019, 1, 1))]

    assert level(history, LevelPolicy(PolicyMode.BEST_WITHIN, 5)) == 0


def test_the_last_day_of_validity_counts():
    history = [LevelRow(3, LevelSource.CERTIFICATE, date(2025, 1, 1), valid_until=DAY)]

    assert level(history, LevelPolicy()) == 3
    assert level(history, LevelPolicy(), DAY + timedelta(days=1)) == 0


def test_the_strongest_source_states_the_level():
    order = (LevelSource.ASSESSMENT, LevelSource.ASSESSOR)
    policy = LevelPolicy(PolicyMode.PRIORITY, sources=order)
    history = [
        LevelRow(5, LevelSource.ASSESSOR, date(2025, 1, 1)),
        LevelRow(2, LevelSource.ASSESSMENT, date(2024, 1, 1)),
        LevelRow(4, LevelSource.EVIDENCE, date(2025, 6, 1)),
    ]

    assert level(history, policy) == 2
    assert level(history[:1] + history[2:], policy) == 5
    assert level(history[2:], policy) == 4


def test_unknown_is_not_zero_in_a_gap():
    found = gaps([Requirement(1, 3), Requirement(2, 2), Requirement(3, 2)], {2: 2}, {3: 4})
    states = {gap.requirement.competency_id: gap.state for gap in found}

    assert states == {1: GapState.UNKNOWN, 2: GapState.MET, 3: GapState.CLAIMED}
    assert round(share_met(found), 3) == 0.333


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 60))
def test_months_after_keeps_month_and_order(day, months):
    later = months_after(day, months)

    assert later >= day
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
