"""Papers of a session, the screen of check-in, and lists of people with a dry run."""

import io
import shutil
import subprocess
from datetime import timedelta

import icalendar
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.notifications.models import OutboxMail
from app.core.spreadsheet.writer import ColumnSpec, SheetSpec, write_xlsx
from courses.models import Attendance, Enrolment
from courses.services.checkin import code_now
from tests.factories.courses import make_course, make_enrolment, make_session, reread
from tests.factories.people import give_level, make_employee
from tests.support.parts import missing_part


@pytest.mark.parametrize("kind", ["undangan", "surat-tugas", "daftar-hadir"])
def test_each_paper_is_a_pdf(session, client_as, kind):
    run = make_session(session)
    make_enrolment(session, run, make_employee(session, name="O'Brien <b>Uji</b>"))

    answer = client_as("organiser").get(f"/pelatihan/sesi/{run.id}/{kind}.pdf")

    assert answer.data.startswith(b"%PDF-")


def test_the_calendar_holds_every_meeting_with_a_lasting_name(session, client_as):
    run = make_session(session, days=2)
    browser = client_as("employee", employee=make_employee(session))

    file = icalendar.Calendar.from_ical(browser.get(f"/pelatihan/sesi/{run.id}/kalender.ics").data)

    events = list(file.walk("VEVENT"))
    assert [str(event["uid"]).split("@")[0] for event in events] == [
        f"pertemuan-{meeting.id}" for meeting in run.meetings
    ]


def test_a_scan_is_confirmed_on_the_phone_and_only_then_stored(session, client_as):
    run, person = make_session(session, state="running", starts=0), make_employee(session)
    meeting = run.meetings[0]
    meeting.starts_at, meeting.ends_at = clock.now(), clock.now() + timedelta(hours=2)
    make_enrolment(session, run, person)
    browser, code = client_as("employee", employee=person), code_now(meeting)

    shown = browser.get(f"/pelatihan/hadir/{meeting.id}?kode={code}").get_data(as_text=True)
    assert "Catat kehadiran" in shown
    assert session.scalars(select(Attendance)).all() == []
    page = browser.post(f"/pelatihan/hadir/{meeting.id}", data={"kode": code})

    assert "Kehadiran tercatat" in page.get_data(as_text=True)
    refused = browser.post(f"/pelatihan/hadir/{run.meetings[1].id}", data={"kode": code})
    assert refused.status_code == 409


def test_the_screen_shows_the_code_of_now(session, client_as):
    run = make_session(session, state="running", starts=0)
    meeting = run.meetings[0]
    meeting.starts_at, meeting.ends_at = clock.now(), clock.now() + timedelta(hours=2)
    make_enrolment(session, run)
    browser = client_as("organiser")
    address = f"/pelatihan/sesi/{run.id}/pertemuan/{meeting.id}/layar"

    page = browser.get(address).get_data(as_text=True)
    assert code_now(meeting) in page
    assert "<strong>0</strong> dari 1 peserta sudah hadir" in page
    meeting.starts_at = clock.now() + timedelta(hours=1)
    early = browser.get(address).get_data(as_text=True)
    assert "Presensi dibuka" in early and code_now(meeting) not in early


def rows_of(page):
    return page.get_data(as_text=True).split("<tbody")[1].split("<tr")[1:]


def test_a_list_is_judged_row_by_row_before_anything_is_stored(session, client_as):
    run = make_session(session, capacity=1)
    first, second, gone = (make_employee(session) for _ in range(3))
    gone.employment_state = "retired"
    nips = [first.nip, second.nip, gone.nip, first.nip, "123", "1.97E+17", "9" * 18]

    page = client_as("organiser").post(
        f"/pelatihan/sesi/{run.id}/peserta/tambah", data={"nips": "\n".join(nips)}
    )

    words = ("Dapat kursi", "Daftar tunggu", "Tidak berstatus aktif", "baris sebelumnya")
    words += ("18 angka", "rusak", "tidak ditemukan")
    for row, word in zip(rows_of(page), words, strict=True):
        assert word in row, word
    assert session.scalars(select(Enrolment)).all() == []


def test_a_workbook_is_read_by_its_nip_column(session, client_as):
    run, person = make_session(session), make_employee(session)
    sink = io.BytesIO()
    columns = [ColumnSpec("Nama"), ColumnSpec("NIP")]
    write_xlsx(sink, [SheetSpec("Peserta", columns, [["Seseorang", person.nip]])])
    sink.seek(0)

    page = client_as("organiser").post(
        f"/pelatihan/sesi/{run.id}/peserta/tambah", data={"file": (sink, "peserta.xlsx")}
    )

    assert "Daftarkan 1 orang" in page.get_data(as_text=True)


def test_a_person_who_has_the_level_already_gets_a_remark_and_no_block(session, client_as):
    run, person = make_session(session, make_course(session, to_level=3)), make_employee(session)
    give_level(session, person, "AP-02", 4)

    page = client_as("organiser").post(
        f"/pelatihan/sesi/{run.id}/peserta/tambah", data={"nips": person.nip}
    )

    row = rows_of(page)[0]
    assert "Dapat kursi" in row
    assert "Sudah memiliki level" in row


def test_an_opd_manager_enrols_own_people_only(session, client_as):
    run, mine, other = make_session(session), make_employee(session), make_employee(session)
    browser = client_as("opd_manager", opd_id=mine.opd_id)

    data = {"nips": f"{mine.nip}\n{other.nip}"}
    browser.post(f"/pelatihan/sesi/{run.id}/peserta/tambah/terapkan", data=data)

    reread(session)
    assert session.scalars(select(Enrolment.employee_id)).all() == [mine.id]


def _text_of(content):
    if shutil.which("pdftotext") is None:
        missing_part("the text of papers", "Install poppler-utils (pdftotext).")
    ran = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return ran.stdout.decode()


def test_a_meeting_has_its_own_place_everywhere_and_people_are_told(session, client_as):
    person = make_employee(session)
    own = client_as(employee=person, email="orang@contoh.example")
    run = make_session(session, days=2)
    row = make_enrolment(session, run, person)
    organiser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}"
    meeting = run.meetings[1]
    line = f"{address}/pertemuan/{meeting.id}/ubah"
    data = {
        "day": f"{run.ends_on}",
        "begins": "08:00",
        "ends": "16:00",
        "topic": "",
        "place": "Lab <b>2</b>",
        "link": "javascript://x.example/%0aalert(1)",
    }
    assert organiser.post(line, data=data).status_code == 422, "only the web"
    organiser.post(line, data={**data, "link": "https://rapat.example/abc"})

    mail = session.scalars(select(OutboxMail)).one()
    assert "Lab <b>2</b>" in mail.body_text
    events = icalendar.Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert [str(event["location"]) for event in events] == ["Aula BKPSDM", "Lab <b>2</b>"]
    page = own.get(address).text
    assert "Lab &lt;b&gt;2" in page and 'href="https://rapat.example/abc"' in page
    for kind in ("undangan", "daftar-hadir"):
        text = _text_of(organiser.get(f"{address}/{kind}.pdf").data)
        assert "Lab <b>2</b>" in text
    letter = _text_of(organiser.get(f"{address}/surat-tugas.pdf?peserta={row.id}").data)
    assert person.name in letter and "No." not in letter
    assert "Lab <b>2</b>" in letter, "the letter says where to go on which day"
    assert organiser.get(f"{address}/surat-tugas.pdf?peserta=999999").status_code == 404
    assert organiser.get(f"{address}/undangan.pdf?peserta={row.id}").status_code == 404
