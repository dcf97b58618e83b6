"""An organiser sets up tests, reads results and figures, and scores follow with their reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from courses.enums import EnrolmentState
from courses.models import Exam, ExamAnswer, ExamAttempt
from tests.factories.courses import make_course, make_enrolment, make_present, make_session
from tests.factories.exams import make_exam, make_question
from tests.factories.people import make_employee


@pytest.fixture
def run(session):
    return make_session(session, make_course(session, score_min=70), state="running", starts=0)


def attempt_of(session, exam, row, points, at=None):
    attempt = ExamAttempt(
        exam_id=exam.id,
        enrolment_id=row.id,
        number=1,
        seed=1,
        question_ids=exam.question_ids,
        started_at=clock.now(),
        submitted_at=at or clock.now(),
        points=float(sum(points)),
        possible=len(points),
    )
    session.add(attempt)
    session.flush()
    session.add_all(
        ExamAnswer(
            attempt_id=attempt.id,
            question_id=question,
            answer=[0],
            points=float(earned),
            saved_at=clock.now(),
        )
        for question, earned in zip(exam.question_ids, points, strict=True)
    )
    session.flush()


def test_a_test_is_set_up_published_and_frozen_by_the_first_attempt(session, client_as, run):
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}/tes/post"
    assert "Bank soal masih kosong" in browser.get(address).text
    for topic in ("A", "A", "B"):
        make_question(session, run.course.code, topic=topic)
    data = {
        "source": "topics",
        "topik-0": "3",
        "attempts": "2",
        "minutes": "20",
        "weight": "100",
        "shuffle_options": "y",
    }
    refused = browser.post(address, data=data)
    assert refused.status_code == 422 and "hanya punya 2 soal" in refused.text
    assert browser.post(address, data={**data, "topik-0": "2"}).status_code == 303
    exam = session.scalars(select(Exam)).one()
    assert (exam.wanted, exam.minutes, exam.state) == ({"A": 2}, 20, "draft")
    stale = {**data, "topik-0": "1", "version": exam.version + 5}
    refused = browser.post(address, data=stale)
    assert refused.status_code == 409 and "sudah diubah" in refused.text
    assert f'value="{exam.version + 5}"' in refused.text  # sent once more it is still stale
    backwards = {
        **data,
        "topik-0": "1",
        "opens_at": "2030-01-02T08:00",
        "closes_at": "2030-01-01T08:00",
    }
    assert "setelah waktu buka" in browser.post(address, data=backwards).text
    browser.post(f"{address}/terbitkan")
    assert exam.state == "published"

    person = make_employee(session)
    make_enrolment(session, run, person)
    client_as(employee=person).post(f"/pelatihan/tes/{exam.id}/mulai")
    frozen = browser.post(address, data={**data, "topik-0": "1"})
    assert frozen.status_code == 409 and "Tes sudah dikerjakan" in frozen.text
    assert "tidak dapat ditarik" in browser.get(browser.post(f"{address}/tarik").location).text
    more = {**data, "topik-0": "2", "attempts": "3", "instructions": "Tenang."}
    assert browser.post(address, data=more).status_code == 303
    assert (exam.attempts, exam.instructions) == (3, "Tenang.")


def test_scores_come_from_the_test_and_a_correction_needs_a_reason(session, client_as, run):
    rows = [make_enrolment(session, run) for _n in range(3)]
    for row in rows:
        make_present(session, run, row)
    exam = make_exam(session, run)
    attempt_of(session, exam, rows[0], (1, 1, 1))
    attempt_of(session, exam, rows[1], (1, 0, 0))
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}"

    page = browser.get(f"{address}/penilaian").text
    assert "Post-test 100,0" in page and "Post-test 33,3" in page and "Post-test belum" in page
    grid = browser.post(f"{address}/kehadiran", data={f"nilai-{rows[1].id}": "90"})
    assert "dengan alasan" in grid.text and rows[1].score is None
    correction = f"{address}/penilaian/koreksi/{rows[1].id}"
    for bad in ({"score": "90"}, {"score": "101", "reason": "x"}, {"score": "a", "reason": "x"}):
        browser.post(correction, data=bad)
        assert rows[1].score is None, bad
    browser.post(correction, data={"score": "75,5", "reason": "Kunci soal 2 salah"})
    make_enrolment(session, run)  # not there yet, in a session that still goes on
    page = browser.get(f"{address}/penilaian").text
    assert "Koreksi: Kunci soal 2 salah" in page and "Masih berjalan" in page

    for meeting in run.meetings:
        meeting.starts_at = clock.now() - timedelta(hours=2)
    browser.post(f"{address}/tutup")
    assert [(row.state, row.score, row.result_reason) for row in rows] == [
        (EnrolmentState.PASSED, 100.0, None),
        (EnrolmentState.PASSED, 75.5, None),
        (EnrolmentState.FAILED, None, "no_score"),
    ]


def test_results_show_how_each_question_worked_and_what_was_gained(
    session, client_as, run, query_counter
):
    pre, post = make_exam(session, run, "pre"), make_exam(session, run)
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}"
    counts = []
    for start in (0, 6):
        for n in range(start, start + 6):
            row = make_enrolment(session, run) if run.seats_taken < run.capacity else None
            if row is None:
                run.capacity += 10
                row = make_enrolment(session, run)
            attempt_of(session, pre, row, (n % 2, 0, 0))
            attempt_of(session, post, row, (1, n % 2, n % 2))
        session.commit()
        with query_counter() as queries:
            page = browser.get(f"{address}/tes/post/hasil").text
        counts.append(queries.count)

    assert counts[0] == counts[1]
    assert "Daya beda" in page and "1,00" in page  # the two that go together
    assert "semua menjawab sama" in page  # the one that everybody knew
    overview = browser.get(f"{address}/penilaian").text
    assert "+50,0" in overview and "6 orang" not in overview and "12 orang" in overview
    assert browser.get(f"{address}/tes/post/hasil.xlsx").data.startswith(b"PK")
    for path in ("penilaian", "tes/post", "tes/post/hasil", "tes/post/hasil.xlsx"):
        assert (
            client_as(employee=make_employee(session)).get(f"{address}/{path}").status_code == 403
        )
    assert browser.get(f"{address}/tes/lain").status_code == 404
