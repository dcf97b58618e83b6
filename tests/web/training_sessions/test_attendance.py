"""Attendance: two at one grid, undo, import by NIP, the honest answer on the phone."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.spreadsheet.reader import read_table
from courses.enums import AttendanceState as A
from courses.models import Attendance, SessionSheet
from courses.services.checkin import code_now
from tests.factories.courses import make_enrolment, make_session, reread
from tests.factories.people import make_employee


@pytest.fixture
def run(session):
    return make_session(session, state="running", starts=-1, days=3)


def recorded(session):
    reread(session)
    rows = session.scalars(select(Attendance).order_by(Attendance.meeting_id, Attendance.id))
    return [A(row.state) for row in rows]


def test_two_at_one_grid_lose_nothing_and_a_save_can_be_undone(session, client_as, run):
    first, second = make_enrolment(session, run), make_enrolment(session, run)
    meeting = run.meetings[0].id
    cells = [f"hadir-{meeting}-{row.id}" for row in (first, second)]
    one, other = client_as("organiser"), client_as("organiser")
    address = f"/pelatihan/sesi/{run.id}/kehadiran"

    one.post(address, data={"dasar": "", cells[0]: "present", cells[1]: ""})
    saved = other.post(address, data={"dasar": "", cells[0]: "", cells[1]: "ill"})
    assert recorded(session) == [A.PRESENT, A.ILL]
    # The same cell, differently: nothing is written, and what was filled in is still there.
    clash = other.post(address, data={"dasar": "", cells[0]: "absent", "nilai-1": "80"})
    assert clash.status_code == 409
    page = clash.get_data(as_text=True)
    assert "sudah diubah orang lain" in page and 'value="80"' in page
    assert recorded(session) == [A.PRESENT, A.ILL]

    assert "Urungkan" in other.get(saved.location).get_data(as_text=True)
    sheet = session.scalars(select(SessionSheet.id).order_by(SessionSheet.id.desc())).first()
    undo = f"/pelatihan/kehadiran/{sheet}/urungkan"
    other.post(undo)
    assert recorded(session) == [A.PRESENT]
    again = other.post(undo, follow_redirects=True).get_data(as_text=True)
    assert "sudah diurungkan" in again
    assert client_as("employee", employee=make_employee(session)).post(undo).status_code == 403


def test_a_wrong_score_keeps_what_was_filled_in(session, client_as, run):
    row = make_enrolment(session, run)
    data = {f"hadir-{run.meetings[0].id}-{row.id}": "present", f"nilai-{row.id}": "seratus"}

    page = client_as("organiser").post(f"/pelatihan/sesi/{run.id}/kehadiran", data=data)

    assert page.status_code == 422
    assert 'value="seratus"' in page.get_data(as_text=True)
    assert recorded(session) == []


def test_attendance_of_many_sessions_is_imported_by_nip_after_a_dry_run(session, client_as, run):
    other = make_session(session, state="running", starts=0, days=1)
    person = make_employee(session, name="D'Angelo & <b>Uji</b>")
    make_enrolment(session, run, person)
    make_enrolment(session, other, person)
    day = f"{run.starts_on:%d/%m/%Y}"
    future = f"{run.ends_on:%d/%m/%Y}"
    table = [
        "NIP\tSesi\tTanggal\tKehadiran",
        f"{person.nip}\t{run.code}\t{day}\tH",
        f"{person.nip}\t{other.code}\tPertemuan 1\tSakit",
        f"{person.nip}\t{run.code}\t{day}\tA",
        f"{person.nip}\t{run.code}\t{future}\tH",
        f"{person.nip}\tTIDAK-ADA\t{day}\tH",
        f"{'9' * 18}\t{run.code}\t{day}\tH",
        f"{person.nip}\t{run.code}\t{day}\tentah",
    ]
    browser, data = client_as("organiser"), {"daftar": "\n".join(table)}

    page = browser.post("/pelatihan/kehadiran/impor", data=data).get_data(as_text=True)
    reasons = ("sudah ada di baris 2", "paling cepat pada hari pertemuan", "tidak ditemukan")
    reasons += ("bukan peserta", "tidak dikenal", "Simpan 2 kehadiran", "D&#39;Angelo &amp; &lt;b")
    assert [word for word in reasons if word not in page] == []
    assert recorded(session) == []

    text = page.split('<textarea name="daftar" hidden>')[1].split("</textarea>")[0]
    done = browser.post("/pelatihan/kehadiran/impor/terapkan", data={"daftar": text})
    assert recorded(session) == [A.PRESENT, A.ILL]
    assert "Ditolak" in browser.get(done.location).get_data(as_text=True)
    assert browser.get(f"{done.location}.xlsx").data.startswith(b"PK")
    sheet = done.location.rsplit("/", 1)[1]
    browser.post(f"/pelatihan/kehadiran/{sheet}/urungkan")
    assert recorded(session) == []
    bad = browser.post("/pelatihan/kehadiran/impor", data={"daftar": "Nama;Hari\nX;Y"})
    assert bad.status_code == 422
    assert "tidak ditemukan" in bad.get_data(as_text=True)


def test_the_sheet_to_fill_in_comes_back_as_it_was_given(session, client_as, run, tmp_path):
    person = make_employee(session)
    make_enrolment(session, run, person)
    browser = client_as("organiser")
    given = browser.get(f"/pelatihan/sesi/{run.id}/kehadiran/lembar.xlsx").data
    path = tmp_path / "lembar.xlsx"
    path.write_bytes(given)
    rows = [list(row) for row in read_table(path)]
    assert rows[1][0] == person.nip
    rows[1][3] = "H"
    text = "\n".join("\t".join(map(str, row)) for row in rows)

    browser.post("/pelatihan/kehadiran/impor/terapkan", data={"daftar": text})
    assert recorded(session) == [A.PRESENT]
    same = browser.post("/pelatihan/kehadiran/impor", data={"daftar": text})
    assert (
        "Simpan" not in same.get_data(as_text=True).split("ek-form-actions")[1].split("</form")[0]
    )
    file = {"file": (io.BytesIO(given), "lembar.xlsx")}
    empty = browser.post("/pelatihan/kehadiran/impor", data=file)
    assert "Tidak ada kehadiran yang terisi" in empty.get_data(as_text=True)


def test_the_phone_says_before_the_scan_what_stands_in_the_way(session, client_as, run):
    person = make_employee(session)
    browser, meeting = client_as("employee", employee=person), run.meetings[1]
    address = f"/pelatihan/hadir/{meeting.id}"

    def shown():
        return browser.get(address).get_data(as_text=True)

    assert "Anda bukan peserta sesi" in shown()
    make_enrolment(session, run, person)
    meeting.starts_at = clock.now() + timedelta(minutes=run.early_minutes + 5)
    meeting.ends_at = clock.now() + timedelta(hours=5)
    page = shown()
    assert "Terlalu awal. Pindai lagi mulai" in page and 'name="kode"' not in page
    meeting.starts_at = clock.now() - timedelta(minutes=1)
    assert "Kode di layar" in shown()
    wrong = browser.post(address, data={"kode": "SALAHSALAH12"})
    assert wrong.status_code == 409
    assert "Kode sudah berganti" in wrong.get_data(as_text=True)
    done = browser.post(address, data={"kode": code_now(meeting).lower()})
    text = done.get_data(as_text=True)
    assert "Kehadiran tercatat" in text and run.title in text
    # Told even when it is late by now, and whatever the code.
    meeting.starts_at = clock.now() - timedelta(hours=3)
    assert "sudah tercatat sebelumnya" in shown()


def test_a_code_of_one_meeting_is_worthless_for_another_even_at_the_same_hour(
    session, client_as, run
):
    person = make_employee(session)
    make_enrolment(session, run, person)
    for meeting in run.meetings[:2]:
        meeting.starts_at, meeting.ends_at = clock.now(), clock.now() + timedelta(hours=1)
    browser = client_as("employee", employee=person)

    answer = browser.post(
        f"/pelatihan/hadir/{run.meetings[1].id}", data={"kode": code_now(run.meetings[0])}
    )

    assert answer.status_code == 409
    assert recorded(session) == []


def test_the_import_needs_the_same_queries_for_more_people(session, client_as, run, query_counter):
    browser = client_as("organiser")
    day = f"{run.starts_on:%d/%m/%Y}"

    def count():
        people = [make_employee(session) for _ in range(3)]
        for person in people:
            make_enrolment(session, run, person)
        lines = [f"{person.nip}\t{run.code}\t{day}\tH" for person in people]
        data = {"daftar": "\n".join(["NIP\tSesi\tTanggal\tKehadiran", *lines * size])}
        browser.post("/pelatihan/kehadiran/impor", data=data)
        with query_counter() as queries:
            browser.post("/pelatihan/kehadiran/impor", data=data)
        return queries.count

    size = 1
    few = count()
    size = 4
    assert count() == few
