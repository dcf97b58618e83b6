"""The list of certificates, the download of all of it, revocation, officials."""

import io
import zipfile
from datetime import timedelta

from openpyxl import load_workbook
from sqlalchemy import select

from app.core import clock
from app.core.files.models import StoredFile
from app.core.files.services import read_bytes
from app.core.jobs.models import Job
from courses.enums import CertificateState
from courses.models import Signatory
from skills.models import TrainingRecord
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_course,
    people_of,
    reread,
)
from tests.factories.offices import make_opd
from tests.factories.people import make_employee


def zip_of(session):
    reread(session)
    stored = session.scalars(
        select(StoredFile).where(StoredFile.purpose == "certificate_zip")
    ).one()
    return zipfile.ZipFile(io.BytesIO(read_bytes(stored)))


def test_bulk_download_includes_what_is_on_page_two(session, client_as, issue_all):
    run = make_completed(session, 30)
    other = make_completed(session, 2)
    issue_all(run), issue_all(other)
    browser = client_as("organiser")

    page = browser.get(f"/sertifikat?kursus={run.course_id}").get_data(as_text=True)
    browser.post("/sertifikat/unduh", data={"saringan": f"kursus={run.course_id}"})

    names = zip_of(session).namelist()
    assert page.count("data-row-link") < 30
    assert "Unduh 30 sertifikat" in page
    assert len([name for name in names if name.endswith(".pdf")]) == 30
    assert "daftar.xlsx" in names


def test_all_certificates_of_an_opd_between_two_dates_come_in_one_zip_across_courses(
    session, client_as, issue_all
):
    runs = [make_completed(session, 2), make_completed(session, 1), make_completed(session, 1)]
    for run in runs:
        issue_all(run)
    opd_id = people_of(session, runs[0])[0].employee.opd_id
    for run in runs:
        people_of(session, run)[0].employee.opd_id = opd_id
    old = certificates_of(session, runs[2])[0]
    old.issued_on = clock.today() - timedelta(400)
    session.commit()
    since = (clock.today() - timedelta(30)).isoformat()
    wanted = f"opd={opd_id}&sejak={since}&sampai={clock.today().isoformat()}"
    browser = client_as("organiser")

    browser.post("/sertifikat/unduh", data={"saringan": wanted})

    archive = zip_of(session)
    sheet = io.BytesIO(archive.read("daftar.xlsx"))
    index = [row[0] for row in load_workbook(sheet).active.iter_rows(min_row=2, values_only=True)]
    picked = [
        row.number
        for run in runs[:2]
        for row in certificates_of(session, run)
        if row.employee.opd_id == opd_id
    ]
    assert sorted(index) == sorted(picked) and len(picked) >= 2
    assert old.number not in index
    assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == len(picked)


def test_a_bulk_download_of_nothing_ends_as_a_failure_with_its_reason(session, client_as):
    browser = client_as("organiser")

    answer = browser.post("/sertifikat/unduh", data={"saringan": "q=tidak-ada"})

    page = browser.get(answer.location).get_data(as_text=True)
    reread(session)
    assert session.scalars(select(Job.state)).one() == "failed"
    assert "tidak ada yang dikemas" in page
    assert session.scalars(select(StoredFile)).all() == []


def test_a_bulk_issue_ends_in_a_report_of_issued_skipped_and_failed(session, client_as, issue_all):
    run = make_completed(session, 3)
    first, second, _third = people_of(session, run)
    first.employee.name = "Nama 漢字"
    job_id = issue_all(run)
    browser = client_as("admin")

    page = browser.get(f"/pekerjaan/{job_id}").get_data(as_text=True)

    job = session.get_one(Job, job_id)
    assert (job.done, job.failed) == (2, 1)
    assert "tidak dapat dicetak" in page
    states = [row.state for row in certificates_of(session, run)]
    assert states.count(CertificateState.ISSUED) == 2
    assert states.count(CertificateState.RESERVED) == 1  # its number waits for the next try


def test_the_report_for_officers_holds_certificates_of_any_issuer_with_state_and_jp(
    session, client_as, issue_all
):
    run = make_completed(session, 1, course=make_course(session, valid_months=12))
    issue_all(run)
    row, person = certificates_of(session, run)[0], people_of(session, run)[0].employee
    row.valid_until = clock.today() - timedelta(1)
    session.add(
        TrainingRecord(
            employee_id=person.id, title="=Kursus Luar", organiser="LPK Contoh", jp=6,
            ended_on=clock.today(), state="verified", source="self", number="L-1",
        )
    )  # fmt: skip
    session.commit()
    browser = client_as("officer")

    def lines(query):
        answer = browser.get("/sertifikat/laporan.xlsx", query_string=query)
        sheet = load_workbook(io.BytesIO(answer.data)).active
        return [line[5:8] + line[-1:] for line in sheet.iter_rows(min_row=2, values_only=True)]

    here = ("Dari sini", row.number, 20, "Masa berlaku berakhir")
    outside = ("Dari luar", "L-1", 6, "Terverifikasi")
    assert lines({}) == [here, outside]
    assert lines({"kursus": run.course_id}) == [here]
    assert lines({"q": "Kursus Luar"}) == [outside]
    assert lines({"opd": person.opd_id + 999}) == []
    assert client_as("employee", employee=person).get("/sertifikat/laporan.xlsx").status_code == 404
    manager = client_as("opd_manager", opd_id=make_opd(session).id)
    sheet = load_workbook(io.BytesIO(manager.get("/sertifikat/laporan.xlsx").data)).active
    assert sheet.max_row == 1


def test_the_report_needs_the_same_queries_for_more_certificates(
    session, client_as, issue_all, query_counter
):
    issue_all(make_completed(session, 1))
    browser = client_as("officer")

    def count():
        browser.get("/sertifikat/laporan.xlsx")
        with query_counter() as queries:
            browser.get("/sertifikat/laporan.xlsx")
        return queries.count

    few = count()
    issue_all(make_completed(session, 4))
    assert count() == few


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


def test_replacing_from_the_page_links_both_to_each_other(session, client_as, issue_all):
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
