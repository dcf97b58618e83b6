"""The rule of sharing seats: fair, reproducible, within the quota, with a reason for everybody."""

from collections import Counter
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from courses.allocation import NEVER, AllocationReason, Applicant, allocate, lot

people = st.lists(
    st.builds(
        Applicant,
        key=st.integers(1, 500),
        opd_id=st.integers(1, 4),
        need=st.integers(0, 4),
        last_attended=st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 4)),
    ),
    unique_by=lambda one: one.key,
    max_size=25,
)
quotas = st.dictionaries(st.integers(1, 3), st.integers(0, 6))
defaults = st.none() | st.integers(0, 6)
seats = st.integers(0, 12)
seeds = st.text("abcdef0123456789", min_size=1, max_size=8)


def limit(given_quotas, default, opd):
    return given_quotas.get(opd, default)


@given(people, seats, quotas, defaults, seeds)
def test_neither_seats_nor_quotas_are_exceeded_and_everybody_has_an_answer(rows, n, q, d, seed):
    found = allocate(rows, seats=n, quotas=q, default_quota=d, seed=seed)

    held = Counter(one.applicant.opd_id for one in found if one.seated)
    assert sum(held.values()) <= n
    assert all(limit(q, d, opd) is None or count <= limit(q, d, opd) for opd, count in held.items())
    assert sorted(one.applicant.key for one in found) == sorted(row.key for row in rows)
    assert [one.rank for one in found] == list(range(1, len(rows) + 1))


@given(people, seats, quotas, defaults, seeds)
def test_no_seat_stays_empty_while_somebody_could_have_it(rows, n, q, d, seed):
    found = allocate(rows, seats=n, quotas=q, default_quota=d, seed=seed)

    taken = sum(one.seated for one in found)
    held = Counter(one.applicant.opd_id for one in found if one.seated)
    for one in found:
        if not one.seated and taken < n:
            assert one.reason is AllocationReason.QUOTA
            assert held[one.applicant.opd_id] == limit(q, d, one.applicant.opd_id)


@given(people, seats, quotas, defaults, seeds, st.randoms())
def test_the_result_is_the_same_in_whatever_order_people_applied(rows, n, q, d, seed, random):
    mixed = list(rows)
    random.shuffle(mixed)

    first = allocate(rows, seats=n, quotas=q, default_quota=d, seed=seed)
    assert first == allocate(mixed, seats=n, quotas=q, default_quota=d, seed=seed)


@given(people, seats, quotas, defaults, seeds)
def test_nobody_is_passed_over_by_a_colleague_who_stands_behind(rows, n, q, d, seed):
    found = allocate(rows, seats=n, quotas=q, default_quota=d, seed=seed)

    for one in found:
        if one.seated:
            continue
        for other in found:
            if other.seated and other.applicant.opd_id == one.applicant.opd_id:
                assert other.rank < one.rank


@given(people, seats, quotas, defaults, seeds)
def test_the_reason_names_what_really_decided(rows, n, q, d, seed):
    found = allocate(rows, seats=n, quotas=q, default_quota=d, seed=seed)
    last = max((one.rank for one in found if one.seated), default=0)
    for one in found:
        me, cut = one.applicant, one.cut
        if one.reason is AllocationReason.QUOTA:  # decides only while a seat was left
            assert one.rank < last or sum(other.seated for other in found) < n
        if one.reason is AllocationReason.NEED:
            assert cut is None or me.need < cut.need
        elif one.reason is AllocationReason.RECENT:
            assert me.need == cut.need
            assert (me.last_attended or NEVER) > (cut.last_attended or NEVER)
        elif one.reason is AllocationReason.LOT:
            assert (me.need, me.last_attended) == (cut.need, cut.last_attended)
            assert lot(seed, me.key) > lot(seed, cut.key)


@given(people, seats, seeds, st.data())
def test_a_larger_need_never_costs_the_seat(rows, n, seed, data):
    assume(rows)
    who = data.draw(st.sampled_from(rows))
    before = allocate(rows, seats=n, quotas={}, default_quota=2, seed=seed)
    assume(any(one.seated and one.applicant == who for one in before))
    more = Applicant(who.key, who.opd_id, who.need + 1, who.last_attended)
    changed = [more if row is who else row for row in rows]

    after = allocate(changed, seats=n, quotas={}, default_quota=2, seed=seed)

    assert any(one.seated and one.applicant == more for one in after)


def test_another_seed_decides_between_equals_alone():
    equals = [Applicant(n, 1, 2, None) for n in range(1, 30)]
    needy = Applicant(99, 1, 3, date(2026, 1, 1))

    winners = {
        frozenset(
            one.applicant.key
            for one in allocate([*equals, needy], seats=5, quotas={}, default_quota=None, seed=seed)
            if one.seated
        )
        for seed in ("a", "b", "c")
    }

    assert len(winners) == 3
    assert all(99 in keys for keys in winners)
