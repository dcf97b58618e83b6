"""Data quality and reconciliation through the pages."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent
from skills.models import Employee, ImportBatch, ImportRow, QualitySnapshot, ReconciliationItem
from skills.services.data_quality import qualities
from tests.factories.offices import make_opd
from tests.factories.people import make_employee


def test_work_lists_count_name_and_lead_to_what_mends(client_as, session):
    person = make_employee(session, education_level=None, name="D'Angelo & <b>Sari</b>")
    other = make_employee(session, education_level=None)
    officer = client_as("officer")
    assert "Pendidikan kosong" in officer.get("/mutu-data").text
    page = officer.get("/mutu-data/daftar/no_education").text
    assert "&lt;b&gt;Sari" in page and "<b>Sari" not in page
    assert f"/pegawai/{person.id}/ubah#education_level" in page
    narrowed = officer.get(f"/mutu-data/daftar?opd={other.opd_id}&ukuran=completeness").text
    assert other.name in narrowed and "Angelo" not in narrowed
    assert "Tidak ada temuan" in officer.get("/mutu-data/daftar?q=zzz").text
    assert officer.get("/mutu-data/daftar/nonsense").status_code == 404
    sheet = openpyxl.load_workbook(
        io.BytesIO(officer.get("/mutu-data/daftar/no_education/unduh.xlsx?q=sari").data)
    ).active
    assert [row[0] for row in sheet.values][1:] == [person.nip]


def test_a_record_shows_its_findings_and_only_readers_see_it(client_as, session):
    person = make_employee(session, education_level=None)
    url = f"/mutu-data/pegawai/{person.id}"
    page = client_as("opd_manager", opd_id=person.opd_id).get(url).text
    assert "Perbaiki" in page and "#education_level" in page
    own = client_as("employee", employee=person).get(url).text
    assert "sampaikan dokumennya" in own and "#education_level" not in own
    assert client_as("employee", employee=make_employee(session)).get(url).status_code == 404


def test_a_manager_sees_the_own_opd_only(client_as, session):
    opd = make_opd(session)
    stranger = make_employee(session, education_level=None)
    page = client_as("opd_manager", opd_id=opd.id).get("/mutu-data/daftar/no_education")
    assert page.status_code == 200 and stranger.name not in page.text
    assert client_as("employee", employee=stranger).get("/mutu-data").status_code == 403


def test_a_snapshot_is_kept_once_a_day(client_as, session):
    make_employee(session)
    officer = client_as("officer")
    for _time in range(2):
        assert officer.post("/mutu-data/potret").status_code == 303
    rows = session.scalars(select(QualitySnapshot)).all()
    assert sorted(row.opd_key == 0 for row in rows) == [False, True]
    assert client_as("auditor").post("/mutu-data/potret").status_code == 403
    assert "Potret mutu dari waktu" in client_as("auditor").get("/mutu-data").text


def test_the_number_of_statements_does_not_grow_with_people(session, query_counter):
    make_employee(session)
    with query_counter() as few:
        qualities(session, day=clock.today())
    for _number in range(8):
        make_employee(session)
    with query_counter() as many:
        qualities(session, day=clock.today())
    assert many.count == few.count <= 7


@pytest.fixture
def batch(session):
    found = ImportBatch(state="checked", file_name="siasn.xlsx", created_at=clock.now())
    session.add(found)
    session.flush()
    return found


@pytest.fixture
def person(session, batch):
    found = make_employee(session)
    session.add(
        ImportRow(
            batch_id=batch.id,
            number=2,
            action="update",
            employee_id=found.id,
            before={"birth_date": "1990-01-01", "education_field": "Sistem Informasi"},
            after={"birth_date": "1991-02-03", "education_field": "Hukum"},
        )
    )
    session.flush()
    return found


def items(session):
    rows = session.scalars(select(ReconciliationItem).order_by(ReconciliationItem.field))
    return {row.field: row for row in rows}


def test_differences_are_accepted_kept_or_exported_as_corrections(
    client_as, session, batch, person
):
    officer, url = client_as("officer"), f"/mutu-data/rekonsiliasi/{batch.id}"
    officer.post(f"{url}/mulai")
    found = items(session)
    officer.post(f"{url}/putuskan", data={"items": found["birth_date"].id, "aksi": "accept"})
    correction = {"items": found["education_field"].id, "aksi": "correct"}
    answer = officer.post(f"{url}/putuskan", data=correction)
    assert answer.status_code == 422 and "f-document-error" in answer.text
    assert items(session)["education_field"].decision is None  # the document is missing
    officer.post(f"{url}/putuskan", data={**correction, "document": "Ijazah 12/2012"})

    assert session.get(Employee, person.id).birth_date == date(1991, 2, 3)
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"{url}/koreksi.xlsx").data)).active
    assert [list(row)[0::3] for row in sheet.values][1:] == [[person.nip, "Hukum"]]
    tag = AuditEvent.tag == "skills:reconciliation:accept"
    assert session.scalars(select(AuditEvent).where(tag)).one().subject_id == found["birth_date"].id
    auditor = client_as("auditor")
    assert "Ijazah 12/2012" in auditor.get(f"{url}?keputusan=correct").text
    assert auditor.post(f"{url}/putuskan", data=correction).status_code == 403
    assert client_as("opd_manager", opd_id=person.opd_id).get(url).status_code == 403


def test_bulk_decision_keeps_all_filtered_with_a_reason_and_blocks_the_import(
    client_as, session, batch, person
):
    officer, url = client_as("officer"), f"/mutu-data/rekonsiliasi/{batch.id}"
    officer.post(f"{url}/mulai")
    wanted = {"semua": "1", "saringan": "data=birth_date", "aksi": "keep"}
    assert "f-reason-error" in officer.post(f"{url}/putuskan", data=wanted).text
    done = officer.post(f"{url}/putuskan", data={**wanted, "reason": "Akta menyebut 1990"})
    assert done.status_code == 303 and done.location.endswith("data=birth_date")
    found = items(session)
    assert (found["birth_date"].decision, found["birth_date"].reason) == (
        "keep",
        "Akta menyebut 1990",
    )
    assert found["education_field"].decision is None
    blocked = officer.post(
        f"/pegawai/impor/{batch.id}/terapkan", data={"version": str(batch.version)}
    )
    assert (
        "direkonsiliasi" in blocked.text or "direkonsiliasi" in officer.get(blocked.location).text
    )
    assert session.get(Employee, person.id).birth_date == date(1990, 1, 1)


def test_a_datum_that_changed_since_the_check_is_not_overwritten(client_as, session, batch, person):
    officer, url = client_as("officer"), f"/mutu-data/rekonsiliasi/{batch.id}"
    officer.post(f"{url}/mulai")
    session.get(Employee, person.id).birth_date = date(1989, 9, 9)
    item = items(session)["birth_date"]
    officer.post(f"{url}/putuskan", data={"items": item.id, "aksi": "accept"})
    assert session.get(Employee, person.id).birth_date == date(1989, 9, 9)
    assert items(session)["birth_date"].decision is None
    assert "sudah berubah" in officer.get(url).text
