"""Decisions of the city: read by those who watch, signed by the leader, changed by nobody."""

import re

from sqlalchemy import select

from app.core.notifications.models import Notification
from matching.models import DecisionSignature, Placement, ShortlistEntry
from matching.services.telling import head_of
from tests.factories.decisions import decided
from tests.factories.people import make_employee
from tests.factories.seats import make_seat
from tests.support.application import Client


def file_hash(page: str) -> str:
    return re.search(r'name="file_hash" value="([0-9a-f]{64})"', page)[1]


def sign(client: Client, decision_id: int, value: str):
    data = {"file_hash": value, "capacity": "Sekretaris <Daerah>"}
    return client.post(f"/keputusan/{decision_id}/tanda-tangan", data=data)


def test_a_leader_reads_the_file_and_signs_it_once(client_as, session):
    seat, decision = decided(session)
    leader = client_as("executive")
    assert "Belum" in leader.get("/keputusan?tanda_tangan=belum").text

    page = leader.get(f"/keputusan/{decision.id}").text
    for fact in ("Satu anggota ragu", "Terbaik", decision.employee.name, seat.opd.short_name):
        assert fact in page
    sign(leader, decision.id, file_hash(page))
    again = sign(leader, decision.id, file_hash(page))

    row = session.scalars(select(DecisionSignature)).one()
    assert row.file_hash == file_hash(page)
    assert again.status_code == 303  # back to the decision, where the refusal is told
    after = leader.get(f"/keputusan/{decision.id}").text
    assert "Sekretaris &lt;Daerah&gt;" in after
    assert 'name="capacity"' not in after
    assert decision.employee.name not in leader.get("/keputusan?tanda_tangan=belum").text


def test_a_file_that_changed_is_not_signed_and_old_signatures_say_so(client_as, session):
    _seat, decision = decided(session)
    leader = client_as("executive")
    seen = file_hash(leader.get(f"/keputusan/{decision.id}").text)
    sign(leader, decision.id, seen)
    decision.reason = "Ditulis ulang"

    other = client_as("executive")
    sign(other, decision.id, seen)

    assert len(session.scalars(select(DecisionSignature)).all()) == 1
    assert "berubah sesudah ditandatangani" in other.get(f"/keputusan/{decision.id}").text


def test_an_auditor_reads_everything_and_changes_nothing(client_as, session):
    seat, decision = decided(session)
    other = make_seat(session)
    auditor = client_as("auditor")
    file = f"/kursi/{seat.id}/keputusan/{decision.id}/berkas.pdf"
    for place in (f"/kursi/{other.id}", "/keputusan", f"/keputusan/{decision.id}", file):
        assert auditor.get(place).status_code == 200
    page = auditor.get(f"/kursi/{other.id}").text
    assert "Masukkan ke daftar pendek" not in page
    assert auditor.post(f"/kursi/{other.id}/daftar-pendek", data={}).status_code in (403, 404)
    assert sign(auditor, decision.id, "0" * 64).status_code == 403
    assert client_as("employee").get(f"/keputusan/{decision.id}").status_code == 403


def test_the_person_and_both_supervisors_are_told_of_start_and_recall(client_as, session):
    seat = make_seat(session)
    head = make_employee(session, opd=seat.opd)
    make_employee(session, opd=seat.opd, supervisor_id=head.id)
    assert head_of(session, seat.opd_id) == head.id
    from_seat, decision = decided(session)
    boss = make_employee(session)
    receiver = make_employee(session, opd=from_seat.opd)
    make_employee(session, opd=from_seat.opd, supervisor_id=receiver.id)
    decision.employee.supervisor_id = boss.id
    for person in (decision.employee, boss, receiver):
        client_as("employee", employee=person)
    placement = session.scalars(select(Placement)).one()
    officer = client_as("officer")

    officer.post(
        f"/kursi/{from_seat.id}/penempatan/{placement.id}/serah-terima",
        data={
            "on": placement.since.isoformat(),
            "note": "Akun admin dan panduan",
            "version": placement.version,
        },
    )
    assert "Akun admin dan panduan" in officer.get(f"/kursi/{from_seat.id}").text
    officer.post(
        f"/kursi/{from_seat.id}/penempatan/{placement.id}/akhiri",
        data={
            "until": placement.since.isoformat(),
            "kind": "recalled",
            "reason": "Dibutuhkan OPD asal",
            "version": placement.version,
        },
    )

    session.refresh(placement)
    assert placement.end_kind == "recalled"
    keys = set(session.scalars(select(Notification.key)))
    wanted = {f"placement:{placement.id}:end{part}" for part in ("", ":supervisor", ":receiver")}
    assert wanted <= keys


def test_the_list_of_decisions_needs_as_many_queries_for_many(client_as, session, query_counter):
    decided(session)
    officer = client_as("officer")
    officer.get("/keputusan")
    with query_counter() as few:
        officer.get("/keputusan")
    for _number in range(3):
        decided(session)
    officer.get("/keputusan")
    with query_counter() as many:
        officer.get("/keputusan")

    assert len(session.scalars(select(ShortlistEntry)).all()) == 4
    assert many.count <= few.count, many
