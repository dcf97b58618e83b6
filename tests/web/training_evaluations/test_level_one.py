"""Evaluation of a session: bound to attendance, without a name, shown from enough answers on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from courses.enums import EnrolmentState
from courses.models import EvaluationReceipt, EvaluationResponse
from courses.queries.evaluations import course_rating, form_in_force, policy
from tests.factories.courses import make_course, make_enrolment, make_present, make_session
from tests.factories.people import make_employee

HOSTILE = "D'Angelo & <script>alert(1)</script>"


@pytest.fixture
def run(session):
    course = make_course(session, evaluation_required=True)
    course.score_min = None
    run = make_session(session, course, state="running", starts=-1)
    run.meetings[-1].starts_at = clock.now() - timedelta(hours=2)
    return run


def answers(session, value="4", **more):
    form = form_in_force(session, "reaction")
    return {**{f"skala-{item['code']}": value for item in form.scales}, **more}


def seat(session, run, present=True):
    person = make_employee(session)
    row = make_enrolment(session, run, person)
    if present:
        make_present(session, run, row)
    session.commit()
    return person, row


def test_only_those_who_attended_can_fill_the_form_and_only_once(session, client_as, run):
    address = f"/pelatihan/sesi/{run.id}/evaluasi"
    person, row = seat(session, run)
    absent, _row = seat(session, run, present=False)
    browser, missing = client_as(employee=person), client_as(employee=absent)
    data = answers(session, komentar=HOSTILE)

    assert "Evaluasi pelatihan" in browser.get("/pelatihan/saya").text
    assert "tercatat hadir" in missing.get(missing.post(address, data=data).location).text
    assert client_as(employee=make_employee(session)).post(address, data=data).status_code == 404
    partly = {key: value for key, value in data.items() if key != "skala-UMUM"}
    refused = browser.post(address, data=partly)
    assert refused.status_code == 422 and 'href="#skala-UMUM"' in refused.text
    assert browser.post(address, data=answers(session, "9")).status_code == 422
    assert browser.post(address, data={**data, "komentar": "x" * 2001}).status_code == 422
    assert session.scalars(select(EvaluationReceipt)).all() == []

    for _time in range(2):
        browser.post(address, data=data)
    assert "sudah mengisi" in browser.get(address).text
    assert [one.enrolment_id for one in session.scalars(select(EvaluationReceipt))] == [row.id]
    kept = session.scalars(select(EvaluationResponse)).one()
    assert set(kept.answers.values()) == {4}
    assert "enrolment" not in " ".join(EvaluationResponse.__table__.columns.keys())


def test_the_form_is_open_from_the_last_meeting_and_closes_by_policy(session, client_as, run):
    person, _row = seat(session, run)
    browser, address = client_as(employee=person), f"/pelatihan/sesi/{run.id}/evaluasi"

    run.meetings[-1].starts_at = clock.now() + timedelta(hours=1)
    assert "pada pertemuan terakhir" in browser.get(address).text
    run.meetings[-1].starts_at = clock.now() - timedelta(days=40)
    run.starts_on = run.ends_on = clock.today() - timedelta(days=40)
    assert "Evaluasi ditutup" in browser.get(address).text
    browser.post(address, data=answers(session))
    assert session.scalars(select(EvaluationResponse)).all() == []


def test_results_stay_hidden_until_the_form_has_closed_with_enough_answers(session, client_as, run):
    organiser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}/evaluasi"
    for n in range(6):
        person, _row = seat(session, run)
        client_as(employee=person).post(
            address, data=answers(session, str(n % 2 + 4), komentar=HOSTILE)
        )
        page = organiser.get(f"{address}/hasil").text
        assert ("Hasil tampil mulai 5 jawaban" in page) == (n < 4)
        assert "D&#39;Angelo" not in page and "4,50" not in page  # the sixth gives nothing away
    assert "hasil tampil sekaligus" in page
    assert organiser.get(f"{address}/hasil.xlsx").status_code == 303
    assert course_rating(session, run.course.code) is None
    assert "penilaian peserta" not in organiser.get("/pelatihan").text

    run.state, days = "completed", policy(session)["reaction_days"]
    run.starts_on = run.ends_on = clock.today() - timedelta(days=days)
    assert course_rating(session, run.course.code) is None  # the last day of the form
    assert "hasil tampil sekaligus" in organiser.get(f"{address}/hasil").text
    run.starts_on = run.ends_on = clock.today() - timedelta(days=days + 1)
    page = organiser.get(f"{address}/hasil").text
    assert "4,50" in page and "D&#39;Angelo" in page and "<script>alert" not in page
    assert "tidak berubah lagi" in page
    assert organiser.get(f"{address}/hasil.xlsx").data.startswith(b"PK")
    assert course_rating(session, run.course.code) == (4.5, 6)
    assert "dari 5, menurut 6 penilaian peserta" in organiser.get("/pelatihan").text
    page = organiser.get(f"/pelatihan/kursus/{run.course_id}").text
    assert "4,5 dari 5, 6 penilaian peserta" in page
    assert client_as(employee=make_employee(session)).get(f"{address}/hasil").status_code == 403


def test_who_has_not_filled_a_required_form_does_not_pass_and_sees_why(session, client_as, run):
    done, first = seat(session, run)
    late, second = seat(session, run)
    client_as(employee=done).post(f"/pelatihan/sesi/{run.id}/evaluasi", data=answers(session))
    own = client_as(employee=late)
    assert "Formulir evaluasi belum diisi" in own.get(f"/pelatihan/sesi/{run.id}/nilai-saya").text

    client_as("organiser").post(f"/pelatihan/sesi/{run.id}/tutup")

    assert [(row.state, row.result_reason) for row in (first, second)] == [
        (EnrolmentState.PASSED, None),
        (EnrolmentState.FAILED, "no_evaluation"),
    ]
    assert "Nilai dan syarat lulus saya" in own.get(f"/pelatihan/sesi/{run.id}").text
    other = client_as(employee=make_employee(session))
    assert other.get(f"/pelatihan/sesi/{run.id}/nilai-saya").status_code == 404


def test_what_passing_asks_does_not_change_under_people_in_a_session(session, client_as, run):
    seat(session, run)
    browser = client_as("organiser")
    address = f"/pelatihan/kursus/{run.course_id}/syarat-lulus"
    data = {"attendance_min": "90", "score_min": "75"}

    assert browser.post(address, data=data).status_code == 422
    run.state = "completed"
    assert browser.post(address, data={**data, "attendance_min": "101"}).status_code == 422
    assert browser.post(address, data=data).status_code == 303
    course = run.course
    assert (course.attendance_min, course.score_min, course.evaluation_required) == (90, 75, False)
