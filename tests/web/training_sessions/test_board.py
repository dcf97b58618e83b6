"""The organiser's board: what waits, filters, today's meetings, the file."""

from datetime import timedelta

from app.core import clock
from app.core.spreadsheet.reader import read_table
from courses.enums import EnrolmentState as E
from courses.models.evaluations import EvaluationReceipt
from tests.factories.courses import make_completed, make_enrolment, make_session, people_of


def test_the_board_is_narrowed_to_what_waits_and_to_dates(session, client_as, tmp_path):
    proposed = make_session(session, title="Sesi usulan")
    make_enrolment(session, proposed, state=E.PROPOSED)
    closed = clock.today() - timedelta(days=1)
    make_session(session, title="Sesi langka", seat_method="fair", registration_closes=closed)
    ready = make_completed(session, 2, title="Sesi siap")
    filled = people_of(session, ready)[0].id
    session.add(EvaluationReceipt(enrolment_id=filled, filled_on=clock.today()))
    make_session(session, title="Sesi lewat", state="running", starts=-5)
    make_session(session, title="Sesi jauh", starts=90)
    browser = client_as("organiser")

    def titles(**query):
        page = browser.get("/pelatihan/sesi", query_string=query).get_data(as_text=True)
        table = page.split("<tbody")[1]
        return {w for w in ("usulan", "langka", "siap", "lewat", "jauh") if f"Sesi {w}" in table}

    assert titles(perlu="usulan") == {"usulan"}
    assert titles(perlu="bagi") == {"langka"}
    assert titles(perlu="sertifikat") == {"siap"}
    assert titles(perlu="tutup") == {"lewat"}
    assert titles(dari=(clock.today() + timedelta(days=60)).isoformat()) == {"jauh"}
    assert titles(kursus=proposed.course_id) == {"usulan"}
    assert len(titles(dari="bukan-tanggal")) == 5
    path = tmp_path / "sesi.xlsx"
    path.write_bytes(browser.get("/pelatihan/sesi/unduh.xlsx?perlu=sertifikat").data)
    rows = [list(row) for row in read_table(path)]
    assert len(rows) == 2 and rows[1][1] == "Sesi siap"
    assert rows[1][10:13] == [100, 50, 2]  # attendance, evaluation, certificates ready
    employee = client_as("employee")
    assert employee.get("/pelatihan/sesi/unduh.xlsx").status_code == 403


def test_the_meetings_of_today_lead_to_their_screen(session, client_as):
    run = make_session(session, state="running", starts=0, days=2)
    browser = client_as("organiser")

    page = browser.get("/pelatihan/sesi").get_data(as_text=True)

    assert f"/pelatihan/sesi/{run.id}/pertemuan/{run.meetings[0].id}/layar" in page
    assert f"/pertemuan/{run.meetings[1].id}/layar" not in page
