"""Two people decide about the same thing at the same moment: one wins, the other is told."""

from typing import Any

from app.core import clock
from app.core.errors import Conflict
from skills.enums import ClaimState, LevelSource
from skills.models import Claim, LevelRecord, OutsideRecord, TrainingRecord
from skills.queries.claims import find_claim
from skills.queries.outside import find_outside
from skills.services.outside import decide_outside
from skills.services.verification import accept_claim, return_claim
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import actor_for, competency, make_claim

ASSESSOR = actor_for(None, "assessor")


def test_of_two_who_verify_a_claim_at_once_one_wins_and_the_other_is_told(session, at_once):
    claim = make_claim(session, make_person(session, make_opd(session)), competency(session))
    number, version = claim.id, claim.version
    session.commit()

    def accept(own: Any) -> None:
        found = find_claim(own, number, lock=True)
        accept_claim(own, actor=ASSESSOR, claim=found, expected_version=version)

    def give_back(own: Any) -> None:
        found = find_claim(own, number, lock=True)
        return_claim(
            own, actor=ASSESSOR, claim=found, reason_code="TIDAK_TERBACA", expected_version=version
        )

    errors = at_once(accept, give_back, accept)

    assert [type(error) for error in errors] == [Conflict, Conflict], errors
    assert "sudah diperiksa petugas lain" in str(errors[0].message)  # type: ignore[attr-defined]
    session.expire_all()
    kept = session.get_one(Claim, number)
    proven = session.query(LevelRecord).filter_by(source=LevelSource.EVIDENCE).count()
    assert (kept.state, proven) in ((ClaimState.ACCEPTED, 1), (ClaimState.RETURNED, 0))


def test_of_two_who_verify_a_record_at_once_one_wins(session, at_once):
    row = OutsideRecord(
        employee_id=make_person(session, make_opd(session)).id,
        kind="certificate",
        title="Jaringan",
        state="sent",
        created_at=clock.now(),
        sent_at=clock.now(),
    )
    session.add(row)
    session.flush()
    number, version = row.id, row.version
    session.commit()

    def accept(own: Any) -> None:
        found = find_outside(own, number, lock=True)
        decide_outside(own, actor=ASSESSOR, row=found, accept=True, answer="", version=version)

    errors = at_once(accept, accept)

    assert [type(error) for error in errors] == [Conflict], errors
    session.expire_all()
    assert session.query(TrainingRecord).count() == 1
