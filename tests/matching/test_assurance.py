"""How sure a fit is: source and age of the evidence, beside the score and never in it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from matching.rules import assurance, weighted_assurance
from matching.services import scouting
from matching.services.assurance import assurance_rules, assured
from skills.enums import VERIFIED_SOURCES, LevelSource
from tests.factories.people import give_level
from tests.factories.seats import make_candidate, make_seat

share = st.floats(0, 1)
years = st.floats(0, 60)


@given(share, years, years, share, share)
def test_age_only_ever_takes_assurance_away(start, younger, more, loss, least):
    young = assurance(start, younger, loss=loss, least=least)
    old = assurance(start, younger + more, loss=loss, least=least)
    assert start * min(least, 1) <= old <= young <= start


@given(st.lists(st.tuples(st.floats(0, 100), share), max_size=12))
def test_the_whole_lies_between_the_least_and_the_most_sure_part(parts):
    whole = weighted_assurance(parts)
    counted = [sure for points, sure in parts if points > 0]
    if not counted:
        assert whole is None
    else:
        assert min(counted) - 1e-9 <= whole <= max(counted) + 1e-9


def test_every_source_has_a_share_and_proof_stays_above_a_claim(session):
    rules = assurance_rules(session)

    assert set(rules.shares) == {*map(str, VERIFIED_SOURCES), LevelSource.SELF}
    oldest = min(rules.shares[source] for source in VERIFIED_SOURCES) * rules.least
    assert oldest > rules.shares[LevelSource.SELF]


def test_an_old_proof_is_less_sure_than_a_new_one_and_ranks_the_same(session):
    seat = make_seat(session)
    codes = [item.competency.code for item in seat.role.standard.items]
    fresh, old = make_candidate(session, seat), make_candidate(session, seat)
    for code in codes:
        give_level(session, fresh, code, 4)
        give_level(session, old, code, 4, obtained_on=clock.today() - timedelta(days=1500))

    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))
    sure = assured(session, ranking.people, day=ranking.day)

    first, second = (next(r for r in ranking.people if r.person.id == p.id) for p in (fresh, old))
    assert first.fit == second.fit
    assert sure[fresh.id].whole == pytest.approx(0.95)
    assert sure[old.id].whole < sure[fresh.id].whole
    assert {proof.source for proof in sure[old.id].proofs.values()} == {LevelSource.ASSESSOR}


def test_nothing_known_has_no_assurance_at_all(session):
    seat = make_seat(session)
    person = make_candidate(session, seat)

    ranking = scouting.rank_for_role(session, role=seat.role, criteria=scouting.criteria_of(seat))

    sure = assured(session, ranking.people, day=date(2026, 1, 1))[person.id]
    assert (sure.whole, dict(sure.items)) == (None, {})
    assert assured(session, [], day=date(2026, 1, 1)) == {}
