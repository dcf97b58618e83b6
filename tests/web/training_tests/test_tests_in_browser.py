"""Taking a test, the forms around it and grading in a real browser: nothing typed gets lost."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from app.core import clock
from courses.models import ExamAnswer, ExamAttempt, Submission
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.assignments import make_assignment
from tests.factories.courses import make_enrolment, make_present, make_session
from tests.factories.exams import make_exam
from tests.factories.people import make_employee
from tests.support.browser import DESKTOP, accessibility_findings, sign_in_by_cookie

SMALL, WIDE = {"width": 390, "height": 844}, DESKTOP
HOSTILE = "D'Angelo & <b>tebal</b>"
GIFT = "::Satu::Ibu kota?{=Bandung ~Bogor ~Depok}\n\n::Dua::Cocokkan{=a -> 1 =b -> 2}\n"


@pytest.fixture
def known(live_server: Any) -> dict[str, Any]:
    """Put a session under way with a test, an assignment and a seat into the live server."""
    with live_server.session() as session:
        person = make_employee(session)
        run = make_session(session, state="running", starts=-1)
        run.meetings[-1].starts_at = clock.now() - timedelta(hours=2)
        row = make_enrolment(session, run, person)
        make_present(session, run, row)
        exam, task = make_exam(session, run), make_assignment(session, run, title=HOSTILE)
        tokens = {
            "employee": open_browser_session(session, make_account(session, employee=person)),
            "organiser": open_browser_session(session, make_account(session, "organiser")),
        }
        return {
            "tokens": tokens,
            "run": run.id,
            "course": run.course_id,
            "exam": exam.id,
            "questions": list(exam.question_ids),
            "task": task.id,
        }


@pytest.fixture
def signed_in(live_server, new_page, known):
    """Open a page for a role: `signed_in("employee", viewport=SMALL)`."""

    def make(role: str, **options: Any) -> Any:
        page = new_page(**options)
        sign_in_by_cookie(page, live_server, known["tokens"][role])
        return page

    return make


def assert_sound(page: Any) -> None:
    """Accessible and without sideways scrolling, on a phone and on a desk."""
    for size in (SMALL, WIDE):
        page.set_viewport_size(size)
        page.wait_for_function("width => innerWidth === width", arg=size["width"])
        assert accessibility_findings(page) == [], (page.url, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.url, size)


def begin(page: Any, known: dict[str, Any]) -> int:
    page.goto(f"/pelatihan/tes/{known['exam']}")
    page.get_by_role("button", name="Mulai tes").click()
    page.wait_for_url("**/pelatihan/tes/kerjakan/*")
    return int(page.url.split("#")[0].rsplit("/", 1)[1])


def kept(live_server: Any, attempt: int) -> dict[int, object]:
    with live_server.session() as session:
        rows = session.query(ExamAnswer).filter_by(attempt_id=attempt)
        return {row.question_id: row.answer for row in rows}


def until_kept(page: Any, live_server: Any, attempt: int, count: int) -> dict[int, object]:
    expect(page.locator("[data-saved-words]")).to_contain_text("Tersimpan pukul")
    found = kept(live_server, attempt)
    assert len(found) == count
    return found


def test_answers_keep_themselves_survive_a_broken_line_and_are_handed_in(
    live_server, signed_in, known
):
    page = signed_in("employee")
    attempt = begin(page, known)
    assert_sound(page)
    expect(page.locator("[data-question].is-now")).to_have_count(1)  # one question a screen

    page.locator(".is-now .ek-option, .is-now [type=text]").first.wait_for()
    page.locator("[data-go]").nth(0).click()
    first = page.locator(".is-now input[name=jawaban]").first
    first.fill("benar") if first.get_attribute("type") == "text" else first.check(force=True)
    until_kept(page, live_server, attempt, 1)

    page.context.set_offline(True)
    page.get_by_role("button", name="Berikutnya").click()
    second = page.locator(".is-now input[name=jawaban]").first
    second.fill("benar") if second.get_attribute("type") == "text" else second.check(force=True)
    expect(page.locator("[data-saved-words]")).to_contain_text("Belum terkirim")
    assert len(kept(live_server, attempt)) == 1
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until_kept(page, live_server, attempt, 2)

    page.get_by_role("button", name="Kumpulkan tes").click()
    page.wait_for_url("**/pelatihan/tes/hasil/*")
    expect(page.get_by_text("2 dari 3 soal terjawab")).to_be_visible()
    assert_sound(page)


def test_an_answer_given_after_the_sign_in_ended_waits_for_the_next_one(
    live_server, signed_in, known
):
    page = signed_in("employee")
    attempt = begin(page, known)
    paper = page.url
    page.locator("[data-question].is-now").wait_for()
    page.context.clear_cookies()

    field = page.locator(".is-now input[name=jawaban]").first
    field.fill("benar") if field.get_attribute("type") == "text" else field.check(force=True)
    expect(page.locator("input[name=login]")).to_be_visible()
    assert kept(live_server, attempt) == {}

    sign_in_by_cookie(page, live_server, known["tokens"]["employee"])
    page.goto(paper)
    until_kept(page, live_server, attempt, 1)


def test_when_time_runs_out_the_page_says_so_and_what_was_saved_counts(
    live_server, signed_in, known
):
    page = signed_in("employee")
    attempt = begin(page, known)
    with live_server.session() as session:
        row = session.get(ExamAttempt, attempt)
        row.deadline_at = clock.now() + timedelta(seconds=4)
    page.reload()
    expect(page.locator("[data-clock]")).to_contain_text("0.0")

    page.wait_for_url("**/pelatihan/tes/hasil/*", timeout=20_000)

    expect(page.get_by_text("Waktu habis pada")).to_be_visible()


def test_an_answer_after_time_is_told_honestly(live_server, signed_in, known):
    page = signed_in("employee", java_script_enabled=False)
    attempt = begin(page, known)
    with live_server.session() as session:
        session.get(ExamAttempt, attempt).deadline_at = clock.now() - timedelta(seconds=1)

    page.locator("[data-question]").first.get_by_role("button", name="Simpan jawaban").click()

    expect(page.get_by_text("Jawaban ini tidak disimpan")).to_be_visible()
    assert kept(live_server, attempt) == {}


def test_a_test_is_taken_without_javascript(live_server, signed_in, known):
    page = signed_in("employee", java_script_enabled=False, viewport=SMALL)
    attempt = begin(page, known)
    assert "Tekan Simpan jawaban pada setiap soal" in page.content()
    expect(page.locator("[data-saved]")).to_be_hidden()  # nothing here is saved by itself
    for place in range(3):
        item = page.locator("[data-question]").nth(place)
        field = item.locator("input[name=jawaban]").first
        field.fill("benar") if field.get_attribute("type") == "text" else field.check(force=True)
        item.get_by_role("button", name="Simpan jawaban").click()
        expect(page.locator("[data-answered]")).to_have_text(str(place + 1))
    assert len(kept(live_server, attempt)) == 3

    page.get_by_role("button", name="Kumpulkan tes").click()

    expect(page.get_by_text("3 dari 3 soal terjawab")).to_be_visible()


def test_the_form_of_an_evaluation_is_filled_by_keys(signed_in, known):
    page = signed_in("employee")
    page.goto(f"/pelatihan/sesi/{known['run']}/evaluasi")
    assert_sound(page)
    for group in page.locator("fieldset.ek-scale").all():
        group.locator("input").first.focus()
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    page.get_by_label("Saran").fill(HOSTILE)
    page.get_by_role("button", name="Kirim evaluasi").click()
    expect(page.get_by_text("Jawaban Anda tersimpan tanpa nama.")).to_be_visible()


def test_work_is_handed_in_and_graded_by_the_rubric(live_server, signed_in, known):
    page = signed_in("employee")
    page.goto(f"/pelatihan/tugas/{known['task']}")
    assert_sound(page)
    page.get_by_label("Jawaban").fill(HOSTILE)
    page.get_by_role("button", name="Kumpulkan", exact=True).click()
    expect(page.get_by_text("Tugas terkumpul.")).to_be_visible()

    grader = signed_in("organiser")
    grader.goto(f"/pelatihan/tugas/{known['task']}/peserta")
    assert_sound(grader)
    grader.get_by_role("link", name="Nilai yang berikutnya").click()
    expect(grader.get_by_text(HOSTILE).first).to_be_visible()
    assert_sound(grader)
    for row in (0, 1):
        grader.locator(f"input[name=k-{row}]").nth(2).check(force=True)
    grader.get_by_role("button", name="Simpan nilai akhir").click()
    expect(grader.get_by_text("Nilai tersimpan.")).to_be_visible()
    with live_server.session() as session:
        work = session.query(Submission).filter_by(assignment_id=known["task"]).one()
        assert (work.state, work.score, work.text) == ("final", 100.0, HOSTILE)

    grader.goto(f"/pelatihan/tugas/{known['task']}/ubah")
    assert_sound(grader)


def test_questions_are_checked_before_they_are_brought_in(tmp_path, signed_in, known):
    page = signed_in("organiser")
    bank = f"/pelatihan/kursus/{known['course']}/soal"
    page.goto(f"{bank}/impor")
    assert_sound(page)
    page.get_by_label("Atau tempel teks GIFT").fill(GIFT)
    page.get_by_role("button", name="Periksa soal").click()
    expect(page.get_by_role("heading", name="Periksa soal")).to_be_visible()
    expect(page.get_by_text("Cocokkan").first).to_be_visible()  # refused, and named
    assert_sound(page)
    page.get_by_role("button", name="Simpan 1 soal").click()
    expect(page.get_by_text("Ibu kota?")).to_be_visible()

    page.goto(bank)
    page.get_by_text("Unduh", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    sheet = tmp_path / "bank.xlsx"
    download.value.save_as(sheet)
    page.goto(f"{bank}/impor")
    page.set_input_files("input[name=berkas]", sheet)
    page.get_by_role("button", name="Periksa soal").click()
    expect(page.get_by_text("Sudah ada").first).to_be_visible()
    assert_sound(page)
