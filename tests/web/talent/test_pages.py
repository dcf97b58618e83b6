"""The nine boxes through the pages: grid, people, own box, movements, calibration."""

import html
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.audit import AuditEvent
from app.core.jobs.models import Job
from matching.models import CalibrationMeeting, CalibrationMove
from matching.services.pools import nominate
from matching.services.talent_box import record_inputs
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd
from tests.factories.people import make_employee
from tests.factories.talent import YEAR, box_of, compute, make_measured, make_pool


def words_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def sheet_of(answer):
    return list(load_workbook(BytesIO(answer.data)).active.values)


def test_a_box_opens_its_people_and_a_person_what_each_axis_rests_on(client_as, session):
    star = make_measured(session, 95, "Sangat Baik", name="D'Angelo & <b>Bintang</b>")
    unknown = make_employee(session)
    compute(session)
    client = client_as("executive")

    page = client.get("/talenta")
    listed = client.get("/talenta?kotak=9")
    person = client.get(f"/talenta/{box_of(session, star).id}")

    assert "Kotak 9, 1 orang: kinerja di atas ekspektasi, potensial tinggi" in page.text
    assert "1 orang belum berkotak" in words_of(page)
    assert "D'Angelo & <b>Bintang</b>" in html.unescape(listed.text)
    assert "<b>Bintang" not in listed.text
    assert unknown.name in client.get("/talenta?kotak=0").text
    assert "Predikat kinerja (SKP)" in person.text and "SANGAT BAIK" in person.text.upper()
    assert sheet_of(client.get("/talenta/unduh.xlsx?kotak=9"))[1][5] == 9
    tags = session.scalars(select(AuditEvent.tag)).all()
    assert {"matching:talent:list", "matching:talent:read", "matching:talent:export"} <= set(tags)


def test_the_third_axis_and_the_method_are_views_of_the_same_people(client_as, session):
    make_measured(session, 95)
    compute(session)
    client = client_as("auditor")

    assert "rata-rata" in client.get("/talenta?sumbu=kualifikasi").text
    other = words_of(client.get("/talenta?cara=LOKAL-90-70"))
    assert "menengah mulai 70, tinggi mulai 90" in other
    assert "Belum ada kotak untuk pilihan ini" in other
    assert client.get("/talenta?cara=karangan&periode=1&kotak=99").status_code == 200


def test_an_opd_manager_sees_the_own_opd_alone(client_as, session):
    mine, other = make_opd(session), make_opd(session)
    inside, outside = make_measured(session, opd=mine), make_measured(session, opd=other)
    compute(session)
    client = client_as("opd_manager", opd_id=mine.id)

    page = client.get(f"/talenta?kotak={box_of(session, inside).box}&opd={other.id}").text

    assert inside.name in page and outside.name not in page
    assert client.get(f"/talenta/{box_of(session, outside).id}").status_code == 404
    assert client.get("/talenta/999999").status_code == 404


def test_a_person_sees_the_own_box_and_what_is_missing(client_as, session):
    person = make_measured(session, 70)
    compute(session)
    nominate(
        session,
        actor=SYSTEM,
        pool=make_pool(session),
        employee=person,
        readiness="one_year",
        reason="Kotak 7",
    )
    client = client_as("employee", employee=person)

    page = words_of(client.get("/talenta/saya"))

    row = box_of(session, person)
    assert f"Kotak {row.box}" in page
    assert "Yang masih kurang" in page and "menuju tinggi" in page
    assert "Kelompok Uji" in page and "Satu tahun" in page
    assert client.get("/talenta").status_code == 403
    assert client.get(f"/talenta/{row.id}").status_code == 403
    newcomer = client_as("employee", employee=make_employee(session))
    assert "Kotak Anda belum dihitung" in newcomer.get("/talenta/saya").text


def test_the_comparison_says_who_moved_from_where_to_where(client_as, session):
    riser, stayer = make_measured(session, 55), make_measured(session, 90)
    compute(session, YEAR - 1)
    make_measured_again(session, riser)
    compute(session, YEAR)
    client = client_as("officer")

    page = client.get("/talenta/banding?arah=naik")
    book = sheet_of(client.get("/talenta/banding/unduh.xlsx?arah=naik"))

    assert riser.name in page.text and stayer.name not in page.text
    assert [row[0] for row in book[1:]] == [riser.display_name]
    assert book[1][2] < book[1][3]


def make_measured_again(session, person):
    rows = [
        {"nip": person.nip, "period": str(YEAR), "part": part, "points": "98", "source": "Asesmen"}
        for part in ("assessment", "potential", "education_field")
    ]
    record_inputs(session, actor=SYSTEM, rows=rows)


def test_a_meeting_moves_with_a_reason_and_an_undo_is_a_new_row(client_as, session):
    person = make_measured(session, 95)
    compute(session)
    row, officer = box_of(session, person), client_as("officer")
    wrong = officer.post("/talenta/rapat", data={"name": "", "period": YEAR})
    assert wrong.status_code == 422 and "Wajib diisi" in wrong.text
    address = officer.post(
        "/talenta/rapat",
        data={
            "name": "Rapat I",
            "period": YEAR,
            "method_code": row.method_code,
            "members": "Sekda",
            "held_on": f"{YEAR + 1}-01-15",
        },
    ).location
    meeting = session.scalars(select(CalibrationMeeting)).one()
    target = f"/talenta/rapat/{meeting.id}/pindah/{row.id}"

    officer.post(target, data={"to_box": 5, "reason": "Baru pindah", "version": row.version})
    stale = officer.post(target, data={"to_box": 4, "reason": "x", "version": row.version - 1})
    session.expire_all()
    move = session.scalars(select(CalibrationMove)).one()
    assert (row.calibrated_box, move.to_box) == (5, 5)
    assert stale.status_code == 409 and "sudah diubah orang lain" in stale.text
    assert "Baru pindah" in officer.get(address).text
    officer.post(f"/talenta/rapat/{meeting.id}/batal/{move.id}", data={"reason": "Keliru"})
    officer.post(f"/talenta/rapat/{meeting.id}/batal/{move.id}", data={"reason": "Lagi"})

    session.expire_all()
    rows = session.scalars(select(CalibrationMove).order_by(CalibrationMove.id)).all()
    assert [(item.to_box, item.undoes_id) for item in rows] == [(5, None), (row.box, rows[0].id)]
    assert row.calibrated_box is None
    assert "pembatalan" in officer.get(address).text
    officer.post(f"/talenta/rapat/{meeting.id}/tutup")
    assert "Ditutup" in officer.get(address).text
    own = client_as("employee", employee=person).get("/talenta/saya").text
    assert "Baru pindah" in own and "Keliru" in own


def test_computing_is_a_job_that_refuses_an_unknown_method(client_as, session):
    officer = client_as("officer")

    started = officer.post("/talenta/hitung", data={"periode": YEAR, "cara": "BKN-411-2025"})
    refused = officer.post(
        "/talenta/hitung", data={"periode": YEAR, "cara": "karangan"}, follow_redirects=True
    )

    assert started.location.startswith("/pekerjaan")
    assert session.scalars(select(Job.kind)).all() == ["matching.talent"]
    assert "Cara penilaian ini tidak ada" in refused.text


@pytest.mark.parametrize(
    ("role", "read", "write"), [("auditor", 200, 403), ("executive", 200, 403)]
)
def test_those_who_watch_change_nothing(client_as, session, role, read, write):
    client = client_as(role)

    assert client.get("/talenta/rapat").status_code == read
    for address in ("/talenta/hitung", "/talenta/rapat/1/tutup", "/kelompok-talenta/baru"):
        assert client.post(address).status_code == write
    assert client.post("/talenta/rapat", data={"name": "x"}).status_code in (403, 404)
    assert session.scalars(select(CalibrationMeeting)).all() == []


def test_the_lists_need_as_many_queries_for_many_people(client_as, session, query_counter):
    make_account(session, "officer")
    counts = []
    for people in (1, 5):
        for _ in range(people):
            make_measured(session, 95, "Sangat Baik")
        compute(session, YEAR - 1, YEAR)
        officer = client_as("officer")
        with query_counter() as queries:
            officer.get("/talenta?kotak=9")
            officer.get("/talenta/banding")
        counts.append(queries.count)

    assert counts[0] == counts[1]
