"""Handing the queue over for some days, and what the auditor is shown."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import AccountGrant
from skills.enums import ClaimState
from skills.models import Employee, OutsideRecord, Unit
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd, make_person, make_unit
from tests.factories.profiles import competency, make_claim

TODAY = clock.today()


@pytest.fixture
def unit(session: Session) -> Unit:
    """A unit."""
    return make_unit(session, make_opd(session))


@pytest.fixture
def chief(client_as: Any, session: Session, unit: Unit) -> Any:
    """A client of the unit's supervisor."""
    person = make_person(session, unit.opd, unit_id=unit.id)
    return client_as("supervisor", employee=person, unit_id=unit.id, opd_id=unit.opd_id)


@pytest.fixture
def deputy(session: Session, unit: Unit) -> Employee:
    """A colleague of the same OPD."""
    return make_person(session, unit.opd)


def hand_over(client: Any, account: Any, start: int = 0, end: int = 7) -> Any:
    """Send the form."""
    data = {
        "account_id": account.id,
        "since": (TODAY + timedelta(days=start)).isoformat(),
        "until": (TODAY + timedelta(days=end)).isoformat(),
    }
    return client.post("/verifikasi/delegasi", data=data)


def test_a_deputy_verifies_the_unit_between_two_days(chief, client_as, session, unit, deputy):
    claim = make_claim(
        session, make_person(session, unit.opd, unit_id=unit.id), competency(session)
    )
    acting = client_as(employee=deputy)
    assert acting.get(f"/verifikasi/{claim.id}").status_code == 403

    assert hand_over(chief, acting.account).status_code == 303

    assert acting.get(f"/verifikasi/{claim.id}").status_code == 200
    grant = session.query(AccountGrant).filter_by(account_id=acting.account.id).one()
    assert (grant.until, grant.granted_by_id) == (TODAY + timedelta(days=7), chief.account.id)
    assert chief.post(f"/verifikasi/delegasi/{grant.id}/akhiri").status_code == 303
    assert acting.get(f"/verifikasi/{claim.id}").status_code == 403


def test_a_hand_over_that_is_to_come_gives_nothing_yet(chief, client_as, session, deputy):
    acting = client_as(employee=deputy)

    hand_over(chief, acting.account, start=3)

    assert acting.get("/verifikasi").status_code == 403


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(-1, 3, "masa lalu"), (3, 1, "mendahului"), (0, 200, "paling lama 90 hari")],
)
def test_wrong_days_are_refused_at_their_field(chief, session, deputy, start, end, words):
    account = make_account(session, employee=deputy)

    answer = hand_over(chief, account, start, end)

    assert answer.status_code == 422 and words in answer.text


def test_nobody_outside_the_opd_is_a_deputy(chief, session):
    stranger = make_account(session, employee=make_person(session, make_opd(session)))

    assert hand_over(chief, stranger).status_code == 422
    assert session.query(AccountGrant).filter_by(account_id=stranger.id).count() == 0


def test_an_officer_and_an_assessor_hand_over_the_reach_of_their_role(
    client_as, session, unit, deputy
):
    assert (
        client_as(employee=make_person(session, unit.opd)).get("/verifikasi/delegasi").status_code
        == 403
    )
    assert client_as("assessor").get("/verifikasi/delegasi").status_code == 200
    officer = client_as("officer", employee=make_person(session, unit.opd))
    assert "verifikasi seluruh kota" in officer.get("/verifikasi/delegasi").text
    acting = client_as(employee=deputy)
    claim = make_claim(session, make_person(session, make_opd(session)), competency(session))

    assert hand_over(officer, acting.account, end=5).status_code == 303

    assert acting.get(f"/verifikasi/{claim.id}").status_code == 200
    third = make_account(session, employee=make_person(session, unit.opd))
    assert "Peran Anda sendiri berakhir" in hand_over(acting, third, end=30).text
    grant = session.query(AccountGrant).filter_by(account_id=acting.account.id).one()
    assert officer.post(f"/verifikasi/delegasi/{grant.id}/akhiri").status_code == 303
    assert acting.get(f"/verifikasi/{claim.id}").status_code == 403


def test_another_persons_hand_over_cannot_be_ended(chief, client_as, session, unit, deputy):
    acting = client_as(employee=deputy)
    hand_over(chief, acting.account)
    grant = session.query(AccountGrant).filter_by(account_id=acting.account.id).one()
    other = client_as(
        "supervisor",
        employee=make_person(session, unit.opd),
        unit_id=make_unit(session, unit.opd).id,
    )

    assert other.post(f"/verifikasi/delegasi/{grant.id}/akhiri").status_code == 404


def test_mutual_verification_on_one_day_is_shown_to_the_auditor(client_as, session, unit):
    one, other = (make_person(session, unit.opd, name=f"Orang {n}") for n in "AB")
    first, second = (make_account(session, "assessor", employee=p) for p in (one, other))
    for owner, verifier, code in ((one, second, "PB-01"), (other, first, "DI-01")):
        make_claim(
            session,
            owner,
            competency(session, code),
            state=ClaimState.ACCEPTED,
            decided_by_id=verifier.id,
            decided_at=clock.now(),
            decided_level=3,
        )

    page = client_as("auditor").get("/verifikasi/temuan").text

    assert "Orang A" in page and "Orang B" in page
    assert client_as("assessor").get("/verifikasi/temuan").status_code == 403


def test_a_number_used_by_two_people_is_shown_to_the_auditor(client_as, session, unit):
    for number in ("X-77/2025", " x-77/2025"):
        make_claim(
            session, make_person(session, unit.opd), competency(session), document_number=number
        )

    assert "X-77/2025" in client_as("auditor").get("/verifikasi/temuan").text


def test_a_number_of_a_record_from_elsewhere_is_compared_with_claims(client_as, session, unit):
    first, second = (make_person(session, unit.opd) for _number in range(2))
    make_claim(session, first, competency(session), document_number="9/SERT/2025")
    row = OutsideRecord(
        employee_id=second.id,
        kind="certificate",
        title="Sertifikat pinjaman",
        number=" 9/sert/2025",
        state="draft",
        created_at=clock.now(),
        sent_at=clock.now(),
    )
    session.add(row)
    auditor = client_as("auditor")
    assert "Sertifikat pinjaman" not in auditor.get("/verifikasi/temuan").text

    row.state = "sent"

    page = auditor.get("/verifikasi/temuan").text
    assert "9/SERT/2025" in page and "Sertifikat pinjaman" in page
