"""A participant takes a test: saved answer by answer, on the server's time, once too often."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from courses.models import ExamAnswer, ExamAttempt, Question
from courses.queries.exams import questions_of
from courses.services.exam_taking import shown_options
from tests.factories.courses import make_enrolment, make_session
from tests.factories.exams import end_time, make_exam, make_question
from tests.factories.people import make_employee

HOSTILE = "D'Angelo & <script>alert(1)</script>"


@pytest.fixture
def seated(session, client_as):
    run = make_session(session, state="running", starts=0)
    person = make_employee(session)
    row = make_enrolment(session, run, person)
    session.commit()
    return run, row, client_as(employee=person)


def begun(session, browser, exam):
    answer = browser.post(f"/pelatihan/tes/{exam.id}/mulai")
    assert answer.status_code == 303
    return session.scalars(select(ExamAttempt).order_by(ExamAttempt.id.desc())).first()


def give(browser, attempt, question, value, **more):
    address = f"/pelatihan/tes/kerjakan/{attempt.id}/jawab/{question}"
    return browser.post(
        address,
        data={"jawaban": value, **more},
        headers={"Accept": more.pop("accept", "text/html")},
    )


def as_script(browser, attempt, question, value, stamp=0):
    return browser.post(
        f"/pelatihan/tes/kerjakan/{attempt.id}/jawab/{question}",
        data={"jawaban": value, "stempel": stamp},
        headers={"Accept": "application/json"},
    )


def test_from_the_invitation_to_the_score_with_every_answer_saved_by_itself(session, seated):
    run, row, browser = seated
    exam = make_exam(session, run)
    make_question(session, run.course.code, text="Lain?")
    intro = browser.get(f"/pelatihan/tes/{exam.id}").text
    assert "Mulai tes" in intro and "Setiap jawaban tersimpan sendiri." in intro
    attempt = begun(session, browser, exam)
    single, several, text = exam.question_ids

    assert give(browser, attempt, single, "0").location.endswith("#kumpulkan")
    assert as_script(browser, attempt, several, ["0", "1"], 3).json["stamp"] == 3
    assert as_script(browser, attempt, text, "  BENAR ", 4).status_code == 200
    paper = browser.get(f"/pelatihan/tes/kerjakan/{attempt.id}").text
    assert paper.count(" checked") == 3 and 'value="BENAR"' in paper
    assert 'data-left="1' in paper and 'data-stamp="4"' in paper
    # another device goes on with the same attempt
    assert begun(session, browser, exam).id == attempt.id

    result = browser.post(f"/pelatihan/tes/kerjakan/{attempt.id}/kumpulkan").location
    page = browser.get(result).text
    assert "100,0" in page and "Karena begitu." in page and "3 dari 3 soal terjawab" in page
    browser.post(f"/pelatihan/tes/kerjakan/{attempt.id}/kumpulkan")
    assert len(session.scalars(select(ExamAttempt)).all()) == 1
    assert as_script(browser, attempt, single, "1").json["over"] is True
    assert session.scalars(select(Question.used).where(Question.id == single)).one()


def test_an_answer_after_time_is_refused_and_what_was_saved_before_counts(session, seated):
    run, _row, browser = seated
    exam = make_exam(session, run)
    attempt = begun(session, browser, exam)
    single, several, _text = exam.question_ids
    give(browser, attempt, single, "0")
    end_time(session, attempt)

    late = as_script(browser, attempt, several, ["0", "1"])
    assert late.status_code == 409 and "Waktu habis" in late.json["message"]
    plain = give(browser, attempt, several, "0")
    assert plain.location.endswith(f"/pelatihan/tes/hasil/{attempt.id}")
    assert "tetap dinilai" in browser.get(plain.location).text
    browser.post(f"/pelatihan/tes/kerjakan/{attempt.id}/kumpulkan")

    assert [row.question_id for row in session.scalars(select(ExamAnswer))] == [single]
    assert (attempt.points, attempt.submitted_at) == (1.0, None)
    page = browser.get(f"/pelatihan/tes/hasil/{attempt.id}").text
    assert "33,3" in page and "Tidak dijawab" in page
    assert browser.get(f"/pelatihan/tes/kerjakan/{attempt.id}").status_code == 303


def test_an_older_answer_that_arrives_late_does_not_overwrite_a_newer_one(session, seated):
    run, _row, browser = seated
    exam = make_exam(session, run)
    attempt = begun(session, browser, exam)
    single = exam.question_ids[0]

    as_script(browser, attempt, single, "0", 8)
    as_script(browser, attempt, single, "2", 5)

    row = session.scalars(select(ExamAnswer)).one()
    assert (row.answer, row.stamp, attempt.points) == ([0], 8, 1.0)


def test_attempts_and_the_window_are_limits(session, seated):
    run, row, browser = seated
    exam = make_exam(session, run, attempts=2)
    soon = make_exam(session, run, "pre", opens_at=clock.now() + timedelta(hours=1))
    for _time in range(2):
        attempt = begun(session, browser, exam)
        browser.post(f"/pelatihan/tes/kerjakan/{attempt.id}/kumpulkan")
        key = browser.get(f"/pelatihan/tes/hasil/{attempt.id}").text
        assert ("Karena begitu." in key) == (attempt.number == 2)  # no key while one is left

    refused = browser.post(f"/pelatihan/tes/{exam.id}/mulai")
    assert "Kesempatan Anda sudah habis (2 kali)." in browser.get(refused.location).text
    assert "Tes dibuka pada" in browser.get(f"/pelatihan/tes/{soon.id}").text
    soon.opens_at, soon.closes_at = None, clock.now() - timedelta(seconds=1)
    assert "Tes sudah ditutup" in browser.get(f"/pelatihan/tes/{soon.id}").text
    soon.closes_at, row.state = None, "cancelled"
    assert "hanya untuk peserta" in browser.get(f"/pelatihan/tes/{soon.id}").text
    browser.post(f"/pelatihan/tes/{soon.id}/mulai")
    assert len(session.scalars(select(ExamAttempt)).all()) == 2


def test_somebody_elses_attempt_does_not_exist(session, seated, client_as):
    run, _row, browser = seated
    exam = make_exam(session, run)
    attempt = begun(session, browser, exam)
    other = client_as(employee=make_employee(session))
    base = f"/pelatihan/tes/kerjakan/{attempt.id}"

    assert other.get(base).status_code == 404
    assert other.get(f"/pelatihan/tes/hasil/{attempt.id}").status_code == 404
    assert other.get(f"/pelatihan/tes/{exam.id}").status_code == 404
    assert other.post(f"{base}/kumpulkan").status_code == 404
    assert as_script(other, attempt, exam.question_ids[0], "0").status_code == 404
    foreign = make_question(session, run.course.code)
    assert as_script(browser, attempt, foreign.id, "0").status_code == 404
    exam.state = "draft"
    assert browser.get(f"/pelatihan/tes/{exam.id}").status_code == 404


def test_bad_answers_are_refused_at_the_question(session, seated):
    run, _row, browser = seated
    exam = make_exam(session, run)
    attempt = begun(session, browser, exam)
    single, several, text = exam.question_ids

    huge = as_script(browser, attempt, text, "x" * 300_000)
    assert huge.status_code == 422 and "paling banyak 500" in huge.json["message"]
    for value in (["0", "1"], "9", "-1", "x", "99999999999"):
        assert as_script(browser, attempt, single, value).status_code == 422, value
    assert as_script(browser, attempt, several, ["0"] * 9).status_code == 422
    assert "terlalu panjang" in browser.get(give(browser, attempt, text, "x" * 501).location).text
    assert session.scalars(select(ExamAnswer)).all() == []
    assert as_script(browser, attempt, single, []).status_code == 200  # taken back


def test_hostile_text_in_questions_and_answers_stays_text(session, seated):
    run, _row, browser = seated
    code = run.course.code
    rows = [
        make_question(session, code, text=f"{HOSTILE} {kind}?", kind=kind)
        for kind in ("single", "text")
    ]
    exam = make_exam(session, run, question_ids=[row.id for row in rows], instructions=HOSTILE)
    attempt = begun(session, browser, exam)
    give(browser, attempt, rows[1].id, HOSTILE)
    pages = [f"{exam.id}", f"kerjakan/{attempt.id}"]
    shown = [browser.get(f"/pelatihan/tes/{page}").text for page in pages]
    browser.post(f"/pelatihan/tes/kerjakan/{attempt.id}/kumpulkan")
    shown.append(browser.get(f"/pelatihan/tes/hasil/{attempt.id}").text)

    for page in shown:
        assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page


def test_the_order_of_an_attempt_can_be_replayed_from_its_seed(session, seated):
    run, _row, browser = seated
    for topic, count in (("A", 6), ("B", 4)):
        for _n in range(count):
            make_question(session, run.course.code, topic=topic)
    exam = make_exam(session, run, wanted={"A": 4, "B": 2}, question_ids=[])
    attempt = begun(session, browser, exam)
    page = browser.get(f"/pelatihan/tes/kerjakan/{attempt.id}").text

    questions = questions_of(session, attempt.question_ids)
    topics = sorted(row.topic for row in questions.values())
    assert topics == ["A"] * 4 + ["B"] * 2
    values = []
    for number in attempt.question_ids:
        values += shown_options(attempt, questions[number])
    again = browser.get(f"/pelatihan/tes/kerjakan/{attempt.id}").text
    for shown in (page, again):
        parts = shown.split('name="jawaban" value="')[1:]
        assert [int(part.split('"')[0]) for part in parts] == values
