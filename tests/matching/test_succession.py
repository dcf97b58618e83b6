"""Succession: closed-form coverage, chains, alerts, and a line that survives the vacancy."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.actor import Actor
from app.core.errors import Conflict
from app.core.notifications.models import Notification
from matching.services import pools
from matching.services.decisions import place
from matching.services.seats import end_placement
from matching.services.succession import (
    add_successor,
    chain,
    change_readiness,
    coverage_of,
    end_successor,
    move_up,
    successors_of,
)
from matching.services.succession_alerts import alerts, send_alerts
from matching.services.terms import change_term, remind_due
from matching.succession_rules import Line, forecast, reminder_due
from skills.services.departures import Change, ChangeKind, execute_change, preview_change
from skills.services.organisation import merge_opd
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd
from tests.factories.people import make_employee
from tests.factories.seats import make_seat

OFFICER = Actor(label="Petugas Uji", is_system=True)


def test_a_seat_without_successors_decays_by_the_rate_of_transfers():
    found = forecast([Line(1, 10)], {}, rate=0.2, runs=4000).covered[0]

    assert found == pytest.approx([0.8**year for year in range(1, 6)], abs=0.03)


def test_known_retirements_alone_are_certain():
    lines = [Line(1, 10), Line(2, 20, ((21, 0),))]

    found = forecast(lines, {10: 3, 20: 2}, rate=0, runs=1).covered

    assert found.tolist() == [[1, 1, 0, 0, 0], [1, 1, 1, 1, 1]]


def test_the_end_of_a_term_opens_the_seat_and_frees_its_holder():
    lines = [Line(1, 10, (), term=2), Line(2, None, ((10, 0),)), Line(3, 30, ((31, 0),), term=1)]

    found = forecast(lines, {}, rate=0, runs=1).covered

    # 10 moves to the second seat at once, as before; the third seat takes its successor.
    assert found.tolist() == [[0] * 5, [1] * 5, [1] * 5]
    assert forecast([Line(1, 10, (), term=2)], {}, rate=0, runs=1).covered.tolist() == [
        [1, 0, 0, 0, 0]
    ]


@given(st.integers(1, 7), st.integers(1, 7))
def test_a_seat_without_successors_is_held_until_term_or_retirement(term, retires):
    found = forecast([Line(1, 10, (), term)], {10: retires}, rate=0, runs=1).covered[0]

    assert found.tolist() == [float(year < min(term, retires)) for year in range(1, 6)]


@given(st.integers(-400, 400))
def test_each_day_before_the_end_of_a_term_has_its_reminder(days):
    due = reminder_due(days, (90, 30, 7))

    assert (due is None) == (days < 0 or days > 90)
    assert due is None or (days <= due and due == min(r for r in (7, 30, 90) if r >= days))


def test_a_successor_who_is_not_ready_yet_leaves_a_gap():
    found = forecast([Line(1, None, ((5, 2),))], {}, rate=0, runs=1).covered[0]

    assert found.tolist() == [0, 1, 1, 1, 1]


def test_a_promotion_opens_a_hole_of_the_second_order():
    lines = [Line(1, None, ((20, 0),)), Line(2, 20)]

    found = forecast(lines, {}, rate=0, runs=1)

    assert found.covered.tolist() == [[1] * 5, [0] * 5]
    assert found.second_order[1, 0] == 1


people = st.integers(1, 6)
lines = st.lists(
    st.builds(
        Line,
        st.just(1),
        st.none(),
        st.lists(st.tuples(people, st.integers(0, 2)), max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=4,
)


@given(lines, st.dictionaries(people, st.integers(1, 5)))
def test_the_same_seed_gives_the_same_chances_between_0_and_1(found, retires):
    first = forecast(found, retires, rate=0.06, runs=5, seed=3)
    again = forecast(found, retires, rate=0.06, runs=5, seed=3)

    assert (first.covered == again.covered).all()
    assert ((first.covered >= 0) & (first.covered <= 1)).all()


@pytest.fixture
def seat(session):
    return make_seat(session)


def follow(session, seat, person, **fields):
    values = {"readiness": "now", "reason": "Siap", **fields}
    return add_successor(session, actor=OFFICER, seat=seat, employee_id=person.id, **values)


def sit(session, seat, person):
    return place(session, seat=seat, employee_id=person.id, since=seat.opened_on)


def test_the_line_belongs_to_the_seat_and_survives_its_vacancy(session, seat):
    row = follow(session, seat, make_employee(session))
    held = sit(session, seat, make_employee(session))

    end_placement(session, placement=held, on=held.since, reason="Mutasi")

    assert successors_of(session, [seat.id])[seat.id] == [row]


def test_nobody_stands_twice_in_a_line_or_follows_themselves(session, seat):
    person, holder = make_employee(session), make_employee(session)
    follow(session, seat, person)
    sit(session, seat, holder)

    for other in (person, holder):
        with pytest.raises(Conflict):
            follow(session, seat, other)


def test_the_order_changes_and_an_end_keeps_the_reason(session, seat):
    first, second = (follow(session, seat, make_employee(session)) for _ in range(2))

    move_up(session, row=second)
    end_successor(session, row=first, reason="Mutasi ke luar kota")

    assert successors_of(session, [seat.id])[seat.id] == [second]
    assert first.end_reason == "Mutasi ke luar kota"


def test_the_chain_names_who_follows_the_follower(session, seat):
    other = make_seat(session)
    follower, second = make_employee(session), make_employee(session)
    sit(session, other, follower)
    follow(session, seat, follower)
    follow(session, other, second)

    links = chain(session, seat=seat)

    assert [link.successor.employee_id for link in links] == [follower.id, second.id]
    assert (links[0].leaves, links[1].leaves) == (other, None)


def test_a_leaving_holder_alarms_the_officers_once(session, seat):
    make_account(session, "officer")
    soon = clock.today() + timedelta(days=100)
    sit(session, seat, make_employee(session, retirement_date=soon))
    gone = make_employee(session)
    follow(session, seat, gone)
    gone.employment_state = "retired"
    session.flush()

    assert [alert.kind for alert in alerts(session)] == ["successor_gone", "holder_leaves"]
    assert (send_alerts(session), send_alerts(session)) == (2, 0)


def test_coverage_knows_retirement_dates(session, seat):
    soon = clock.today() + timedelta(days=400)
    sit(session, seat, make_employee(session, retirement_date=soon))

    found = coverage_of(session, rate=0.0, runs=1)[0]

    assert found.known == [True, False, False, False, False]


def test_a_term_is_reminded_at_90_30_and_7_days_and_anew_after_a_change(session, seat):
    today = clock.today()
    make_account(session, "officer")
    boss = make_employee(session)
    holder = make_employee(session, supervisor_id=boss.id)
    for person in (boss, holder):
        make_account(session, "employee", employee=person)
    last = today + timedelta(days=95)
    held = place(
        session, seat=seat, employee_id=holder.id, since=seat.opened_on, planned_until=last
    )

    told = {
        left: remind_due(session, day=last - timedelta(days=left))
        for left in (95, 90, 89, 30, 12, 7, 0)
    }
    assert told == {95: 0, 90: 3, 89: 0, 30: 3, 12: 0, 7: 3, 0: 0}
    assert remind_due(session, day=last + timedelta(days=1)) == 0

    change_term(session, placement=held, until=today + timedelta(days=20), reason="Dipersingkat")
    assert remind_due(session, day=today) == 3
    assert [alert.kind for alert in alerts(session)] == ["term_ends", "no_successor"]
    assert coverage_of(session, rate=0.0, runs=1)[0].known == [False] * 5


def test_the_line_survives_a_merger_of_offices(session):
    opds = [make_opd(session), make_opd(session)]
    seats = [make_seat(session, opd=opd) for opd in opds]
    both, only = make_employee(session), make_employee(session)
    for seat, people in zip(seats, ([both, only], [both]), strict=True):
        for person in people:
            follow(session, seat, person)

    merge_opd(
        session,
        source=opds[0],
        target=opds[1],
        on=clock.today(),
        reason="Perda",
        actor=OFFICER,
    )

    line = successors_of(session, [seats[1].id])[seats[1].id]
    assert [row.employee_id for row in line] == [both.id, only.id]
    assert [row.position for row in line] == [1, 2]
    assert successors_of(session, [seats[0].id]) == {}


def test_somebody_who_leaves_the_service_leaves_the_lines_and_pools(session, seat):
    make_account(session, "officer")
    person = make_employee(session)
    row = follow(session, seat, person)
    pool = pools.open_pool(
        session,
        name="Kelompok",
        kind="succession",
        owner="BKPSDM",
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=300),
    )
    member = pools.nominate(
        session, actor=OFFICER, pool=pool, employee=person, readiness="now", reason="Kotak 9"
    )
    change = Change(ChangeKind.RETIRED, clock.today(), "Pensiun dini")

    shown = preview_change(session, employee_ids=[person.id], change=change)[person.id]
    execute_change(session, versions={person.id: person.version}, change=change, actor=OFFICER)

    assert len(shown) == 2
    assert (row.end_reason, member.end_reason) == ("Pensiun dini", "Pensiun dini")
    told = session.scalars(select(Notification).where(Notification.url == f"/suksesi/{seat.id}"))
    assert len(told.all()) == 1


def test_a_changed_readiness_is_kept_unless_somebody_was_faster(session, seat):
    row = follow(session, seat, make_employee(session))
    seen = row.version
    change_readiness(session, row=row, readiness="two_years", reason="Studi", expected_version=seen)

    with pytest.raises(Conflict):
        change_readiness(session, row=row, readiness="now", reason="x", expected_version=seen)
    assert row.readiness == "two_years"


@given(
    st.floats(0, 1),
    st.lists(st.integers(1, 5), min_size=1, max_size=4),
)
def test_a_longer_line_never_lowers_the_coverage_of_its_seat(rate, retirements):
    people = range(2, 2 + len(retirements))
    leaves = dict(zip(people, retirements, strict=True))
    alone = forecast([Line(1, 1)], {1: 2}, rate=0, runs=1).covered[0]
    line = Line(1, 1, tuple((person, 0) for person in people))
    backed = forecast([line], {1: 2, **leaves}, rate=0, runs=1).covered[0]
    last = max(retirements)

    assert (backed >= alone).all()
    # Known dates alone are a closed form: filled until the last of the line retires.
    assert backed.tolist() == [float(year < max(2, last)) for year in range(1, 6)]
    drawn = forecast([line], {1: 2, **leaves}, rate=rate, runs=3).covered[0]
    assert (drawn <= backed).all()


@given(st.integers(1, 6), st.integers(0, 3), st.integers(1, 5))
def test_who_moves_up_gets_the_term_of_the_seat(years, followers, retires):
    people = tuple((person, 0) for person in range(2, 2 + followers))

    found = forecast([Line(1, 1, people, years=years)], {1: retires}, rate=0, runs=1).covered[0]

    # Each follower holds it for one term, one after the other, from the holder's retirement on.
    last = retires + followers * years
    assert found.tolist() == [float(year < last) for year in range(1, 6)]
    endless = forecast([Line(1, 1, people)], {1: retires}, rate=0, runs=1).covered[0]
    assert (endless >= found).all()


def test_nobody_swaps_seats_back_and_forth():
    lines = [Line(1, None, ((9, 0),)), Line(2, 9, ((9, 0),))]

    found = forecast(lines, {}, rate=0, runs=1)

    assert found.covered.tolist() == [[1] * 5, [0] * 5]
    assert found.second_order.sum() == 1
