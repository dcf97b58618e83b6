"""An organiser's way from a plan to certificates, page by page."""

import re
from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Enrolment, Organiser, Session
from tests.factories.courses import (
    certificates_of,
    make_completed,
    make_course,
    make_enrolment,
    make_session,
    make_signatory,
    people_of,
    reread,
)
from tests.factories.people import make_employee


def plan(browser, session, course, **changes):
    today = clock.today().isoformat()
    values = {
        "title": "Sesi Uji",
        "starts_on": today,
        "ends_on": today,
        "capacity": "3",
        "place": "Aula",
        "organiser_id": session.scalars(select(Organiser.id)).first(),
        "signatory_id": "0",
        "daily": "y",
        "begins": "08:00",
        "ends": "16:00",
    }
    return browser.post(f"/pelatihan/sesi/baru?kursus={course.id}", data={**values, **changes})


def test_from_a_plan_to_certificates_in_the_profile(session, client_as):
    course, person = make_course(session), make_employee(session)
    signatory = make_signatory(session)
    browser = client_as("organiser")

    planned = plan(browser, session, course)
    run = session.scalars(select(Session)).one()
    address = f"/pelatihan/sesi/{run.id}"
    assert planned.location == address
    browser.post(f"{address}/keadaan", data={"ke": "open"})
    checked = browser.post(f"{address}/peserta/tambah", data={"nips": person.nip})
    assert "Daftarkan 1 orang" in checked.get_data(as_text=True)
    browser.post(f"{address}/peserta/tambah/terapkan", data={"nips": person.nip})
    reread(session)
    row = session.scalars(select(Enrolment)).one()
    meeting = run.meetings[0].id
    browser.post(
        f"{address}/kehadiran",
        data={f"hadir-{meeting}-{row.id}": "present", f"nilai-{row.id}": "87,5"},
    )
    browser.post(f"{address}/tutup")
    reread(session)
    assert (row.state, row.score, row.attendance_percent) == (EnrolmentState.PASSED, 87.5, 100)

    issued = browser.post(
        f"{address}/sertifikat/terbitkan", data={"orang": row.id, "penanda": signatory.id}
    )
    assert issued.location.startswith("/pekerjaan/")
    reread(session)
    assert certificates_of(session, run)[0].state == CertificateState.ISSUED
    for page in ("", "/peserta", "/kehadiran", "/tutup", "/sertifikat", "/peserta/saran"):
        assert browser.get(address + page).status_code == 200, page


def test_a_plan_with_dates_in_the_wrong_order_says_so_at_its_field(session, client_as):
    earlier = (clock.today() - timedelta(3)).isoformat()

    answer = plan(client_as("organiser"), session, make_course(session), ends_on=earlier)

    assert answer.status_code == 422
    assert "Tanggal selesai tidak boleh sebelum tanggal mulai." in answer.get_data(as_text=True)
    assert session.scalars(select(Session)).all() == []


def test_planning_for_a_gap_offers_the_courses_that_teach_it(session, client_as):
    course = make_course(session, "AP-02", title="Kursus Zzyx")
    item = course.competencies[0].competency_id

    page = client_as("organiser").get(f"/pelatihan/sesi/baru?kompetensi={item}")

    assert f"kursus={course.id}" in page.get_data(as_text=True)


def test_the_wizard_shows_who_is_not_eligible_and_lets_one_deselect(session, client_as):
    run = make_completed(session, 2, capacity=3)
    make_enrolment(session, run, state=EnrolmentState.FAILED, result_reason="attendance")
    signatory, chosen = make_signatory(session), people_of(session, run)[0]
    browser = client_as("organiser")

    first = browser.get(f"/pelatihan/sesi/{run.id}/sertifikat").get_data(as_text=True)
    assert "Tidak memenuhi syarat (1)" in first
    assert "Kehadiran kurang dari syarat" in first
    browser.post(
        f"/pelatihan/sesi/{run.id}/sertifikat/terbitkan",
        data={"orang": chosen.id, "penanda": signatory.id},
    )

    reread(session)
    assert [row.enrolment_id for row in certificates_of(session, run)] == [chosen.id]


def test_a_list_of_nips_narrows_who_gets_a_certificate(session, client_as):
    run, signatory = make_completed(session, 3), make_signatory(session)
    rows = people_of(session, run)
    query = {
        "orang": [row.id for row in rows],
        "penanda": signatory.id,
        "nips": f"{rows[0].employee.nip}\n{rows[2].employee.nip}\n{'9' * 18}",
    }

    page = client_as("organiser").get(
        f"/pelatihan/sesi/{run.id}/sertifikat/pratinjau", query_string=query
    )

    text = page.get_data(as_text=True)
    assert "Tanda tangani dan terbitkan 2 sertifikat" in text
    assert f'name="orang" value="{rows[1].id}"' not in text


def test_the_specimen_is_a_pdf_marked_as_not_valid(session, client_as):
    run, signatory = make_completed(session, 1), make_signatory(session)
    person = people_of(session, run)[0]
    browser = client_as("organiser")
    query = f"?orang={person.id}&penanda={signatory.id}"

    page = browser.get(f"/pelatihan/sesi/{run.id}/sertifikat/pratinjau{query}")
    file = browser.get(f"/pelatihan/sesi/{run.id}/sertifikat/contoh-1.pdf{query}")

    assert "Tanda tangani dan terbitkan 1 sertifikat" in page.get_data(as_text=True)
    assert file.data.startswith(b"%PDF-")
    assert session.scalars(select(Certificate)).all() == []


def test_two_clicks_on_issue_make_one_certificate_each(session, client_as):
    run, signatory = make_completed(session, 2), make_signatory(session)
    data = {"orang": [row.id for row in people_of(session, run)], "penanda": signatory.id}
    browser = client_as("organiser")

    answers = {
        browser.post(f"/pelatihan/sesi/{run.id}/sertifikat/terbitkan", data=data).location
        for _ in range(2)
    }

    reread(session)
    assert len(answers) == 1
    assert len(certificates_of(session, run)) == 2


def test_an_employee_sees_no_page_of_the_organiser(session, client_as):
    run = make_completed(session, 1)
    browser = client_as("employee", employee=make_employee(session))

    for page in ("peserta", "kehadiran", "tutup", "sertifikat", "ubah", "peserta/tambah"):
        assert browser.get(f"/pelatihan/sesi/{run.id}/{page}").status_code == 403, page
    shown = browser.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)
    assert people_of(session, run)[0].employee.name not in shown


def test_a_bad_cell_writes_nothing_of_the_grid(session, client_as):
    run = make_session(session, starts=0, days=1)
    row = make_enrolment(session, run)
    browser = client_as("organiser")

    data = {f"hadir-{run.meetings[0].id}-{row.id}": "present", f"nilai-{row.id}": "seratus"}
    page = browser.post(f"/pelatihan/sesi/{run.id}/kehadiran", data=data, follow_redirects=True)

    assert "bukan angka" in page.get_data(as_text=True)
    assert "0%" not in re.sub(r"\s", "", page.get_data(as_text=True)).split("</thead>")[1][:400]


def test_cancelling_a_session_tells_its_people(session, client_as):
    person = make_employee(session)
    client_as("employee", employee=person)
    run = make_session(session)
    make_enrolment(session, run, person)
    browser = client_as("organiser")

    data = {"ke": "cancelled", "reason": "Pengajar sakit"}
    browser.post(f"/pelatihan/sesi/{run.id}/keadaan", data=data)

    reread(session)
    from app.core.notifications.models import Notification

    assert run.state == SessionState.CANCELLED
    assert session.scalars(select(Notification.kind)).all() == ["session"]


def test_the_board_needs_the_same_queries_for_more_sessions(session, client_as, query_counter):
    browser = client_as("organiser")
    make_completed(session, 1)
    browser.get("/pelatihan/sesi")
    with query_counter() as few:
        browser.get("/pelatihan/sesi")
    for _ in range(4):
        make_completed(session, 2)
    with query_counter() as many:
        browser.get("/pelatihan/sesi")

    assert many.count == few.count
