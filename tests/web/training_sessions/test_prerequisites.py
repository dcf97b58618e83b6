"""Prerequisites checked whenever a seat is given; what was refused is told."""

from datetime import timedelta

from app.core import clock
from courses.enums import EnrolmentState as E
from courses.services.allocation import apply_allocation, plan_allocation
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.people import make_employee


def test_who_lost_the_prerequisite_is_passed_over_told_and_let_in_for_a_reason_only(
    session, client_as
):
    before = make_course(session, title="Dasar & <b>Awal</b>")
    run = make_session(session, make_course(session, prerequisites=[before.code]), capacity=1)
    holder, lost, ready = (make_employee(session) for _ in range(3))
    own = client_as(employee=lost)
    seat = make_enrolment(session, run, holder)
    passed = make_enrolment(session, make_session(session, before), ready, state=E.PASSED)
    first = make_enrolment(session, run, lost, state=E.WAITLISTED)
    second = make_enrolment(session, run, ready, state=E.WAITLISTED)
    organiser, people = client_as("organiser"), f"/pelatihan/sesi/{run.id}/peserta"

    organiser.post(f"{people}/{seat.id}/keluarkan")
    assert (first.state, second.state) == (E.WAITLISTED, E.ENROLLED)
    assert first.passed_over_at is not None
    assert "dilewati di daftar tunggu" in own.get("/notifikasi").text
    page = own.get(f"/pelatihan/sesi/{run.id}").text
    assert "Anda dilewati pada" in page and "Dasar &amp; &lt;b&gt;Awal" in page
    listed = organiser.get(people).text
    assert "Kecualikan" in listed and "dilewati" in listed

    organiser.post(f"{people}/{second.id}/keluarkan")
    assert first.state == E.WAITLISTED, "a free seat alone does not let in"
    organiser.post(f"{people}/{first.id}/kecualikan", data={"reason": " "})
    assert first.state == E.WAITLISTED
    organiser.post(f"{people}/{first.id}/kecualikan", data={"reason": "Sudah mengajar"})
    assert (first.state, first.exemption) == (E.ENROLLED, "Sudah mengajar")
    assert "Dikecualikan dari prasyarat: Sudah mengajar" in organiser.get(people).text
    assert passed.state == E.PASSED


def test_an_approval_checks_the_prerequisite_again(session, client_as):
    before = make_course(session)
    course = make_course(session, prerequisites=[before.code])
    run = make_session(session, course, needs_approval=True)
    row = make_enrolment(session, run, state=E.PROPOSED)
    organiser, people = client_as("organiser"), f"/pelatihan/sesi/{run.id}/peserta"

    assert "Setujui dengan pengecualian" in organiser.get(people).text
    told = organiser.post(f"{people}/{row.id}/setujui", follow_redirects=True).text
    assert "Belum lulus pelatihan prasyarat" in told and row.state == E.PROPOSED
    organiser.post(f"{people}/{row.id}/setujui", data={"reason": "Pengalaman 5 tahun"})
    assert (row.state, row.exemption) == (E.ENROLLED, "Pengalaman 5 tahun")


def test_seats_are_shared_only_among_those_with_the_prerequisite(session, client_as):
    before = make_course(session)
    run = make_session(
        session,
        make_course(session, prerequisites=[before.code]),
        capacity=5,
        seat_method="fair",
        seed="abc",
        registration_closes=clock.today() - timedelta(days=1),
    )
    ready, lacking = make_employee(session), make_employee(session)
    make_enrolment(session, make_session(session, before), ready, state=E.PASSED)
    rows = [make_enrolment(session, run, person, state=E.WAITLISTED) for person in (lacking, ready)]
    session.commit()
    plan = plan_allocation(session, run=run)
    apply_allocation(session, run=run, digest=plan.digest)

    assert [row.state for row in rows] == [E.WAITLISTED, E.ENROLLED]
    assert rows[0].passed_over_at is not None


def test_the_waiting_list_is_shown_in_the_order_in_which_it_moves_up(session, client_as):
    run = make_session(session, seat_method="fair", seed="abc", capacity=1)
    run.allocated_at = clock.now()
    names = ("Ketiga", "Pertama", "Kedua")
    for name, rank in zip(names, (None, 4, 9), strict=True):
        person = make_employee(session, name=name)
        make_enrolment(session, run, person, state=E.WAITLISTED, allocation_rank=rank)

    page = client_as("organiser").get(f"/pelatihan/sesi/{run.id}/peserta").text
    places = [page.index(f"<strong>{name}") for name in ("Pertama", "Kedua", "Ketiga")]
    assert places == sorted(places)


def test_a_refused_registration_stands_in_ones_learning_with_its_reason(session, client_as):
    person = make_employee(session)
    run = make_session(session)
    make_enrolment(session, run, person, state=E.REFUSED, note="Kuota <b>habis</b>")
    old = make_session(session, starts=-300, title="Sesi lama sekali")
    make_enrolment(session, old, person, state=E.REFUSED, note="Lama")

    page = client_as(employee=person).get("/pelatihan/saya").text
    assert "Pendaftaran yang ditolak" in page
    assert "Alasan: Kuota &lt;b&gt;habis" in page
    assert "Sesi lama sekali" not in page
