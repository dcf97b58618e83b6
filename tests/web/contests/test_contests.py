"""Rights over the own data: who looked and why, a contest with a deadline, consent that counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock
from app.core.notifications.models import Notification
from matching.queries.pool import _texts
from skills.models import Consent, DataContest, Employee, LevelInForce, LevelRecord, PortfolioItem
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level

STATEMENT = "Saya lulus tahun 2014, bukan 2012; ijazah ada pada saya."


@pytest.fixture
def person(session: Session) -> Employee:
    """Somebody with data."""
    return make_person(session, make_opd(session), name="Rani D'Angelo <b>")


@pytest.fixture
def owner(client_as: Any, person: Employee) -> Any:
    """A client of the person."""
    return client_as(employee=person)


def contest(client: Any, **changes: Any) -> Any:
    """Send the form."""
    values = {"kind": "education", "subject": "Tahun lulus", "statement": STATEMENT, **changes}
    return client.post("/data-saya/sanggah", data=values)


def test_a_contested_datum_has_a_deadline_and_gets_an_answer(owner, client_as, session):
    assert contest(owner).status_code == 303
    filed = session.query(DataContest).one()
    assert filed.due_on == clock.today() + timedelta(days=14)
    assert "dijawab paling lambat" in owner.get("/data-saya").text

    officer = client_as("officer")
    assert "Tahun lulus" in officer.get("/sanggahan").text
    assert "Sanggahan data menunggu jawaban" in officer.get("/").text
    page = officer.get(f"/sanggahan/{filed.id}").text
    assert STATEMENT in page and "D&#39;Angelo &lt;b&gt;" in page
    reply = {
        "outcome": "corrected",
        "answer": "Tahun lulus diperbaiki menurut ijazah.",
        "version": filed.version,
    }
    assert officer.post(f"/sanggahan/{filed.id}", data=reply).status_code == 303

    page = owner.get("/data-saya").text
    assert "Tahun lulus diperbaiki menurut ijazah." in page and "Diperbaiki" in page
    assert session.query(Notification).filter_by(kind="contest").count() == 1
    assert officer.post(f"/sanggahan/{filed.id}", data=reply).status_code == 409
    assert "Tahun lulus" in officer.get("/sanggahan?keadaan=corrected").text
    assert officer.get("/sanggahan/unduh.xlsx?keadaan=semua").status_code == 200


def test_a_late_answer_is_marked_for_the_officer_and_the_person(owner, client_as, session):
    contest(owner)
    filed = session.query(DataContest).one()
    filed.due_on = clock.today() - timedelta(days=2)
    officer = client_as("officer")

    assert "terlambat 2 hari" in officer.get("/sanggahan?lewat=1").text
    assert "1 lewat tenggat" in officer.get("/").text
    assert "Tenggat jawaban" in officer.get(f"/sanggahan/{filed.id}").text
    assert "Tenggatnya sudah lewat" in owner.get("/data-saya").text


def test_a_wrong_level_row_is_taken_back_with_the_answer(owner, client_as, session, person):
    of = competency(session)
    make_level(session, person, of, 2)
    row = session.query(LevelRecord).one()
    assert f"baris={row.id}" in owner.get(f"/profil/{person.id}/kompetensi/{of.id}").text
    assert "Level 2 dari" in owner.get(f"/data-saya/sanggah?baris={row.id}").text
    contest(owner, kind="level", subject="Level 2", row=row.id)
    filed = session.query(DataContest).one()
    officer = client_as("officer")
    page = officer.get(f"/sanggahan/{filed.id}").text
    assert "Baris yang disanggah" in page and of.name in page
    reply = {"answer": "Salah orang; baris dibatalkan.", "version": filed.version}

    refused = {**reply, "outcome": "refused", "withdraw_level": "y"}
    assert officer.post(f"/sanggahan/{filed.id}", data=refused).status_code == 422
    right = {**reply, "outcome": "corrected", "withdraw_level": "y"}
    assert officer.post(f"/sanggahan/{filed.id}", data=right).status_code == 303

    held = session.get(LevelInForce, (person.id, of.id))
    assert held is None or held.verified_level is None
    page = owner.get(f"/profil/{person.id}/kompetensi/{of.id}").text
    assert "sanggahan pemiliknya diterima" in page


def test_what_is_missing_is_said_at_its_field(owner, session):
    for changes, words in (
        ({"kind": ""}, "Pilih data yang Anda sanggah"),
        ({"subject": " "}, "Sebutkan data mana"),
        ({"statement": "salah"}, "Jelaskan apa yang keliru"),
    ):
        answer = contest(owner, **changes)
        assert answer.status_code == 422 and words in answer.text
    contest(owner)
    assert "sudah Anda sanggah" in contest(owner).text
    assert session.query(DataContest).count() == 1


def test_contests_of_others_are_nobodys_business(owner, client_as, session, person):
    contest(owner)
    filed = session.query(DataContest).one()
    make_level(session, make_person(session, person.opd), competency(session), 2)
    foreign = session.query(LevelRecord).one()
    stranger = client_as(employee=make_person(session, person.opd))

    assert stranger.post(f"/data-saya/sanggah/{filed.id}/tarik").status_code == 404
    assert owner.get(f"/data-saya/sanggah?baris={foreign.id}").status_code == 404
    assert contest(owner, kind="level", row=foreign.id).status_code == 404
    for role in ("supervisor", "assessor", "auditor"):
        assert client_as(role).get("/sanggahan").status_code == 403
    own = client_as("officer", employee=make_person(session, person.opd))
    contest(own, subject="Golongan saya sendiri")
    mine = session.query(DataContest).filter(DataContest.id != filed.id).one()
    assert own.get(f"/sanggahan/{mine.id}").status_code == 404
    assert "Golongan saya sendiri" not in own.get("/sanggahan").text
    assert owner.post(f"/data-saya/sanggah/{filed.id}/tarik").status_code == 303
    assert client_as("officer").get(f"/sanggahan/{filed.id}").status_code == 404


def test_a_person_sees_who_looked_in_which_role_and_why(owner, client_as, session, person):
    officer = client_as("officer")
    for _look in range(27):
        officer.get(f"/profil/{person.id}")
    owner.get(f"/profil/{person.id}")

    page = owner.get("/profil/akses").text

    assert "Petugas BKPSDM" in page and "Melihat profil" in page
    assert "Pengelolaan profil kompetensi" in page
    assert page.count("Melihat profil") == 25 and "sebelum=" in page
    older = page.split("sebelum=")[1].split('"')[0]
    assert owner.get(f"/profil/akses?sebelum={older}").text.count("Melihat profil") == 2


def test_a_portfolio_is_searched_only_with_consent(owner, session, person):
    session.add(PortfolioItem(employee_id=person.id, title="Dasbor stunting", description=""))
    session.flush()
    before = person.profile_version
    assert _texts(session, [person.id])[person.id] == []
    assert "Anda tidak setuju" in owner.get("/data-saya").text
    given = {"tujuan": "portfolio_search", "setuju": "1"}

    for _click in range(2):
        assert owner.post("/data-saya/persetujuan", data=given).status_code == 303
    assert session.query(Consent).count() == 1
    assert "Dasbor stunting" in _texts(session, [person.id])[person.id][0]
    session.refresh(person)
    assert person.profile_version > before

    owner.post("/data-saya/persetujuan", data={**given, "setuju": "0"})
    assert _texts(session, [person.id])[person.id] == []
    assert "dicabut" in owner.get("/data-saya").text
    assert owner.post("/data-saya/persetujuan", data={"tujuan": "apa saja"}).status_code == 422


def test_the_queue_takes_as_many_statements_for_many(client_as, session, query_counter):
    officer = client_as("officer")

    def add(count: int) -> None:
        for _number in range(count):
            session.add(
                DataContest(
                    employee_id=make_person(session, make_opd(session)).id,
                    kind="identity",
                    subject="NIP",
                    statement=STATEMENT,
                    filed_at=clock.now(),
                    due_on=clock.today(),
                )
            )
        session.commit()

    add(1)
    officer.get("/sanggahan")
    with query_counter() as few:
        officer.get("/sanggahan")
    add(6)
    with query_counter() as many:
        officer.get("/sanggahan")

    assert many.count == few.count, many.statements
