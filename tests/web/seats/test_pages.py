"""The journey of an officer from a vacant seat to a decision, through the pages."""

import re
from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent, AuditPerson
from matching.models import Decision, Placement, Seat, ShortlistEntry
from skills.rules import months_after
from tests.factories.people import make_employee
from tests.factories.seats import make_candidate, make_seat


def order_hash(page: str) -> str:
    return re.search(r'name="order_hash"[^>]*value="([0-9a-f]{64})"', page)[1]


def version(page: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', page)[1]


def test_an_officer_goes_from_a_vacant_seat_to_a_decision(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (4, 3)]
    officer = client_as("officer")
    page = officer.get(f"/kursi/{seat.id}").text

    officer.post(
        f"/kursi/{seat.id}/daftar-pendek",
        data={
            "people": [person.id for person in people],
            "reason": "Keduanya siap",
            "order_hash": order_hash(page),
        },
    )
    change = {"places": "1", "is_key": "1", "version": seat.version}
    wrong = officer.post(f"/kursi/{seat.id}/ubah", data={**change, "term_months": "lama"})
    assert (wrong.status_code, "Isi 1 sampai 120 bulan" in wrong.text) == (422, True)
    officer.post(f"/kursi/{seat.id}/ubah", data={**change, "term_months": "24"})
    sheet = officer.get(f"/kursi/{seat.id}/keadilan").text
    key = re.search(r'name="key" value="([0-9a-f]{64})"', sheet)[1]
    officer.post(f"/kursi/{seat.id}/keadilan", data={"key": key})
    page = officer.get(f"/kursi/{seat.id}").text
    last_day = months_after(clock.today(), 24) - timedelta(days=1)
    assert f'value="{last_day}"' in page  # from the term of the seat
    answer = officer.post(
        f"/kursi/{seat.id}/keputusan",
        data={
            "employee_id": people[0].id,
            "backup_id": people[1].id,
            "reason": "Level terverifikasi paling lengkap",
            "since": "2026-12-01",
            "planned_until": last_day,
            "version": version(page),
        },
    )

    assert answer.status_code == 303
    session.expire_all()
    assert session.get(Seat, seat.id).state == "filled"
    assert session.scalars(select(Decision)).one().employee_id == people[0].id
    assert people[0].name in officer.get(f"/kursi/{seat.id}").text
    held = session.scalars(select(Placement).where(Placement.kind == "primary")).one()
    assert held.planned_until == last_day


def test_a_list_that_changed_meanwhile_is_refused(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 3)
    officer = client_as("officer")
    stale = order_hash(officer.get(f"/kursi/{seat.id}").text)
    make_candidate(session, seat, 5)
    session.commit()

    answer = officer.post(
        f"/kursi/{seat.id}/daftar-pendek",
        data={"people": [person.id], "reason": "Siap", "order_hash": stale},
    )

    assert answer.status_code == 409 and "Daftar berubah" in answer.text
    assert session.scalars(select(ShortlistEntry)).all() == []


def test_reading_a_ranking_is_recorded_with_the_people_shown(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 3)

    client_as("officer").get(f"/kursi/{seat.id}")

    event = session.scalars(
        select(AuditEvent).where(AuditEvent.tag == "matching:ranking:read")
    ).one()
    shown = session.scalars(
        select(AuditPerson.employee_id).where(AuditPerson.event_id == event.id)
    ).all()
    assert person.id in shown


def test_a_civil_servant_sees_what_the_seat_asks_and_nobody_else(client_as, session):
    seat = make_seat(session)
    other = make_candidate(session, seat, 3)
    me = make_employee(session)

    page = client_as("employee", employee=me).get(f"/kursi/{seat.id}").text

    assert "Yang dituntut peran ini" in page
    assert "Kesesuaian saya" in page and 'value="interested"' in page
    assert other.name not in page


def test_the_masked_list_hides_names(client_as, session):
    seat = make_seat(session)
    person = make_candidate(session, seat, 3)
    person.name = "Namauji Rahasia"
    session.commit()

    page = client_as("officer").get(f"/kursi/{seat.id}?samar=1").text

    assert "Namauji Rahasia" not in page
    assert "Kandidat 1" in page


def test_criteria_in_the_address_change_the_list(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 3)
    make_employee(session, golongan="I/a")
    officer = client_as("officer")

    strict = officer.get(f"/kursi/{seat.id}").text
    loose = officer.get(f"/kursi/{seat.id}?golongan-PNS=-").text

    assert strict.count("ek-candidate-line") + 1 == loose.count("ek-candidate-line")


def test_each_gate_can_be_changed_in_the_address_and_counts_anew(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 3)
    make_employee(session, education_level="SMA")
    officer = client_as("officer")

    def shown(query):
        return officer.get(f"/kursi/{seat.id}?{query}").text.count("ek-candidate-line")

    assert shown("") == 1
    assert shown("pendidikan=-") == 2
    assert shown("pendidikan=S3") == 0
    assert shown("status=PPPK&golongan-PPPK=-") == 0
    assert shown("masa_kerja=49") == 0
    assert shown("masa_kerja=-5&disiplin=abc&status=RAJA&pensiun=999999") == 0
    page = officer.get(f"/kursi/{seat.id}?pendidikan=S3").text
    assert "Syarat yang menghabiskan daftar: Pendidikan paling rendah S3" in page


def test_a_search_of_a_seat_is_saved_with_its_criteria(client_as, session):
    seat = make_seat(session)
    officer = client_as("officer")
    address = f"/kursi/{seat.id}?pendidikan=S1&samar=1"

    data = {"name": "Calon sarjana", "address": address, "shared": "1"}
    answer = officer.post("/pencarian-talenta/simpan", data=data)

    assert answer.location == address
    assert address.replace("&", "&amp;") in client_as("auditor").get("/pencarian-talenta").text


def test_an_opd_manager_scouts_among_the_own_people_only(client_as, session):
    seat = make_seat(session)
    outsider = make_candidate(session, seat, 5)
    insider = make_employee(session, opd=seat.opd, name="Orang Dalam")
    manager = client_as("opd_manager", opd_id=seat.opd_id)

    page = manager.get(f"/kursi/{seat.id}").text

    assert insider.name in page
    assert outsider.name not in page


def test_the_decision_needs_the_right(client_as, session):
    seat = make_seat(session)

    answer = client_as("opd_manager", opd_id=seat.opd_id).post(f"/kursi/{seat.id}/keputusan")

    assert answer.status_code in (403, 404)


def test_the_number_of_queries_does_not_grow_with_the_list(client_as, session, query_counter):
    seat = make_seat(session)
    officer = client_as("officer")
    for _number in range(3):
        make_candidate(session, seat)
    session.commit()
    officer.get(f"/kursi/{seat.id}")
    with query_counter() as few:
        officer.get(f"/kursi/{seat.id}")
    for _number in range(12):
        make_candidate(session, seat)
    session.commit()
    officer.get(f"/kursi/{seat.id}")
    with query_counter() as many:
        officer.get(f"/kursi/{seat.id}")

    assert many.count <= few.count, many


def test_the_list_of_seats_filters_by_state(client_as, session):
    make_seat(session)

    page = client_as("executive").get("/kursi?keadaan=filled").text

    assert "Tidak ada kursi yang cocok" in page


def test_coverage_is_for_those_who_lead(client_as, session):
    make_seat(session)

    assert client_as("executive").get("/cakupan").status_code == 200
    assert client_as("employee", employee=make_employee(session)).get("/cakupan").status_code == 403
