"""Assignments from the brief to the score: hand-in, rubric, return, late work, other people's."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent
from app.core.files.models import StoredFile
from app.core.notifications.models import Notification
from courses.models import Assignment, AssignmentRubric, Submission
from courses.services.results import complete_session, current_scores, load_session
from tests.factories.assignments import make_assignment
from tests.factories.courses import make_course, make_enrolment, make_present, make_session
from tests.factories.exams import make_exam
from tests.factories.people import make_employee
from tests.web.training_tests.test_setup import attempt_of

HOSTILE = "D'Angelo & <script>alert(1)</script>"
PDF = b"%PDF-1.4\n"


@pytest.fixture
def seated(session, client_as):
    run = make_session(session, make_course(session, score_min=70), state="running", starts=0)
    person = make_employee(session)
    row = make_enrolment(session, run, person)
    session.commit()
    return run, row, client_as(employee=person)


def latest(session):
    session.expire_all()
    return session.scalars(select(Submission).order_by(Submission.id.desc())).first()


def rubric_cells(**more):
    return {
        "tingkat-0": "Kurang",
        "tingkat-1": "Baik",
        "kriteria-0": HOSTILE,
        "poin-0-0": "0",
        "poin-0-1": "30",
        "uraian-0-1": "lengkap",
    } | more


def assignment_form(**more):
    due = clock.local(clock.now() + timedelta(days=3))
    plain = {"title": HOSTILE, "brief": "Tulis.", "due_at": f"{due:%Y-%m-%dT%H:%M}"}
    return {**plain, "weight": "40", "late": "deduct", "late_percent": "10", **rubric_cells(**more)}


def test_an_assignment_is_written_published_and_its_promise_kept(session, client_as, seated):
    run, row, mine = seated
    browser = client_as("organiser")
    assert "Buat tugas" in browser.get(f"/pelatihan/sesi/{run.id}/penilaian").text
    new = f"/pelatihan/sesi/{run.id}/tugas/baru"
    assert "Sangat baik" in browser.get(new).text
    wrong = browser.post(new, data=assignment_form(**{"poin-0-1": "x"}))
    assert wrong.status_code == 422 and "harus 0 sampai 100" in wrong.text
    assert "&lt;script&gt;" in wrong.text and "<script>alert" not in wrong.text
    assert browser.post(new, data=assignment_form()).status_code == 303
    found = session.scalars(select(Assignment)).one()
    assert mine.get(f"/pelatihan/tugas/{found.id}").status_code == 404  # a draft is not there yet

    browser.post(f"/pelatihan/tugas/{found.id}/terbitkan")
    assert session.scalars(select(Notification.url)).all() == [f"/pelatihan/tugas/{found.id}"]
    page = mine.get(f"/pelatihan/tugas/{found.id}").text
    assert "dipotong 10%" in page and "Kumpulkan tugas" in page and "<script>alert" not in page

    mine.post(f"/pelatihan/tugas/{found.id}", data={"text": HOSTILE})
    edit = f"/pelatihan/tugas/{found.id}/ubah"
    session.expire_all()
    promise = browser.post(edit, data=assignment_form() | {"weight": "10"})
    assert promise.status_code == 409 and "bobot dan aturan terlambat tetap" in promise.text
    stale = browser.post(edit, data=assignment_form() | {"version": "1"})
    assert stale.status_code == 409 and "sudah diubah" in stale.text
    assert 'name="version" value="1"' in stale.text  # sent once more it is still stale
    assert (
        "tidak dapat ditarik"
        in browser.post(f"/pelatihan/tugas/{found.id}/tarik", follow_redirects=True).text
    )


def test_a_rubric_that_has_graded_is_kept_and_its_change_is_a_new_edition(
    session, client_as, seated
):
    run, row, mine = seated
    found = make_assignment(session, run, title="Laporan")
    session.commit()
    browser, edit = client_as("organiser"), f"/pelatihan/tugas/{found.id}/ubah"
    due = f"{clock.local(found.due_at) + timedelta(days=1):%Y-%m-%dT%H:%M}"
    data = assignment_form() | {"weight": "50", "due_at": due}
    assert browser.post(edit, data=data).status_code == 303
    session.expire_all()
    first = session.scalars(select(AssignmentRubric)).one()
    assert first.content.criteria[0].title == HOSTILE  # unused: changed in place

    mine.post(f"/pelatihan/tugas/{found.id}", data={"text": "Isi"})
    browser.post(f"/pelatihan/tugas/kumpulan/{latest(session).id}", data={"k-0": "1"})
    assert browser.post(edit, data=data | {"poin-0-1": "60"}).status_code == 303
    session.expire_all()
    editions = session.scalars(select(AssignmentRubric).order_by(AssignmentRubric.number)).all()
    assert [one.content.most for one in editions] == [30, 60]
    work = latest(session)
    assert (work.rubric_id, work.score) == (editions[0].id, 100.0)
    assert "Rubrik, edisi 1" in browser.get(f"/pelatihan/tugas/kumpulan/{work.id}").text


def test_returned_improved_and_graded_for_good(session, client_as, seated):
    run, row, mine = seated
    found = make_assignment(session, run)
    session.commit()
    address, browser = f"/pelatihan/tugas/{found.id}", client_as("organiser")
    session_page = f"/pelatihan/sesi/{run.id}"
    assert f'href="{address}"' in mine.get(session_page).text  # among what is to be done
    empty = mine.post(address, data={"text": "  "})
    assert empty.status_code == 422 and "Tulis jawaban, atau pilih berkas." in empty.text
    mine.post(address, data={"text": HOSTILE})
    twice = mine.post(address, data={"text": HOSTILE}, follow_redirects=True)
    assert "sudah terkumpul dan menunggu dinilai" in twice.text
    assert "Menunggu dinilai penyelenggara" in twice.text
    assert f'href="{address}"' not in mine.get(session_page).text
    assert len(session.scalars(select(Submission)).all()) == 1

    work = f"/pelatihan/tugas/kumpulan/{latest(session).id}"
    page = browser.get(work).text
    assert "&lt;script&gt;" in page and "<script>alert" not in page
    missing = browser.post(work, data={"k-0": "1", "comment": "Bagus"})
    assert missing.status_code == 422 and "Pilih satu tingkat untuk setiap kriteria" in missing.text
    assert "Bagus" in missing.text and missing.text.count(" checked") == 1
    assert browser.post(work, data={"k-0": "9", "k-1": "0"}).status_code == 422
    stale = browser.post(work, data={"k-0": "1", "k-1": "1", "version": "9"})
    assert stale.status_code == 303 and latest(session).state == "submitted"
    back = {"langkah": "kembali", "k-0": "1"}
    silent = browser.post(work, data=back)
    assert silent.status_code == 422 and "apa yang harus diperbaiki" in silent.text
    past = browser.post(
        work, data={**back, "comment": "Lengkapi", "again_until": "2020-01-01T08:00"}
    )
    assert past.status_code == 422 and "belum lewat" in past.text
    until = f"{clock.local(clock.now()) + timedelta(days=5):%Y-%m-%dT%H:%M}"
    given = {**back, "comment": "Lengkapi bagian dua", "again_until": until}
    assert browser.post(work, data=given).status_code == 303
    assert (
        "sudah dinilai atau dikembalikan"
        in browser.post(work, data={"k-0": "1", "k-1": "1"}, follow_redirects=True).text
    )

    page = mine.get(address).text
    assert "Yang perlu diperbaiki" in page and "Lengkapi bagian dua" in page
    mine.post(address, data={"text": "Kedua"})
    second = latest(session)
    assert (second.number, second.deduction) == (2, 0)
    browser.post(f"/pelatihan/tugas/kumpulan/{second.id}", data={"k-0": "1", "k-1": "2"})
    assert latest(session).score == 60.0
    page = mine.get(address).text
    assert "60,0" in page and page.count("is-chosen") == 2
    after = mine.post(address, data={"text": "Ketiga"}, follow_redirects=True)
    assert "sudah dinilai; tidak dapat dikumpulkan lagi" in after.text
    assert len(session.scalars(select(Notification)).all()) == 2
    tags = set(session.scalars(select(AuditEvent.tag)))
    assert {"courses:submission:hand_in", "courses:submission:return"} <= tags
    assert {"courses:submission:grade", "courses:submission:read"} <= tags


def test_late_work_loses_what_was_stated_beforehand_or_is_refused(session, client_as, seated):
    run, row, mine = seated
    taken = make_assignment(session, run, hours=-1)
    refused = make_assignment(session, run, hours=-1, late_percent=None, title="Ketat")
    session.commit()
    assert "dipotong 10%" in mine.get(f"/pelatihan/tugas/{taken.id}").text
    told = mine.post(f"/pelatihan/tugas/{taken.id}", data={"text": "a"}, follow_redirects=True)
    assert "terlambat: nilai dipotong 10%" in told.text
    page = mine.post(f"/pelatihan/tugas/{refused.id}", data={"text": "a"}, follow_redirects=True)
    assert "tugas terlambat tidak diterima" in page.text
    work = latest(session)
    assert (work.assignment_id, work.deduction) == (taken.id, 10)
    browser = client_as("organiser")
    browser.post(f"/pelatihan/tugas/kumpulan/{work.id}", data={"k-0": "2", "k-1": "2"})
    assert latest(session).score == 90.0


def test_files_are_checked_kept_for_owner_and_grader_and_too_large_ones_refused(
    session, client_as, seated
):
    run, row, mine = seated
    found = make_assignment(session, run)
    session.commit()
    address = f"/pelatihan/tugas/{found.id}"

    def send(name, content):
        return mine.post(address, data={"text": "Jawaban", "file": (io.BytesIO(content), name)})

    for name, content, told in (
        ("a.exe", b"MZ", "Jenis berkas ini tidak diterima"),
        ("a.pdf", b"bukan", "tidak sesuai dengan akhiran"),
        ("besar.pdf", PDF + b"0" * 12_000_000, "lebih besar dari 10 MB"),
    ):
        answer = send(name, content)
        assert answer.status_code == 422 and told in answer.text and ">Jawaban<" in answer.text
    huge = send("besar.pdf", PDF + b"0" * 30_000_000)
    assert huge.status_code == 413 and "Berkas terlalu besar" in huge.text
    assert not session.scalars(select(Submission)).all()
    assert not session.scalars(select(StoredFile)).all()

    image = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(image, "PNG")
    assert send("D'Angelo & <b>.png", image.getvalue()).status_code == 303
    work = latest(session)
    file = f"/berkas/{work.file_id}"
    assert "D&#39;Angelo &amp; &lt;b&gt;.png" in mine.get(address).text
    assert mine.get(file).status_code == 200
    assert client_as("organiser").get(file).status_code == 200
    other = make_employee(session)
    make_enrolment(session, run, other)
    session.commit()
    peer = client_as(employee=other)
    assert peer.get(file).status_code == 404
    assert peer.get(f"/pelatihan/tugas/kumpulan/{work.id}").status_code in (403, 404)
    assert "D&#39;Angelo" not in peer.get(address).text
    stranger = client_as(employee=make_employee(session))
    session.commit()
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"text": "x"}).status_code == 404


def test_post_test_and_assignment_join_in_the_score_by_their_weights(session, client_as, seated):
    run, row, mine = seated
    exam = make_exam(session, run, weight=60)
    attempt_of(session, exam, row, [1, 1, 1])
    found = make_assignment(session, run, weight=40)
    make_present(session, run, row)
    session.commit()
    page = mine.get(f"/pelatihan/sesi/{run.id}/nilai-saya").text
    assert "Tugas: Rencana aksi" in page and "bobot 40" in page and "belum ada nilai" in page
    assert "Belum dikumpulkan" in page
    mine.post(f"/pelatihan/tugas/{found.id}", data={"text": "Isi"})
    work = latest(session)
    browser = client_as("organiser")
    browser.post(f"/pelatihan/tugas/kumpulan/{work.id}", data={"k-0": "1", "k-1": "1"})
    session.expire_all()
    assert current_scores(session, run, [row]) == {row.id: 80.0}  # (60 × 100 + 40 × 50) / 100
    page = mine.get(f"/pelatihan/sesi/{run.id}/nilai-saya").text
    assert "80,0" in page and "50,0" in page and "Selesai dinilai" in page
    assert "Tugas: Rencana aksi 50,0" in browser.get(f"/pelatihan/sesi/{run.id}/penilaian").text

    run = load_session(session, run.id)
    for meeting in run.meetings:
        meeting.starts_at = clock.now() - timedelta(hours=9)
    complete_session(session, run=run)
    session.commit()
    assert (row.score, row.state) == (80.0, "passed")
    over = make_assignment_after(session, run)
    refused = mine.post(f"/pelatihan/tugas/{over}", data={"text": "x"}, follow_redirects=True)
    assert "tidak terbuka untuk Anda" in refused.text


def make_assignment_after(session, run):
    """Another assignment of the session that nobody handed in before it ended."""
    state, run.state = run.state, "running"
    number = make_assignment(session, run, title="Susulan", weight=0).id
    run.state = state
    session.commit()
    return number


def test_the_list_of_hand_ins_takes_as_many_queries_for_many(
    session, client_as, seated, query_counter
):
    run, row, mine = seated
    found = make_assignment(session, run)
    session.commit()
    browser, address = client_as("organiser"), f"/pelatihan/tugas/{found.id}/peserta"
    browser.get(address)
    with query_counter() as few:
        browser.get(address)
    for _ in range(6):
        one = make_enrolment(session, run)
        session.add(
            Submission(
                assignment_id=found.id,
                enrolment_id=one.id,
                number=1,
                text="Isi",
                submitted_at=clock.now(),
            )
        )
    session.commit()
    with query_counter() as many:
        page = browser.get(f"{address}?status=submitted").text
    assert few.count and many.count == few.count, many
    assert page.count("data-row-link") == 6
