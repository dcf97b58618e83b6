"""An employee joins, waits, leaves and finds everything on one page."""

from datetime import timedelta

import icalendar

from app.core import clock
from courses.enums import EnrolmentState
from courses.queries.overview import jp_of_year
from courses.services.enrolment import find_enrolment
from skills.models import TrainingRecord
from tests.factories.courses import make_completed, make_enrolment, make_session, people_of, reread
from tests.factories.people import make_employee


def state_of(session, run, person):
    reread(session)
    return find_enrolment(session, session_id=run.id, employee_id=person.id).state


def test_joining_takes_a_seat_once_however_often_one_clicks(session, client_as):
    run, person = make_session(session), make_employee(session)
    browser = client_as("employee", employee=person)

    for _ in range(2):
        assert browser.post(f"/pelatihan/sesi/{run.id}/daftar").status_code == 303

    assert state_of(session, run, person) == EnrolmentState.ENROLLED
    assert run.seats_taken == 1


def test_without_a_seat_one_waits_and_is_told_the_place(session, client_as):
    run = make_session(session, capacity=1)
    make_enrolment(session, run)
    make_enrolment(session, run, state=EnrolmentState.WAITLISTED)
    person = make_employee(session)
    browser = client_as("employee", employee=person)

    browser.post(f"/pelatihan/sesi/{run.id}/daftar")

    assert state_of(session, run, person) == EnrolmentState.WAITLISTED
    assert "urutan ke-2" in browser.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)
    assert "urutan ke-2" in browser.get("/pelatihan/saya").get_data(as_text=True)


def test_who_leaves_makes_room_for_the_first_who_waits(session, client_as):
    run, person = make_session(session, capacity=1), make_employee(session)
    make_enrolment(session, run, person)
    waiting = make_enrolment(session, run, state=EnrolmentState.WAITLISTED)
    browser = client_as("employee", employee=person)

    browser.post(f"/pelatihan/sesi/{run.id}/mundur")

    assert state_of(session, run, person) == EnrolmentState.CANCELLED
    assert waiting.state == EnrolmentState.ENROLLED
    assert run.seats_taken == 1


def test_a_clash_is_a_warning_about_the_person_and_no_block(session, client_as):
    person = make_employee(session)
    make_enrolment(session, make_session(session, title="Sesi lain"), person)
    run = make_session(session)
    browser = client_as("employee", employee=person)

    page = browser.post(f"/pelatihan/sesi/{run.id}/daftar", follow_redirects=True)

    assert "bertabrakan dengan sesi Anda: Sesi lain" in page.get_data(as_text=True)
    assert state_of(session, run, person) == EnrolmentState.ENROLLED


def test_a_draft_is_not_there_for_an_employee(session, client_as):
    run = make_session(session, state="draft")
    browser = client_as("employee", employee=make_employee(session))

    assert browser.get(f"/pelatihan/sesi/{run.id}").status_code == 404
    assert browser.post(f"/pelatihan/sesi/{run.id}/daftar").status_code == 404


def test_one_page_holds_the_certificates_and_the_hours(session, client_as, issue_all):
    run = make_completed(session, 1)
    person = people_of(session, run)[0].employee
    issue_all(run)
    browser = client_as("employee", employee=person)

    page = browser.get("/pelatihan/saya").get_data(as_text=True)

    assert "Unduh" in page
    assert "dari kewajiban 20 JP" in page
    assert jp_of_year(session, employee=person, year=run.ends_on.year).jp == 20


def test_an_account_without_an_employee_has_no_such_page(client_as):
    assert client_as("officer").get("/pelatihan/saya").status_code == 403


def test_today_leads_to_the_check_in_and_the_calendar_holds_every_seat(session, client_as):
    person = make_employee(session)
    held = make_session(session, state="running", starts=0, days=1, title="Sesi kini")
    held.meetings[0].ends_at = clock.now() + timedelta(hours=1)
    coming = make_session(session, starts=9, days=2)
    make_enrolment(session, held, person)
    make_enrolment(session, coming, person)
    waiting = make_session(session, starts=30)
    make_enrolment(session, waiting, person, state=EnrolmentState.WAITLISTED)
    browser = client_as("employee", employee=person)

    page = browser.get("/pelatihan/saya").get_data(as_text=True)
    assert f"/pelatihan/hadir/{held.meetings[0].id}" in page
    assert "40 JP lagi bila semua sesi Anda selesai tahun ini." in page or coming.ends_on.year > (
        clock.today().year
    )
    file = icalendar.Calendar.from_ical(browser.get("/pelatihan/saya/kalender.ics").data)
    assert len(list(file.walk("VEVENT"))) == 3


def test_certificates_of_whatever_issuer_stand_in_one_list_with_their_state(
    session, client_as, issue_all
):
    run = make_completed(session, 1)
    person = people_of(session, run)[0].employee
    issue_all(run)
    elsewhere = {
        "employee_id": person.id,
        "title": "Kursus <b>Luar</b>",
        "ended_on": clock.today(),
        "jp": 6,
        "state": "claimed",
        "source": "self",
    }
    session.add(TrainingRecord(**elsewhere))
    browser = client_as("employee", employee=person)

    both = browser.get("/pelatihan/saya").get_data(as_text=True)
    assert "Kursus &lt;b&gt;Luar" in both and "Belum diperiksa" in both and "Unduh" in both
    outside = browser.get("/pelatihan/saya?asal=luar").get_data(as_text=True)
    assert "Kursus &lt;b&gt;Luar" in outside and "Unduh" not in outside.split("sertifikat")[2]


def test_the_page_needs_the_same_queries_for_more_sessions(session, client_as, query_counter):
    person = make_employee(session)
    browser = client_as("employee", employee=person)

    def count():
        browser.get("/pelatihan/saya")
        with query_counter() as queries:
            browser.get("/pelatihan/saya")
        return queries.count

    for state in (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED):
        make_enrolment(session, make_session(session), person, state=state)
    few = count()
    for state in (EnrolmentState.ENROLLED, EnrolmentState.WAITLISTED) * 3:
        make_enrolment(session, make_session(session), person, state=state)
    assert count() == few
