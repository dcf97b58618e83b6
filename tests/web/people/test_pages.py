"""The list of employees, one person, edit, supervisor, transfer and departure."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from app.core.accounts.models import Account
from app.core.audit import AuditEvent, AuditPerson
from skills.models import Claim, Employee, PositionRecord
from tests.factories.accounts import make_account
from tests.factories.courses import make_enrolment, make_session
from tests.factories.offices import make_opd, make_unit
from tests.factories.people import make_claim, make_employee, make_position


def test_search_filter_and_sort_are_in_the_address(client_as, session):
    opd = make_opd(session)
    make_employee(session, opd=opd, name="Anggrek Uji", golongan="IV/a")
    make_employee(session, opd=opd, name="Bakung Uji")
    officer = client_as("officer")
    page = officer.get("/pegawai?q=uji&golongan=IV/a").text
    assert "Anggrek Uji" in page and "Bakung Uji" not in page
    page = officer.get("/pegawai?q=uji&urut=-nama").text
    assert page.index("Bakung Uji") < page.index("Anggrek Uji")


def test_a_list_shows_only_whom_the_reader_reaches(client_as, session):
    mine, other = make_opd(session), make_opd(session)
    make_employee(session, opd=mine, name="Orang Kita")
    stranger = make_employee(session, opd=other, name="Orang Lain")
    manager = client_as("opd_manager", opd_id=mine.id)
    page = manager.get("/pegawai").text
    assert "Orang Kita" in page and "Orang Lain" not in page
    assert manager.get(f"/pegawai/{stranger.id}").status_code == 404
    assert manager.get(f"/pegawai/{stranger.id}/ubah").status_code == 404
    assert client_as("employee").get("/pegawai").status_code == 403


def test_the_export_is_the_filtered_list_and_is_audited(client_as, session):
    opd = make_opd(session)
    person = make_employee(session, opd=opd, name="Anggrek =1+1")
    make_employee(session, name="Bakung Uji")
    answer = client_as("officer").get(f"/pegawai/unduh.xlsx?opd={opd.id}")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [line[0] for line in rows] == ["NIP", person.nip]
    event = session.scalars(select(AuditEvent).filter_by(tag="skills:employee:export")).one()
    named = select(AuditPerson.employee_id).filter_by(event_id=event.id)
    assert session.scalars(named).all() == [person.id]


def test_a_list_takes_few_statements_whatever_its_length(client_as, session, query_counter):
    opd = make_opd(session)
    for _ in range(30):
        make_employee(
            session, opd=opd, position=make_position(session), unit=make_unit(session, opd)
        )
    officer = client_as("officer")
    with query_counter() as few:
        officer.get("/pegawai?per=25")
    with query_counter() as many:
        officer.get("/pegawai?per=50")
    assert many.count == few.count <= 20, many


def test_reading_a_person_is_audited(client_as, session):
    person = make_employee(session, name="Dibaca Orang")
    page = client_as("officer").get(f"/pegawai/{person.id}")
    assert page.status_code == 200 and "Dibaca Orang" in page.text
    event = session.scalars(select(AuditEvent).filter_by(tag="skills:employee:read")).one()
    assert event.subject_id == person.id


def edit_form(person, **changes):
    """Return the fields of the edit form of a person."""
    fields = {
        "version": person.version,
        "name": person.name,
        "employment_kind": person.employment_kind,
        "employment_state": person.employment_state,
        "golongan": person.golongan,
        "birth_date": person.birth_date,
    }
    return {**fields, **changes}


def test_an_edit_is_saved_with_its_history(client_as, session):
    person = make_employee(session, position=make_position(session))
    wanted = make_position(session, "Jabatan Baru Uji")
    form = edit_form(person, position_id=wanted.id, position_since="2026-01-01", golongan="IV/a")
    answer = client_as("officer").post(f"/pegawai/{person.id}/ubah", data=form)
    assert answer.status_code == 303
    found = session.get_one(Employee, person.id)
    assert (found.golongan, found.position.name) == ("IV/a", "Jabatan Baru Uji")
    names = session.scalars(select(PositionRecord.position_name).filter_by(until=None)).all()
    assert names == ["Jabatan Baru Uji"]
    event = session.scalars(select(AuditEvent).filter_by(tag="skills:employee:edit")).one()
    assert '"golongan":["III/b","IV/a"]' in event.detail


def test_a_stale_edit_shows_both_versions(client_as, session):
    person = make_employee(session, name="Nama Lama")
    form = edit_form(person, name="Nama Saya")
    person.name = "Nama Mereka"
    session.commit()
    answer = client_as("officer").post(f"/pegawai/{person.id}/ubah", data=form)
    assert answer.status_code == 409
    assert "Nama Mereka" in answer.text and "Nama Saya" in answer.text
    assert session.get_one(Employee, person.id).name == "Nama Mereka"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "Wajib diisi"),
        ({"name": "12345"}, "tidak memuat huruf"),
        ({"official_email": "bukan-surel"}, "bukan alamat surel"),
        ({"birth_date": "2999-01-01"}, "belum tiba"),
        ({"eselon": "X.z"}, "tidak dikenal"),
        ({"graduation_year": "1800"}, "1930"),
        ({"employment_state": "retired"}, "Not a valid choice"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_a_wrong_value_is_named_at_its_field(client_as, session, changes, sentence):
    person = make_employee(session)
    form = edit_form(person, **changes)
    answer = client_as("officer").post(f"/pegawai/{person.id}/ubah", data=form)
    assert answer.status_code == 422 and "ek-error" in answer.text
    if "Not a valid" not in sentence:
        assert sentence in answer.text


def test_nobody_edits_the_own_record(client_as, session):
    person = make_employee(session)
    officer = client_as("officer", employee=person)
    form = edit_form(person, golongan="IV/e")
    assert officer.post(f"/pegawai/{person.id}/ubah", data=form).status_code == 403
    assert session.get_one(Employee, person.id).golongan == "III/b"


def test_a_supervisor_must_stand_above(client_as, session):
    boss = make_employee(session, name="Pimpinan")
    person = make_employee(session, supervisor=boss)
    officer = client_as("officer")
    form = {"version": boss.version, "nip": person.nip}
    answer = officer.post(f"/pegawai/{boss.id}/atasan", data=form)
    assert answer.status_code == 422 and "berada di bawah" in answer.text
    other = make_employee(session)
    form = {"version": person.version, "nip": other.nip}
    assert officer.post(f"/pegawai/{person.id}/atasan", data=form).status_code == 303
    assert session.get_one(Employee, person.id).supervisor_id == other.id


def leaving(person, **changes):
    """Return the form of a retirement."""
    form = {"kind": "retired", "on": "2026-12-01", "reason": "SK 1/2026"}
    return {**form, **changes}


def test_a_retirement_closes_what_its_preview_named(client_as, session):
    person = make_employee(session, name="Akan Pensiun", position=make_position(session))
    below = make_employee(session, supervisor=person)
    account = make_account(session, employee=person)
    claim = make_claim(session, person)
    enrolment = make_enrolment(session, make_session(session), person)
    officer = client_as("officer")
    page = officer.get("/pegawai/perubahan", query_string={"id": person.id, **leaving(person)}).text
    for words in ("Akun ditutup", "Klaim yang belum diputuskan", "Pendaftaran di sesi", "atasan"):
        assert words in page
    form = {"orang": f"{person.id}:{person.version}", **leaving(person)}
    assert officer.post("/pegawai/perubahan", data=form).status_code == 303
    assert session.get_one(Employee, person.id).employment_state == "retired"
    assert session.get_one(Account, account.id).state == "closed"
    assert session.get_one(Claim, claim.id).state == "withdrawn"
    assert session.get_one(type(enrolment), enrolment.id).state == "cancelled"
    assert session.get_one(Employee, below.id).supervisor_id is None


def test_a_change_after_the_preview_stops_everything(client_as, session):
    person, other = make_employee(session), make_employee(session)
    tokens = [f"{person.id}:{person.version}", f"{other.id}:{other.version}"]
    person.golongan = "IV/a"
    session.commit()
    form = {"orang": tokens, **leaving(person)}
    answer = client_as("officer").post("/pegawai/perubahan", data=form)
    assert answer.status_code == 409
    assert session.get_one(Employee, other.id).employment_state == "active"


def test_a_transfer_moves_the_person_and_writes_history(client_as, session):
    person = make_employee(session, position=make_position(session, "Analis Uji"))
    target = make_opd(session, "Dinas Tujuan")
    form = {
        "orang": f"{person.id}:{person.version}",
        **leaving(person, kind="transfer", opd_id=target.id),
    }
    assert client_as("officer").post("/pegawai/perubahan", data=form).status_code == 303
    found = session.get_one(Employee, person.id)
    assert found.opd_id == target.id and found.employment_state == "active"
    rows = session.scalars(select(PositionRecord).filter_by(employee_id=person.id)).all()
    assert [row.opd_name for row in rows if row.until is None] == ["Dinas Tujuan"]


def test_a_manager_transfers_only_within_the_own_opd(client_as, session):
    opd, target = make_opd(session), make_opd(session)
    person = make_employee(session, opd=opd)
    form = {
        "orang": f"{person.id}:{person.version}",
        **leaving(person, kind="transfer", opd_id=target.id),
    }
    answer = client_as("opd_manager", opd_id=opd.id).post("/pegawai/perubahan", data=form)
    assert answer.status_code == 422
    assert session.get_one(Employee, person.id).opd_id == opd.id


@pytest.mark.parametrize("q", ["", "'", "%", "a" * 5000, "<script>", "1990 0101"])
def test_a_search_takes_any_text(client_as, session, q):
    make_employee(session)
    answer = client_as("officer").get("/pegawai", query_string={"q": q, "urut": q, "per": q})
    assert answer.status_code == 200 and "<script>" not in answer.text.replace("<script ", "")
