"""The forecast equals a recount on its day, and writes nothing."""

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from matching.queries.pool import forget_pools
from matching.services.shelf_forecast import forecast
from skills.models import LevelInForce
from skills.services.levels import recompute_levels
from tests.factories.people import competency, give_level, make_employee
from tests.support.examples import examples

CODES = ("AP-02", "DI-02", "PB-03")
histories = st.lists(
    st.tuples(st.sampled_from(CODES), st.integers(1, 5), st.integers(1, 900)),
    min_size=1,
    max_size=5,
)


def counted(session):
    rows = session.execute(
        select(LevelInForce.competency_id, LevelInForce.verified_level).where(
            LevelInForce.verified_level.is_not(None)
        )
    )
    return Counter((competency_id, level) for competency_id, level in rows)


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(people=st.lists(histories, min_size=1, max_size=3), days=st.integers(0, 1000))
def test_the_forecast_equals_a_direct_recount_on_that_day(session, people, days):
    inside = session.begin_nested()
    forget_pools()
    ids = []
    for history in people:
        person = make_employee(session)
        ids.append(person.id)
        for code, level, lasts in history:
            until = clock.today() + timedelta(days=lasts)
            give_level(session, person, code, level, valid_until=until)
    day = clock.today() + timedelta(days=days)
    before = counted(session)

    found = forecast(session, day=day)

    assert counted(session) == before
    told = Counter(
        {
            (row.competency.id, level): count
            for row in found.competencies
            for level, count in row.then.items()
            if count
        }
    )
    recompute_levels(session, employee_ids=ids, day=day)
    assert told == counted(session)
    assert sum(before.values()) - sum(told.values()) == sum(
        1 for change in found.changes if change.after is None
    )
    inside.rollback()
    forget_pools()


def test_a_role_loses_those_whose_level_ends(session):
    forget_pools()
    person = make_employee(session)
    until = clock.today() + timedelta(days=30)
    give_level(session, person, "AP-02", 5, valid_until=until)

    found = forecast(session, day=until + timedelta(days=1))

    row = next(r for r in found.competencies if r.competency.id == competency(session, "AP-02").id)
    assert (row.people_now, row.people_then, row.fallen) == (1, 0, 1)
    assert (found.fallen, found.people_fallen, found.people) == (1, 1, 1)
