"""The list of certificates, the download of all of it, revocation, officials."""

import io
import zipfile

from sqlalchemy import select

from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from courses.enums import CertificateState
from courses.models import Signatory
from tests.factories.courses import certificates_of, make_completed, people_of, reread
from tests.factories.people import make_employee


def zip_of(session):
    reread(session)
    stored = session.scalars(
        select(StoredFile).where(StoredFile.purpose == "certificate_zip")
    ).one()
    return zipfile.ZipFile(io.BytesIO(read_bytes(stored)))


def test_r1_r2_the_download_holds_the_whole_filtered_list_with_an_index(
    session, client_as, issue_all
):
    run = make_completed(session, 30)
    other = make_completed(session, 2)
    issue_all(run), issue_all(other)
    browser = client_as("organiser")

    page = browser.get(f"/sertifikat?kursus={run.course_id}").get_data(as_text=True)
    browser.post("/sertifikat/unduh", data={"saringan": f"kursus={run.course_id}"})

    names = zip_of(session).namelist()
    assert "Unduh 30 sertifikat" in page
    assert len([name for name in names if name.endswith(".pdf")]) == 30
    assert "daftar.xlsx" in names


def test_revoking_from_the_page_asks_for_a_reason(session, client_as, issue_all):
    run = make_completed(session, 1)
    issue_all(run)
    certificate = certificates_of(session, run)[0]
    browser = client_as("organiser")

    browser.post(f"/sertifikat/{certificate.id}/cabut", data={"reason": " "})
    reread(session)
    assert certificate.state == CertificateState.ISSUED
    browser.post(f"/sertifikat/{certificate.id}/cabut", data={"reason": "Salah peserta"})
    reread(session)
    assert certificate.state == CertificateState.REVOKED


def test_the_holder_reads_and_downloads_and_others_find_nothing(session, client_as, issue_all):
    run = make_completed(session, 1)
    issue_all(run)
    certificate, person = certificates_of(session, run)[0], people_of(session, run)[0].employee
    holder = client_as("employee", employee=person)
    other = client_as("employee", employee=make_employee(session))

    assert holder.get(f"/sertifikat/{certificate.id}").status_code == 200
    assert holder.get(f"/berkas/{certificate.file_id}").data.startswith(b"%PDF-")
    assert other.get(f"/sertifikat/{certificate.id}").status_code == 404
    assert other.get(f"/berkas/{certificate.file_id}").status_code == 404
    assert holder.post(f"/sertifikat/{certificate.id}/cabut").status_code == 403


def test_an_official_is_added_with_name_and_office(session, client_as):
    browser = client_as("organiser")

    refused = browser.post("/sertifikat/penanda-tangan", data={"name": "(nama pejabat)"})
    browser.post("/sertifikat/penanda-tangan", data={"name": "Uji, S.T.", "office": "Kepala"})

    assert refused.status_code == 422
    assert "Uji, S.T." in session.scalars(select(Signatory.name)).all()


def test_an_opd_manager_sees_the_certificates_of_the_own_opd_only(session, client_as, issue_all):
    run = make_completed(session, 2)
    issue_all(run)
    mine, other = (row.employee for row in people_of(session, run))
    browser = client_as("opd_manager", opd_id=mine.opd_id)

    page = browser.get("/sertifikat").get_data(as_text=True)

    assert mine.name in page
    assert other.name not in page


def test_r12_replacing_from_the_page_links_both_to_each_other(session, client_as, issue_all):
    run = make_completed(session, 1)
    issue_all(run)
    old = certificates_of(session, run)[0]
    official = session.scalars(select(Signatory.id).where(~Signatory.name.startswith("("))).first()
    browser = client_as("organiser")

    data = {"penanda": official, "reason": "Nama dikoreksi"}
    browser.post(f"/sertifikat/{old.id}/ganti", data=data)

    reread(session)
    new = certificates_of(session, run)[-1]
    assert (old.replaced_by_id, new.state) == (new.id, CertificateState.ISSUED)
    assert f"/s/{new.code}" in browser.get(f"/s/{old.code}").get_data(as_text=True)
    assert old.number in browser.get(f"/sertifikat/{new.id}").get_data(as_text=True)
