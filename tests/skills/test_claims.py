"""Claims and their verification: who may do what, and what becomes of the level."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import Conflict, InvalidInput, InvalidTransition, NotAllowed
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, Employee, LevelInForce, LevelRecord
from skills.queries.claims import QueueFilter, queue_statement, twins
from skills.services.claims import (
    ClaimInput,
    attach_evidence,
    fill_claim,
    save_claim,
    start_claim,
    submit_claim,
    withdraw_claim,
)
from skills.services.verification import accept_claim, accept_claims, return_claim
from tests.factories.offices import make_opd, make_person, make_unit
from tests.factories.profiles import actor_for, competency, make_claim, make_level, make_stored_file


@pytest.fixture
def person(session: Session) -> Employee:
    """The owner of claims."""
    make_claim(session, make_person(session, make_opd(session)), competency(session, "DI-01"))
    return make_person(session, make_opd(session))


def held(session: Session, person: Employee, of: Any) -> tuple[int | None, int | None]:
    """Return verified and claimed level."""
    row = session.get(LevelInForce, (person.id, of.id), populate_existing=True)
    return (row.verified_level, row.claimed_level) if row else (None, None)


def sent(session: Session, person: Employee, of: Any, **values: Any) -> Claim:
    """Return a claim that went through the services."""
    actor = actor_for(person)
    claim = start_claim(session, actor=actor, competency_id=of.id, level=3)
    save_claim(
        session,
        actor=actor,
        claim=claim,
        values=ClaimInput(**{"competency_id": of.id, "level": 3, "title": "Bukti", **values}),
    )
    attach_evidence(session, claim=claim, file_id=make_stored_file(session, person).id)
    return submit_claim(session, actor=actor, claim=claim)


def test_a_level_is_a_claim_until_somebody_else_verifies_it(session, person):
    of = competency(session)
    claim = sent(session, person, of)
    assert held(session, person, of) == (None, 3)

    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim)

    assert held(session, person, of) == (3, 3)


def test_verifying_ones_own_claim_is_refused(session, person):
    claim = sent(session, person, competency(session))

    with pytest.raises(NotAllowed):
        accept_claim(session, actor=actor_for(person, "assessor"), claim=claim)


def test_a_claim_accepted_lower_counts_lower(session, person):
    of = competency(session)
    claim = sent(session, person, of)

    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim, level=2)

    assert held(session, person, of) == (2, None)


def test_no_level_above_the_claimed_one_is_given(session, person):
    claim = sent(session, person, competency(session))

    with pytest.raises(InvalidInput) as refused:
        accept_claim(session, actor=actor_for(None, "assessor"), claim=claim, level=4)
    assert refused.value.field == "level"


def test_two_stages_take_two_people_and_the_second_is_the_citys(session, person):
    of = competency(session, two_stage=True)
    unit = actor_for(
        make_person(session, person.opd), "assessor", scope="opd", opd_id=person.opd_id
    )
    claim = sent(session, person, of)
    accept_claim(session, actor=unit, claim=claim, level=2)
    assert (claim.state, held(session, person, of)) == (ClaimState.UNIT_ACCEPTED, (None, 3))
    with pytest.raises(NotAllowed):
        accept_claim(session, actor=unit, claim=claim)

    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim)

    assert held(session, person, of) == (2, None)  # the unit's lower level stands


def test_the_same_assessor_does_not_pass_both_stages(session, person):
    from tests.factories.accounts import make_account

    account = make_account(session, "assessor")
    actor = actor_for(None, "assessor")
    actor = type(actor)(**{**vars(actor), "account_id": account.id})
    claim = sent(session, person, competency(session, two_stage=True))
    accept_claim(session, actor=actor, claim=claim)

    with pytest.raises(NotAllowed):
        accept_claim(session, actor=actor, claim=claim)


def test_the_second_of_two_verifiers_is_told(session, person):
    claim = sent(session, person, competency(session))
    seen = claim.version
    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim, expected_version=seen)

    with pytest.raises(Conflict):
        return_claim(
            session,
            actor=actor_for(None, "assessor"),
            claim=claim,
            reason_code="TIDAK_TERBACA",
            expected_version=seen,
        )


def test_a_returned_claim_no_longer_counts_and_can_be_sent_again(session, person):
    of = competency(session)
    claim = sent(session, person, of)
    return_claim(
        session, actor=actor_for(None, "assessor"), claim=claim, reason_code="TIDAK_TERBACA"
    )
    assert held(session, person, of) == (None, None)

    submit_claim(session, actor=actor_for(person), claim=claim)

    assert (claim.reason_code, held(session, person, of)) == (None, (None, 3))


def test_another_reason_needs_words(session, person):
    claim = sent(session, person, competency(session))

    with pytest.raises(InvalidInput) as refused:
        return_claim(session, actor=actor_for(None, "assessor"), claim=claim, reason_code="LAINNYA")
    assert refused.value.field == "text"


def test_expired_evidence_is_not_sent(session, person):
    of = competency(session)

    with pytest.raises(InvalidInput) as refused:
        sent(session, person, of, valid_until=clock.today() - timedelta(days=1))
    assert refused.value.field == "valid_until"
    with pytest.raises(InvalidInput) as refused:
        sent(session, person, of, issued_on=date(2015, 1, 1))
    assert refused.value.field == "issued_on"


def test_evidence_that_expires_while_waiting_is_not_accepted(session, person, monkeypatch):
    claim = sent(session, person, competency(session), valid_until=clock.today())
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", lambda: later.date())

    with pytest.raises(Conflict):
        accept_claim(session, actor=actor_for(None, "assessor"), claim=claim)


def test_shelf_life_and_the_evidences_own_end_both_limit(session, person):
    of = competency(session, shelf_life_months=12)
    claim = sent(session, person, of, issued_on=clock.today())
    accept_claim(session, actor=actor_for(None, "assessor"), claim=claim)

    row = session.get(LevelInForce, (person.id, of.id))
    assert row.valid_until.year == clock.today().year + 1


def test_a_double_click_makes_one_claim(session, person):
    of, actor = competency(session), actor_for(person)
    first = start_claim(session, actor=actor, competency_id=of.id, level=2)
    second = start_claim(session, actor=actor, competency_id=of.id, level=3)
    assert (first.id, second.level) == (second.id, 3)

    claim = sent(session, person, of)
    submit_claim(session, actor=actor, claim=claim)

    assert session.query(LevelRecord).filter_by(claim_id=claim.id).count() == 1


def test_a_waiting_claim_is_not_changed_by_a_new_one(session, person):
    claim = sent(session, person, competency(session))

    with pytest.raises(InvalidTransition):
        start_claim(session, actor=actor_for(person), competency_id=claim.competency_id, level=5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"level": 0}, "level"),
        ({"level": 6}, "level"),
        ({"issued_on": date(2999, 1, 1)}, "issued_on"),
        ({"issued_on": date(2025, 1, 2), "valid_until": date(2025, 1, 1)}, "valid_until"),
        ({"competency_id": 999_999}, "competency_id"),
    ],
)
def test_bad_values_are_named_by_field(session, person, values, field):
    stated = {"competency_id": competency(session).id, "level": 3, **values}

    with pytest.raises(InvalidInput) as refused:
        save_claim(session, actor=actor_for(person), values=ClaimInput(**stated))
    assert refused.value.field == field


def test_a_misread_date_does_not_block_the_draft(session, person):
    claim = start_claim(
        session, actor=actor_for(person), competency_id=competency(session).id, level=2
    )

    fill_claim(
        session,
        actor=actor_for(person),
        claim=claim,
        found={"issued_on": date(2999, 1, 1), "jp": 20},
    )

    assert (claim.issued_on, claim.jp) == (None, 20)


def test_bulk_acceptance_names_what_it_refused(session, person):
    first = sent(session, person, competency(session))
    second = sent(session, person, competency(session, "DI-01"))
    versions = {first.id: first.version, second.id: second.version - 1}

    done, refused = accept_claims(
        session, actor=actor_for(None, "assessor"), versions=versions, claims=[first, second]
    )

    assert ([c.id for c in done], [c.id for c, _why in refused]) == ([first.id], [second.id])


def test_withdrawing_takes_the_level_back(session, person):
    of = competency(session)
    claim = sent(session, person, of)

    withdraw_claim(session, actor=actor_for(person), claim=claim)

    assert held(session, person, of) == (None, None)


def test_the_queue_holds_what_the_verifier_may_decide(session, person):
    unit = make_unit(session, person.opd)
    chief = make_person(session, person.opd)
    person.unit_id, person.supervisor_id = unit.id, chief.id
    mine = make_claim(session, person, competency(session))
    make_claim(session, chief, competency(session, "DI-02"))

    def ids(actor):
        return set(
            session.scalars(queue_statement(actor, QueueFilter()).with_only_columns(Claim.id))
        )

    assert ids(actor_for(chief, "supervisor", scope="unit", unit_id=unit.id)) == {mine.id}
    by_unit = actor_for(None, "assessor", scope="unit", unit_id=unit.id, opd_id=person.opd_id)
    assert ids(by_unit) == {mine.id}
    assert len(ids(actor_for(None, "officer"))) == 3
    assert ids(actor_for(person)) == set()
    assert ids(actor_for(None, "supervisor", scope="unit")) == set()


def test_the_same_number_and_the_same_file_are_reported(session, person):
    other = make_person(session, person.opd)
    first = make_claim(session, person, competency(session), document_number="A-1/2025")
    second = make_claim(session, other, competency(session), document_number=" a-1/2025 ")
    third = make_claim(session, other, competency(session, "DI-02"), file=False)
    from skills.models import ClaimEvidence

    copy = make_stored_file(session, other)
    original = session.get(type(copy), first.evidence[0].file_id)
    copy.sha256 = original.sha256
    third.evidence.append(ClaimEvidence(file_id=copy.id))
    session.flush()

    found = twins(session, [first])[first.id]

    assert {(twin.claim_id, twin.reason) for twin in found} == {
        (second.id, "number"),
        (third.id, "file"),
    }


def test_old_evidence_stops_counting_by_the_rule_of_its_competency(session, person):
    of = competency(session, policy="best_within", policy_years=3)
    make_level(session, person, of, 4, obtained_on=date(2019, 1, 1))
    assert held(session, person, of) == (None, None)

    make_level(session, person, of, 2, source=LevelSource.EVIDENCE)

    assert held(session, person, of) == (2, None)


def test_recomputing_twice_changes_nothing(session, person):
    from skills.services.levels import recompute_levels

    make_level(session, person, competency(session), 3)
    version = session.get(Employee, person.id, populate_existing=True).profile_version

    assert recompute_levels(session, employee_ids=[person.id]) == []
    assert session.get(Employee, person.id, populate_existing=True).profile_version == version
