"""A form opened before somebody else's change: 409 with the sentence, and nothing overwritten."""

import html

from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from matching.models import (
    AssignmentScenario,
    CalibrationMeeting,
    CalibrationMove,
    Placement,
    PoolMember,
    SeatSuccessor,
    ShortlistEntry,
)
from matching.services.calibration import open_meeting
from matching.services.pools import nominate
from matching.services.succession import add_successor
from tests.factories.decisions import decided
from tests.factories.seats import make_candidate, make_seat
from tests.factories.talent import YEAR, box_of, compute, make_measured, make_pool

CHANGED = "sudah diubah orang lain"


def refused(client, address, words=CHANGED, **data):
    """Send a stale form; it answers 409 in words and gives back what was written."""
    answer = client.post(address, data=data, headers={"Referer": "http://localhost/kursi?q=a"})
    assert answer.status_code == 409, (address, answer.status_code)
    text = html.unescape(answer.text)
    assert words in text and 'href="/kursi?q=a"' in text
    assert "Ditulis lama sekali & <b>" in text if "reason" in data else True


LONG = "Ditulis lama sekali & <b>"


def test_a_stale_form_of_a_placement_changes_nothing(client_as, session):
    seat, _decision = decided(session)
    placement = session.scalars(select(Placement)).one()
    seen, day = placement.version, placement.since.isoformat()
    officer, base = client_as("officer"), f"/kursi/{seat.id}/penempatan/{placement.id}"
    officer.post(
        f"{base}/masa-tugas",
        data={"planned_until": day, "reason": "Proyek selesai", "version": seen},
    )
    session.refresh(placement)
    assert (placement.planned_until, placement.version) == (placement.since, seen + 1)

    for version in ({"version": seen}, {}):
        refused(officer, f"{base}/masa-tugas", reason=LONG, planned_until="", **version)
    refused(officer, f"{base}/akhiri", reason=LONG, until=day, kind="ended", version=seen)
    refused(officer, f"{base}/serah-terima", on=day, note="Akun", version=seen)

    session.refresh(placement)
    kept = (placement.planned_until, placement.until, placement.handover_on, placement.version)
    assert kept == (placement.since, None, None, seen + 1)
    ended = {"until": day, "kind": "ended", "reason": "Selesai", "version": placement.version}
    assert officer.post(f"{base}/akhiri", data=ended).status_code == 303
    refused(officer, f"{base}/akhiri", "sudah berakhir", **(ended | {"reason": LONG}))


def test_stale_forms_of_boxes_pools_and_lines_change_nothing(client_as, session):
    officer, person = client_as("officer"), make_measured(session, 95)
    compute(session)
    row, pool, seat = box_of(session, person), make_pool(session), make_seat(session)
    meeting = open_meeting(
        session,
        actor=SYSTEM,
        name="Rapat",
        period=YEAR,
        method_code=row.method_code,
        members="Sekda",
        held_on=clock.today(),
    )
    words = {"readiness": "one_year", "reason": "Siap"}
    member = nominate(session, actor=SYSTEM, pool=pool, employee=person, **words)
    line = [
        add_successor(
            session, actor=SYSTEM, seat=seat, employee_id=make_candidate(session, seat).id, **words
        )
        for _number in range(3)
    ]
    session.commit()
    move = f"/talenta/rapat/{meeting.id}/pindah/{row.id}"
    base = f"/kelompok-talenta/{pool.id}/anggota/{member.id}"
    rank = f"/suksesi/{seat.id}/{line[2].id}"
    seen = {item: item.version for item in (row, member, line[2])}

    # Somebody else comes first with each of them.
    officer.post(move, data={"to_box": 5, "reason": "Baru", "version": seen[row]})
    officer.post(f"{base}/kesiapan", data={**words, "readiness": "now", "version": seen[member]})
    officer.post(f"{rank}/naik", data={"version": seen[line[2]]})

    refused(officer, move, to_box=4, reason=LONG, version=seen[row])
    refused(officer, f"{base}/kesiapan", readiness="two_years", reason=LONG, version=seen[member])
    refused(officer, f"{base}/keluar", reason=LONG, version=seen[member])
    refused(officer, f"{rank}/naik", version=seen[line[2]])  # a double click moves up once
    refused(officer, f"{rank}/kesiapan", readiness="now", reason=LONG, version=seen[line[2]])
    refused(officer, f"{rank}/keluar", reason=LONG, version=seen[line[2]])
    officer.post(f"/talenta/rapat/{meeting.id}/tutup")
    undone = session.scalars(select(CalibrationMove)).one()
    refused(officer, f"/talenta/rapat/{meeting.id}/tutup", "sudah ditutup")
    refused(officer, f"/talenta/rapat/{meeting.id}/batal/{undone.id}", "sudah ditutup", reason=LONG)

    session.expire_all()
    assert (row.calibrated_box, session.get(CalibrationMeeting, meeting.id).state) == (5, "closed")
    kept = session.get(PoolMember, member.id)
    assert (kept.readiness, kept.until) == ("now", None)
    places = {
        r.id: (r.position, r.readiness, r.until) for r in session.scalars(select(SeatSuccessor))
    }
    assert places[line[2].id] == (2, "one_year", None)


def test_a_stale_scenario_is_neither_proposed_nor_deleted(client_as, session):
    seat = make_seat(session)
    make_candidate(session, seat, 4)
    officer = client_as("officer")
    wish = {"name": "A", "least_fit": "30", "own_opd_bonus": "5", "keep_margin": "10"}
    address = officer.post("/skenario", data=wish).location
    scenario = session.scalars(select(AssignmentScenario)).one()
    seen = scenario.version
    officer.post(f"{address}/usulan", data={"numbers": ["1"], "reason": "Baik", "version": seen})

    refused(officer, f"{address}/usulan", numbers=["1"], reason=LONG, version=seen)
    refused(officer, f"{address}/hapus", "sudah menjadi usulan", version=seen)

    assert len(session.scalars(select(ShortlistEntry)).all()) == 1
    assert session.scalars(select(AssignmentScenario.state)).all() == ["proposed"]


def test_the_second_of_two_officers_is_told_that_the_seat_is_filled(client_as, session):
    seat = make_seat(session)
    people = [make_candidate(session, seat, level) for level in (4, 3)]
    first, second = client_as("officer"), client_as("officer")
    page = first.get(f"/kursi/{seat.id}").text
    order = page.split('name="order_hash" type="hidden" value="')[1].split('"')[0]
    first.post(
        f"/kursi/{seat.id}/daftar-pendek",
        data={"people": [p.id for p in people], "reason": "Dua teratas", "order_hash": order},
    )
    key = first.get(f"/kursi/{seat.id}/keadilan").text.split('name="key" value="')[1].split('"')[0]
    first.post(f"/kursi/{seat.id}/keadilan", data={"key": key})
    session.refresh(seat)
    form = {"backup_id": "0", "since": clock.today().isoformat(), "version": seat.version}
    chosen = {**form, "employee_id": people[0].id, "reason": "Paling siap"}
    assert first.post(f"/kursi/{seat.id}/keputusan", data=chosen).status_code == 303

    other = {**form, "employee_id": people[1].id, "reason": LONG}
    late = {"people": [people[1].id], "order_hash": order, "reason": LONG}
    filled = "sudah terisi atau ditutup oleh petugas lain"
    refused(second, f"/kursi/{seat.id}/daftar-pendek", filled, **late)
    refused(second, f"/kursi/{seat.id}/keputusan", filled, **other)

    assert session.scalars(select(Placement.employee_id)).all() == [people[0].id]
