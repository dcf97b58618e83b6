"""Talent pools through the pages: made, filled from the boxes, readiness over time, closed."""

from io import BytesIO

from openpyxl import load_workbook
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from matching.models import PoolEvent, PoolMember, TalentPool
from matching.services.pools import nominate
from tests.factories.offices import make_opd
from tests.factories.talent import box_of, compute, make_measured, make_pool

YEAR = clock.today().year
FORM = {
    "name": "Suksesi",
    "kind": "succession",
    "owner": "BKPSDM",
    "opd_id": "0",
    "starts_on": f"{YEAR}-01-01",
    "ends_on": f"{YEAR}-12-31",
}


def test_a_pool_is_filled_from_the_boxes_and_keeps_its_history(client_as, session):
    star, weak = make_measured(session, 95, "Sangat Baik"), make_measured(session, 20)
    compute(session)
    officer = client_as("officer")
    address = officer.post("/kelompok-talenta/baru", data=FORM).location
    pool = session.scalars(select(TalentPool)).one()
    officer.post(f"{address}/lanjut", data={"version": pool.version})

    page = officer.get(address).text
    assert star.name in page and weak.name not in page
    officer.post(
        f"{address}/anggota",
        data={"people": box_of(session, star).id, "readiness": "one_year", "reason": "Kotak 9"},
    )
    member = session.scalars(select(PoolMember)).one()
    ready = {"readiness": "now", "reason": "Lulus", "version": member.version}
    officer.post(f"{address}/anggota/{member.id}/kesiapan", data=ready)
    session.refresh(member)
    book = load_workbook(BytesIO(officer.get(f"{address}/unduh.xlsx").data)).active
    officer.post(
        f"{address}/anggota/{member.id}/keluar",
        data={"reason": "Tugas belajar", "version": member.version},
    )

    steps = session.scalars(select(PoolEvent.action).order_by(PoolEvent.id)).all()
    assert steps == ["nominated", "readiness", "left"]
    assert list(book.values)[1][2] == "Siap sekarang"
    after = officer.get(address).text
    assert "Tugas belajar" in after
    assert star.name in after.split("Usulan dari kotak")[-1]  # may be proposed again


def test_wrong_input_is_told_at_its_field(client_as, session):
    officer = client_as("officer")
    officer.post("/kelompok-talenta/baru", data=FORM)

    twice = officer.post("/kelompok-talenta/baru", data=FORM)
    backwards = officer.post(
        "/kelompok-talenta/baru", data={**FORM, "name": "Lain", "ends_on": f"{YEAR - 1}-01-01"}
    )
    pool = session.scalars(select(TalentPool)).one()
    nobody = officer.post(
        f"/kelompok-talenta/{pool.id}/anggota",
        data={"readiness": "now", "reason": "x"},
        follow_redirects=True,
    )

    assert twice.status_code == 422 and "sudah dipakai" in twice.text
    assert backwards.status_code == 422 and "Akhir periode" in backwards.text
    assert "Pilih paling sedikit satu orang" in nobody.text


def test_a_stale_page_does_not_close_what_another_just_opened(client_as, session):
    pool = make_pool(session, state="draft")
    officer, seen = client_as("officer"), pool.version

    for _ in range(2):  # a double click
        officer.post(f"/kelompok-talenta/{pool.id}/lanjut", data={"version": seen})

    session.refresh(pool)
    assert pool.state == "open"


def test_an_opd_manager_sees_members_of_the_own_opd_alone(client_as, session):
    mine, pool = make_opd(session), make_pool(session)
    people = [make_measured(session, opd=mine), make_measured(session)]
    for person in people:
        nominate(
            session, actor=SYSTEM, pool=pool, employee=person, readiness="now", reason="Kotak 9"
        )
    client = client_as("opd_manager", opd_id=mine.id)

    page = client.get(f"/kelompok-talenta/{pool.id}").text

    assert people[0].name in page and people[1].name not in page
    assert client.post(f"/kelompok-talenta/{pool.id}/lanjut").status_code == 403
    assert client.get("/kelompok-talenta/424242").status_code == 404


def test_the_pages_need_as_many_queries_for_many_members(client_as, session, query_counter):
    pool, counts = make_pool(session), []
    for people in (1, 4):
        for _ in range(people):
            person = make_measured(session)
            nominate(session, actor=SYSTEM, pool=pool, employee=person, readiness="now", reason="x")
        client = client_as("executive")
        with query_counter() as queries:
            client.get(f"/kelompok-talenta/{pool.id}")
            client.get("/kelompok-talenta")
        counts.append(queries.count)

    assert counts[0] == counts[1]
