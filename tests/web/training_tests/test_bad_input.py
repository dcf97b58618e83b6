"""What goes wrong around a training: told honestly, and nothing half-done stays behind."""

import io
import zipfile

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from courses.models import Attendance, Enrolment, ExamAnswer, Question, Submission
from tests.factories.assignments import make_assignment
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.exams import make_exam
from tests.factories.people import make_employee
from tests.web.training_tests.test_taking import as_script, begun, give

HEAD = ["Jenis", "Topik", "Soal", "Poin", "Pilihan A", "Pilihan B", "Kunci", "Pembahasan"]


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def without_sheet():
    """A zip that calls itself a workbook."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as folder:
        folder.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a workbook",
        without_sheet(),
        workbook(HEAD, ["tunggal", "", "Mana?", 1, "a", "b", "A", ""])[:-200],
        b"<html>Soal</html>",
        workbook(["Nama", "Nilai"], ["a", 1]),
    ],
    ids=["empty", "torn", "no sheet", "cut off", "a page", "other columns"],
)
def test_a_broken_workbook_of_questions_is_refused_with_a_reason(session, client_as, data):
    course = make_course(session)
    session.commit()
    upload = {"berkas": (io.BytesIO(data), "soal.xlsx")}

    answer = client_as("organiser").post(f"/pelatihan/kursus/{course.id}/soal/impor", data=upload)

    assert answer.status_code == 422 and "ek-error" in answer.text
    assert session.scalars(select(Question)).all() == []


def test_of_a_workbook_with_bad_rows_the_good_ones_are_kept_and_the_others_named(
    session, client_as
):
    course = make_course(session)
    session.commit()
    data = workbook(
        HEAD,
        ["tunggal", "Dasar", "1 + 1?", 1, "dua", "tiga", "A", ""],
        ["tunggal", "Dasar", "Kunci hilang?", 1, "ya", "tidak", "F", ""],
        ["tunggal", "Dasar", "1 + 1?", 1, "dua", "tiga", "A", ""],
        ["lisan", "Dasar", "Jenis salah?", 1, "ya", "tidak", "A", ""],
    )
    browser, address = client_as("organiser"), f"/pelatihan/kursus/{course.id}/soal/impor"

    page = browser.post(address, data={"berkas": (io.BytesIO(data), "soal.xlsx")}).text
    assert "tidak ada: F" in page and "Jenis soal harus" in page
    assert page.count("Tidak dapat diimpor") >= 2
    number = page.split('name="berkas" value="')[1].split('"')[0]
    browser.post(f"{address}/terapkan", data={"berkas": number})

    assert len(session.scalars(select(Question)).all()) == 1


@pytest.mark.parametrize(
    "text",
    ["Rusak {=satu ~dua", "{{{{" * 2000, "\x00\x01{=a}", "=a ~b}", "::T::", "Apa?{=%200%x}"],
)
def test_broken_gift_is_named_and_never_dropped(session, client_as, text):
    course = make_course(session)
    session.commit()
    address = f"/pelatihan/kursus/{course.id}/soal/impor"

    answer = client_as("organiser").post(address, data={"gift": f"{text}\n\nBaik?{{=ya ~tidak}}"})

    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert "Tidak dapat diimpor" in answer.text
    assert session.scalars(select(Question)).all() == []


@pytest.fixture
def seated(session, client_as):
    run = make_session(session, state="running", starts=0)
    person = make_employee(session)
    make_enrolment(session, run, person)
    session.commit()
    return run, person, client_as(employee=person)


def test_a_form_of_an_ended_sign_in_stores_nothing_and_says_what_to_do(app, session, seated):
    run, _person, browser = seated
    exam, task = make_exam(session, run), make_assignment(session, run)
    attempt = begun(session, browser, exam)
    single = exam.question_ids[0]
    app.config["WTF_CSRF_ENABLED"] = True

    stale = give(browser, attempt, single, "0")
    assert stale.status_code == 400 and "Formulir sudah kedaluwarsa" in stale.text
    assert "json" not in as_script(browser, attempt, single, "0").content_type  # it reads anew
    work = f"/pelatihan/tugas/{task.id}"
    assert browser.post(work, data={"text": "Isi", "csrf_token": "basi"}).status_code == 400

    app.config["WTF_CSRF_ENABLED"] = False
    stranger = app.test_client()
    answer = give(stranger, attempt, single, "0")
    assert answer.status_code == 303 or answer.status_code == 302
    assert answer.location.startswith("/masuk")
    assert session.scalars(select(ExamAnswer)).all() == []
    assert session.scalars(select(Submission)).all() == []


def test_the_same_person_twice_in_a_list_takes_one_seat(session, client_as):
    run, person = make_session(session), make_employee(session)
    session.commit()
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}/peserta/tambah"
    spaced = f"{person.nip[:8]} {person.nip[8:14]} {person.nip[14]} {person.nip[15:]}"

    page = browser.post(address, data={"nips": f"{person.nip}\n{spaced}\n{person.nip}"}).text

    assert page.count("Orang ini sudah ada di baris sebelumnya.") == 2
    assert session.scalars(select(Enrolment)).all() == []
    assert session.scalars(select(Attendance)).all() == []
