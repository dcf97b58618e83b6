"""Seats: quotas of an OPD, sharing out when they are scarce, interest without a date, approval."""

from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent
from app.core.notifications.models import Notification, OutboxMail
from courses.allocation import lot
from courses.enums import EnrolmentState as E
from courses.models import Enrolment, TrainingInterest
from skills.models import Position
from tests.factories.courses import make_course, make_enrolment, make_session, people_of, reread
from tests.factories.offices import make_opd
from tests.factories.people import make_employee


def states(session, run):
    reread(session)
    return [E(row.state) for row in people_of(session, run)]


def test_an_opd_gets_no_more_seats_than_its_quota_and_the_next_opd_moves_up(session, client_as):
    run, small, large = make_session(session, capacity=3), make_opd(session), make_opd(session)
    people = [make_employee(session, opd=opd) for opd in (small, small, large, large)]
    browser = client_as("organiser")
    address = f"/pelatihan/sesi/{run.id}"

    browser.post(f"{address}/kursi/kuota", data={"opd": small.id, "kursi": "1", "lainnya": ""})
    page = browser.post(
        f"{address}/peserta/tambah", data={"nips": "\n".join(p.nip for p in people)}
    ).get_data(as_text=True)
    assert "Kuota OPD ini sudah penuh." in page
    done = browser.post(
        f"{address}/peserta/tambah/terapkan", data={"nips": [p.nip for p in people]}
    )

    assert states(session, run) == [E.ENROLLED, E.WAITLISTED, E.ENROLLED, E.ENROLLED]
    # The seat of the other OPD comes free: who waits is of the full OPD and stays.
    rows = people_of(session, run)
    browser.post(f"{address}/peserta/{rows[2].id}/keluarkan")
    assert states(session, run)[1] == E.WAITLISTED
    browser.post(f"{address}/peserta/{rows[0].id}/keluarkan")
    assert states(session, run)[1] == E.ENROLLED
    shown = browser.get(done.location).get_data(as_text=True)
    assert "Kuota OPD ini sudah penuh." in shown
    assert browser.get(f"{done.location}.xlsx").data.startswith(b"PK")
    refused = browser.post(
        f"{address}/kursi/kuota", data={"lainnya": "banyak"}, follow_redirects=True
    )
    assert "Isi dengan bilangan bulat." in refused.get_data(as_text=True)


def test_scarce_seats_are_shared_as_previewed_and_each_is_told_the_reason(session, client_as):
    closed = clock.today() - timedelta(days=1)
    run = make_session(
        session, capacity=2, seat_method="fair", seed="abc", registration_closes=closed
    )
    people = [make_employee(session) for _ in range(4)]
    own = client_as("employee", employee=people[0])
    other = client_as("employee", employee=people[1])
    for person in people:
        make_enrolment(session, run, person, state=E.WAITLISTED)
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}"

    page = browser.get(f"{address}/kursi").get_data(as_text=True)
    digest = page.split('name="tanda" value="')[1].split('"')[0]
    stale = browser.post(f"{address}/kursi/bagi", data={"tanda": "0" * 24}, follow_redirects=True)
    assert "berubah sejak pratinjau" in stale.get_data(as_text=True)
    assert states(session, run) == [E.WAITLISTED] * 4

    browser.post(f"{address}/kursi/bagi", data={"tanda": digest})

    order = sorted(people, key=lambda person: lot("abc", person.id))
    expected = [E.ENROLLED if person in order[:2] else E.WAITLISTED for person in people]
    assert states(session, run) == expected
    again = browser.post(f"{address}/kursi/bagi", data={"tanda": digest}, follow_redirects=True)
    assert "sudah dibagi" in again.get_data(as_text=True)
    for person, client in ((people[0], own), (people[1], other)):
        told = client.get(f"{address}/pembagian/saya").get_data(as_text=True)
        assert lot("abc", person.id) in told
        assert ("Anda mendapat kursi" if person in order[:2] else "undian dari kode acak") in told
        assert f"abc:{person.id}" in told
    # A seat that comes free goes to the next in the published order.
    first = next(row for row in people_of(session, run) if row.employee_id == order[0].id)
    browser.post(f"{address}/peserta/{first.id}/keluarkan")
    reread(session)
    third = next(row for row in people_of(session, run) if row.employee_id == order[2].id)
    assert third.state == E.ENROLLED


def test_seats_are_not_shared_while_people_can_still_register(session, client_as):
    run = make_session(
        session, capacity=1, seat_method="fair", seed="abc", registration_closes=clock.today()
    )
    person = make_employee(session)
    browser = client_as("employee", employee=person)

    browser.post(f"/pelatihan/sesi/{run.id}/daftar")
    assert states(session, run) == [E.WAITLISTED]
    assert run.seats_taken == 0
    shown = browser.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)
    assert "Kursi dibagi setelah pendaftaran ditutup" in shown
    organiser = client_as("organiser")
    page = organiser.get(f"/pelatihan/sesi/{run.id}/kursi").get_data(as_text=True)
    assert "Pratinjau saja" in page and 'name="tanda"' not in page


def test_interest_shows_the_demand_and_is_told_when_a_session_opens(session, client_as):
    course = make_course(session, title="Kursus <b>Langka</b>")
    person = make_employee(session, name="D'Angelo & <b>Uji</b>")
    browser, organiser = client_as("employee", employee=person), client_as("organiser")

    for _ in range(2):
        browser.post(f"/pelatihan/kursus/{course.id}/minat/catat", data={"catatan": "Jumat <i>"})
    assert "Anda berminat sejak" in browser.get(f"/pelatihan/kursus/{course.id}").get_data(True)
    listed = organiser.get("/pelatihan/minat").get_data(as_text=True)
    assert "1 orang" in listed and "<b>Langka" not in listed
    people = organiser.get(f"/pelatihan/minat/{course.id}").get_data(as_text=True)
    assert "D&#39;Angelo" in people and "<i>" not in people.split("<main")[1].split("ek-quote")[1]
    assert organiser.get(f"/pelatihan/minat/{course.id}.xlsx").data.startswith(b"PK")

    run = make_session(session, course, state="draft")
    organiser.post(f"/pelatihan/sesi/{run.id}/keadaan", data={"ke": "open"})

    reread(session)
    row = session.scalars(select(TrainingInterest)).one()
    assert row.told_session_id == run.id
    assert session.scalars(select(Notification.kind)).all() == ["session"]
    assert "Belum ada peminat" in organiser.get("/pelatihan/minat").get_data(as_text=True)
    browser.post(f"/pelatihan/kursus/{course.id}/minat/cabut")
    reread(session)
    assert session.scalars(select(TrainingInterest)).all() == []
    assert browser.get("/pelatihan/minat").status_code == 403


def test_a_registration_passes_the_supervisor_and_then_the_organiser(session, client_as):
    head = make_employee(session)
    person = make_employee(session, supervisor=head)
    stranger = make_employee(session)
    run = make_session(session, supervisor_approval=True, needs_approval=True)
    client_as("employee", employee=person).post(f"/pelatihan/sesi/{run.id}/daftar")
    supervisor = client_as("supervisor", employee=head)
    row = people_of(session, run)[0]
    others = client_as("supervisor", employee=stranger)

    assert person.name in supervisor.get("/pelatihan/persetujuan").get_data(as_text=True)
    assert person.name not in others.get("/pelatihan/persetujuan").get_data(as_text=True)
    address = f"/pelatihan/persetujuan/{row.id}/setujui"
    assert others.post(address).status_code in (403, 404)
    organiser = client_as("organiser")
    second = f"/pelatihan/sesi/{run.id}/peserta/{row.id}/setujui"
    assert "Atasan memutuskan lebih dahulu." in organiser.post(
        second, follow_redirects=True
    ).get_data(as_text=True)
    supervisor.post(address)
    reread(session)
    assert (row.state, row.supervisor_label) == (E.PROPOSED, supervisor.account.name)
    twice = supervisor.post(address, follow_redirects=True)
    assert "sudah diputuskan" in twice.get_data(as_text=True)
    organiser.post(second)
    assert states(session, run) == [E.ENROLLED]


def test_a_refusal_by_the_supervisor_needs_a_reason_and_tells_it(session, client_as):
    head = make_employee(session)
    person = make_employee(session, supervisor=head)
    run = make_session(session, supervisor_approval=True)
    browser = client_as("employee", employee=person)
    browser.post(f"/pelatihan/sesi/{run.id}/daftar")
    row = people_of(session, run)[0]
    supervisor = client_as("supervisor", employee=head)

    supervisor.post(f"/pelatihan/persetujuan/{row.id}/tolak", data={"reason": " "})
    assert states(session, run) == [E.PROPOSED]
    supervisor.post(f"/pelatihan/persetujuan/{row.id}/tolak", data={"reason": "Piket layanan"})
    assert states(session, run) == [E.REFUSED]
    assert "Piket layanan" in browser.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)


def test_who_names_own_people_does_the_first_step_and_leaves_the_second(session, client_as):
    person = make_employee(session)
    run = make_session(session, supervisor_approval=True, needs_approval=True)
    manager = client_as("opd_manager", opd_id=person.opd_id)
    address = f"/pelatihan/sesi/{run.id}/peserta/tambah"

    page = manager.post(address, data={"nips": person.nip}).get_data(as_text=True)
    assert "Menunggu persetujuan" in page
    manager.post(f"{address}/terapkan", data={"nips": person.nip})
    assert states(session, run) == [E.PROPOSED]
    assert session.scalars(select(Enrolment)).one().supervisor_at is not None
    again = manager.post(address, data={"nips": person.nip}).get_data(as_text=True)
    assert "Sudah diusulkan." in again
    late = make_session(session, registration_closes=clock.today() - timedelta(days=1))
    refused = manager.post(
        f"/pelatihan/sesi/{late.id}/peserta/tambah/terapkan", data={"nips": person.nip}
    )
    assert refused.status_code == 422
    assert "Pendaftaran sudah ditutup." in refused.get_data(as_text=True)


def test_one_click_leaves_out_those_who_clash(session, client_as):
    busy, free = make_employee(session), make_employee(session)
    make_enrolment(session, make_session(session, title="Sesi lain"), busy)
    run = make_session(session)
    data = {"nips": f"{busy.nip}\n{free.nip}\n123"}
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}/peserta/tambah"

    first = browser.post(address, data=data).get_data(as_text=True)
    assert "Keluarkan 1 yang bertabrakan" in first and "Bertabrakan dengan Sesi lain" in first
    left = browser.post(address, data={**data, "buang": "bertabrakan"}).get_data(as_text=True)
    assert busy.nip not in left.replace(" ", "") and "Daftarkan 1 orang" in left


def test_moving_a_session_tells_its_people_and_sends_the_new_calendar(session, client_as):
    person = make_employee(session)
    client_as("employee", employee=person, email="orang@contoh.example")
    run = make_session(session, days=2)
    make_enrolment(session, run, person)
    before = [clock.local(meeting.starts_at) for meeting in run.meetings]
    day = run.starts_on + timedelta(days=3)
    browser, address = client_as("organiser"), f"/pelatihan/sesi/{run.id}"

    browser.post(f"{address}/jadwal-ulang", data={"starts_on": day.isoformat(), "reason": ""})
    reread(session)
    assert run.starts_on != day
    data = {"starts_on": day.isoformat(), "reason": "Aula dipakai"}
    browser.post(f"{address}/jadwal-ulang", data=data)

    reread(session)
    assert run.starts_on == day
    moved = [clock.local(meeting.starts_at) for meeting in run.meetings]
    assert [m - b for m, b in zip(moved, before, strict=True)] == [timedelta(days=3)] * 2
    mail = session.scalars(select(OutboxMail)).one()
    assert "Aula dipakai" in mail.body_text
    assert f"DTSTART:{run.meetings[0].starts_at:%Y%m%dT%H%M%S}Z" in mail.calendar
    meeting = run.meetings[0].id
    shown = browser.get(f"{address}/pertemuan/{meeting}/ubah").get_data(as_text=True)
    assert 'value="08:00"' in shown
    data = {"day": day.isoformat(), "begins": "13:00", "ends": "12:00", "topic": "Malam"}
    bad = browser.post(f"{address}/pertemuan/{meeting}/ubah", data=data, follow_redirects=True)
    assert "berakhir sebelum dimulai" in bad.get_data(as_text=True)
    browser.post(f"{address}/pertemuan/{meeting}/ubah", data={**data, "ends": "15:00"})
    reread(session)
    assert clock.local(run.meetings[0].starts_at).hour == 13
    assert len(session.scalars(select(OutboxMail)).all()) == 2


def test_lists_of_demand_and_approval_need_the_same_queries_for_more_rows(
    session, client_as, query_counter
):
    head = make_employee(session)
    browsers = {
        "/pelatihan/persetujuan": client_as("supervisor", employee=head),
        "/pelatihan/minat": client_as("organiser"),
    }

    def more():
        run = make_session(session, supervisor_approval=True)
        make_enrolment(session, run, make_employee(session, supervisor=head), state=E.PROPOSED)
        person, moment = make_employee(session), clock.now()
        session.add(
            TrainingInterest(course_code=run.course.code, employee_id=person.id, created_at=moment)
        )

    def counts():
        found = []
        for path, browser in browsers.items():
            browser.get(path)
            with query_counter() as queries:
                browser.get(path)
            found.append(queries.count)
        return found

    more()
    few = counts()
    for _ in range(4):
        more()
    assert counts() == few


def test_an_opd_manager_sees_the_quota_left_and_names_people_within_it(session, client_as):
    office = make_opd(session)
    first, second = make_employee(session, opd=office), make_employee(session, opd=office)
    run = make_session(session, default_quota=1)
    manager = client_as(
        "opd_manager", employee=make_employee(session, opd=office), opd_id=office.id
    )

    page = manager.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)
    assert "Kuota OPD Anda: tersisa 1 dari 1 kursi." in page
    manager.post(
        f"/pelatihan/sesi/{run.id}/peserta/tambah/terapkan", data={"nips": [first.nip, second.nip]}
    )

    assert states(session, run) == [E.ENROLLED, E.WAITLISTED]
    assert "tersisa 0 dari 1" in manager.get(f"/pelatihan/sesi/{run.id}").get_data(as_text=True)


def test_a_supervisor_is_shown_own_people_who_need_the_course(session, client_as):
    run = make_session(session, make_course(session, "AP-02"))
    position = session.scalars(
        select(Position).where(Position.standard_code == "TEK-ANALIS-SI")
    ).first()
    head = make_employee(session)
    mine = make_employee(session, supervisor=head, position=position)
    other = make_employee(session, position=position)
    address = f"/pelatihan/sesi/{run.id}/peserta/saran"

    page = client_as("supervisor", employee=head).get(address).get_data(as_text=True)
    everybody = client_as("organiser").get(address).get_data(as_text=True)

    assert mine.nip in page and other.nip not in page
    assert mine.nip in everybody and other.nip in everybody


def test_nobody_slips_past_a_prerequisite_and_an_exemption_has_its_reason(session, client_as):
    before = make_course(session, title="Dasar & <b>Awal</b>")
    run = make_session(session, make_course(session, prerequisites=[before.code]))
    ready, fresh, named = (make_employee(session) for _ in range(3))
    make_enrolment(session, make_session(session, before), ready, state=E.PASSED)
    address, own = f"/pelatihan/sesi/{run.id}", client_as("employee", employee=fresh)

    page = own.get(address).text
    assert "Dasar &amp; &lt;b&gt;Awal&lt;/b&gt;" in page
    assert f"/pelatihan/kursus/{before.id}" in page and f"{address}/daftar" not in page
    told = own.post(f"{address}/daftar", follow_redirects=True).text
    assert "Belum lulus pelatihan prasyarat" in told and states(session, run) == []
    client_as("employee", employee=ready).post(f"{address}/daftar")
    assert states(session, run) == [E.ENROLLED]

    # An office that names people is held to it, whatever reason it gives.
    reason = {"pengecualian": "Sudah mengajar materi ini"}
    nips = {"nips": f"{fresh.nip}\n{named.nip}"}
    manager = client_as("opd_manager", opd_id=named.opd_id)
    shown = manager.post(f"{address}/peserta/tambah", data={**nips, **reason}).text
    assert "Belum lulus pelatihan prasyarat" in shown and 'name="pengecualian" re' not in shown
    manager.post(f"{address}/peserta/tambah/terapkan", data={**nips, **reason})
    assert len(states(session, run)) == 1

    organiser = client_as("organiser")
    check = organiser.post(f"{address}/peserta/tambah", data=nips).text
    assert "2 orang belum lulus prasyarat" in check and "Keluarkan 2 yang tidak" in check
    organiser.post(f"{address}/peserta/tambah/terapkan", data={**nips, "pengecualian": " "})
    assert len(states(session, run)) == 1
    exempt = organiser.post(f"{address}/peserta/tambah", data={**nips, **reason}).text
    assert exempt.count("Dikecualikan dari prasyarat: ") == 2
    organiser.post(
        f"{address}/peserta/tambah/terapkan", data={"nips": [fresh.nip, named.nip], **reason}
    )
    assert states(session, run) == [E.ENROLLED] * 3
    events = session.scalars(select(AuditEvent).where(AuditEvent.tag == "courses:enrolment:add"))
    kept = [event.detail for event in events if reason["pengecualian"] in event.detail]
    assert len(kept) == 2 and all(before.code in detail for detail in kept)
