"""Accounts of hours and claims of learning elsewhere, through the pages."""

import io

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.spreadsheet.reader import read_table
from courses.models import JpClaim
from skills.models import TrainingRecord
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.people import make_employee
from tests.factories.profiles import png


def values(**changes):
    day = clock.today().isoformat()
    return {
        "title": "Lokakarya <b>Data</b>",
        "organiser": "Lembaga D'Uji & Co",
        "form_code": "KL07",
        "ended_on": day,
        "quantity": "1",
        "jp": "12",
        "proof": (io.BytesIO(png()), "bukti.png"),
        **changes,
    }


def send(client, **changes):
    return client.post("/jp/klaim/baru", data=values(**changes), content_type="multipart/form-data")


@pytest.fixture
def sent(client_as, session):
    client = client_as("employee", employee=make_employee(session))
    answer = send(client)
    assert answer.status_code == 303, answer.text
    assert "Lokakarya &lt;b&gt;Data&lt;/b&gt;" in client.get("/jp/saya").text
    return session.scalars(select(JpClaim)).one()


def decide(client, claim, **data):
    client.post(f"/jp/klaim/{claim.id}", data={"version": 1, **data})


def test_a_claim_counts_only_once_it_is_approved_and_once(client_as, session, sent):
    record, officer = session.get(TrainingRecord, sent.record_id), client_as("officer")
    person = f"/jp/pegawai/{sent.employee_id}"
    assert "<strong>0</strong> JP" in officer.get(person).text

    decide(officer, sent, langkah="setuju", jp="8", answer="")
    session.expire_all()
    assert sent.decided_at is None, "a cut without a reason changes nothing"

    decide(officer, sent, langkah="setuju", jp="8", answer="Hari kedua tanpa bukti")
    decide(officer, sent, langkah="kembali", answer="Buram", version=2)
    session.expire_all()

    assert (record.state, record.jp, sent.jp_claimed) == ("verified", 8, 12)
    assert "<strong>8</strong> JP" in officer.get(person).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"form_code": "NKL09", "jp": "5"}, "paling banyak 2 JP"),
        ({"ended_on": "2000-01-01", "started_on": "2000-02-01"}, "mendahului"),
        ({"proof": (io.BytesIO(b""), "")}, "Lampirkan buktinya"),
        ({"proof": (io.BytesIO(b"MZ kosong"), "bukti.png")}, "tidak sesuai"),
    ],
)
def test_what_the_rules_refuse_is_said_at_its_field(client_as, session, changes, words):
    answer = send(client_as("employee", employee=make_employee(session)), **changes)

    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalars(select(JpClaim)).all() == []


def test_the_same_learning_is_not_counted_twice(client_as, session):
    client = client_as("employee", employee=make_employee(session))
    send(client)

    assert send(client).status_code == 422
    assert len(session.scalars(select(JpClaim)).all()) == 1


def test_pages_open_to_whom_they_belong(client_as, session, sent):
    chief = make_employee(session)
    team = make_employee(session, supervisor=chief, name="Orang Tim")
    own = make_employee(session, name="Orang Sendiri")
    officer = client_as("officer")
    for address in ("/jp", "/jp/klaim", "/jp/unduh.xlsx"):
        assert officer.get(address).status_code == 200
    assert client_as("employee").get("/jp").status_code == 403
    assert client_as("assessor").get("/jp/klaim").status_code == 403

    manager = client_as("opd_manager", opd_id=own.opd_id)
    page = manager.get("/jp").text
    assert "Orang Sendiri" in page
    assert sent.employee.name not in page
    assert manager.get(f"/jp/pegawai/{sent.employee_id}").status_code == 404
    supervisor = client_as("supervisor", employee=chief)
    assert "Orang Tim" in supervisor.get("/jp").text
    assert supervisor.get(f"/jp/pegawai/{team.id}").status_code == 200
    assert supervisor.get(f"/jp/pegawai/{own.id}").status_code == 404


def test_nobody_approves_the_own_hours(client_as, session):
    employee = make_employee(session)
    officer = client_as("officer", employee=employee)
    send(officer)
    claim = session.scalars(select(JpClaim)).one()

    answer = officer.post(
        f"/jp/klaim/{claim.id}", data={"langkah": "setuju", "jp": "12", "version": 1}
    )

    assert answer.status_code == 404


def test_the_forecast_adds_claims_and_sessions_of_the_year(
    client_as, session, sent, query_counter, tmp_path
):
    run = make_session(session, make_course(session), starts=0, days=1, capacity=20)
    make_enrolment(session, run, session.get(JpClaim, sent.id).employee)
    session.commit()
    officer = client_as("officer")
    with query_counter() as few:
        officer.get("/jp?keadaan=on_track")
    for _ in range(12):
        make_enrolment(session, run, make_employee(session))
    session.commit()
    with query_counter() as many:
        page = officer.get("/jp?keadaan=on_track").text
    path = tmp_path / "jp.xlsx"
    path.write_bytes(officer.get("/jp/unduh.xlsx?keadaan=on_track&urut=-perkiraan").data)
    rows = list(read_table(path))

    assert few.count == many.count
    assert sent.employee.name in page
    assert len(rows) == 14, "the file holds the whole filtered list"
    assert rows[1][4:9] == (0, 12, 20, 32, 20) or list(rows[1][4:9]) == [0, 12, 20, 32, 20]
