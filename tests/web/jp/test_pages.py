"""Accounts of hours and claims of learning elsewhere, through the pages."""

import io

import pytest
from sqlalchemy import select

from app.core import clock
from courses.models import JpClaim
from skills.models import TrainingRecord
from tests.factories.claims import png
from tests.factories.people import make_employee


def values(**changes):
    day = clock.today().isoformat()
    return {
        "title": "Lokakarya Data",
        "organiser": "Lembaga Uji",
        "form_code": "KL07",
        "started_on": day,
        "ended_on": day,
        "quantity": "1",
        "jp": "12",
        "proof": (io.BytesIO(png()), "bukti.png"),
        **changes,
    }


@pytest.fixture
def sent(client_as, session):
    employee = make_employee(session)
    client = client_as("employee", employee=employee)
    answer = client.post("/jp/klaim/baru", data=values(), content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return session.scalars(select(JpClaim)).one()


def test_a_claim_counts_only_once_it_is_approved(client_as, session, sent):
    record = session.get(TrainingRecord, sent.record_id)
    assert (record.state, record.jp) == ("claimed", 12)

    data = {"langkah": "setuju", "jp": "8", "answer": "Hari kedua tanpa bukti", "version": 1}
    client_as("officer").post(f"/jp/klaim/{sent.id}", data=data)
    session.expire_all()

    assert (record.state, record.jp, sent.jp_claimed) == ("verified", 8, 12)


def test_a_cut_without_a_reason_changes_nothing(client_as, session, sent):
    data = {"langkah": "setuju", "jp": "8", "answer": "", "version": 1}
    client_as("officer").post(f"/jp/klaim/{sent.id}", data=data)
    session.expire_all()

    assert sent.decided_at is None


def test_what_was_decided_is_not_decided_again(client_as, session, sent):
    officer = client_as("officer")
    officer.post(
        f"/jp/klaim/{sent.id}", data={"langkah": "kembali", "answer": "Buram", "version": 1}
    )
    officer.post(f"/jp/klaim/{sent.id}", data={"langkah": "setuju", "jp": "12", "version": 2})
    session.expire_all()

    assert sent.record.state == "returned"


@pytest.mark.parametrize(
    "changes", [{"form_code": "NKL09", "jp": "5"}, {"jp": "0"}, {"ended_on": "2000-01-01"}]
)
def test_hours_and_dates_outside_the_rules_are_refused(client_as, session, changes):
    client = client_as("employee", employee=make_employee(session))
    answer = client.post(
        "/jp/klaim/baru", data=values(**changes), content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert session.scalars(select(JpClaim)).all() == []


def test_pages_open_to_whom_they_belong(client_as, session, sent):
    officer = client_as("officer")
    for address in ("/jp", "/jp/klaim", "/jp/unduh.xlsx"):
        assert officer.get(address).status_code == 200
    assert client_as("employee").get("/jp").status_code == 403
    assert client_as("assessor").get("/jp/klaim").status_code == 403


def test_an_opd_manager_reads_the_own_people_only(client_as, session, sent):
    own = make_employee(session, name="Orang Sendiri")
    page = client_as("opd_manager", opd_id=own.opd_id).get("/jp").text

    assert "Orang Sendiri" in page
    assert sent.employee.name not in page
