"""From a need to a proposal, a plan, and a session; each for whom it is."""

import pytest
from sqlalchemy import select

from app.core import clock
from app.core.spreadsheet.reader import read_table
from courses.models import PlanItem, Session, TrainingProposal, YearPlan
from skills.models import Standard, StandardItem
from tests.factories.courses import make_course
from tests.factories.offices import make_opd
from tests.factories.people import competency, give_level, make_employee, make_position

YEAR = clock.today().year + 1


@pytest.fixture
def position(session):
    """A position that asks level 4 of one competency, under a standard of its own."""
    found = make_position(session, standard_code="UJI-STD", class_code="UJI")
    session.add(
        Standard(
            code="UJI-STD",
            name="Standar uji",
            kind="position",
            state="in_force",
            items=[StandardItem(competency_id=competency(session).id, level=4, weight=1.0)],
        )
    )
    session.flush()
    return found


@pytest.fixture
def course(session):
    made = make_course(session, to_level=4, cost=500_000, title="Pelatihan <b>Tajam</b>")
    made.competencies[0].from_level = 0
    session.flush()
    return made


@pytest.fixture
def team(session, position):
    chief, opd = make_employee(session, name="Kepala Tim"), make_opd(session)
    people = [
        make_employee(
            session, opd=opd, position=position, supervisor=chief, name=f"D'Angelo & <b>{n}</b>"
        )
        for n in range(3)
    ]
    give_level(session, people[0], "AP-02", 2)
    return chief, people


def propose(client, need, people, **changes):
    data = {
        "kompetensi": need.id,
        "orang": [person.id for person in people],
        "langkah": "kirim",
        "reason": "Layanan baru mulai Januari",
        "priority": 1,
        "course_id": 0,
    }
    return client.post("/usulan/baru", data={**data, **changes})


def test_needs_are_seen_by_reach_and_lead_to_people(
    client_as, session, team, course, query_counter
):
    chief, people = team
    other = make_employee(session, position=people[0].position, name="Orang Lain")
    need, officer = competency(session), client_as("officer")
    page = officer.get("/kebutuhan?q=AP-02").text
    listed = officer.get(f"/kebutuhan/{need.id}").text
    with query_counter() as few:
        officer.get(f"/kebutuhan/{need.id}")
    for _ in range(8):
        make_employee(session, position=people[0].position)
    session.commit()
    with query_counter() as many:
        officer.get(f"/kebutuhan/{need.id}")

    assert course.code in page
    assert "D&#39;Angelo &amp; &lt;b&gt;1" in listed
    assert other.name in listed
    assert few.count == many.count
    supervisor = client_as("supervisor", employee=chief)
    assert other.name not in supervisor.get(f"/kebutuhan/{need.id}").text
    assert client_as("employee").get("/kebutuhan").status_code == 403


def test_the_file_of_needs_adds_up_to_the_page(client_as, session, team, course, tmp_path):
    path = tmp_path / "kebutuhan.xlsx"
    path.write_bytes(client_as("officer").get("/kebutuhan/unduh.xlsx?q=AP-02").data)
    rows = list(read_table(path))

    assert sum(row[3] for row in rows[1:]) == 3
    assert sum(row[6] for row in rows[1:]) == 2 + 4 + 4
    assert rows[0][7] == "Kurang JP"
    assert sum(row[7] for row in rows[1:]) == 3, "nobody has learned an hour this year"


def test_a_supervisor_proposes_the_own_people_only_and_once(client_as, session, team, course):
    chief, people = team
    other, need = make_employee(session), competency(session)
    client, member = client_as("supervisor", employee=chief), client_as(employee=people[0])

    assert propose(client, need, [other]).status_code == 404
    assert propose(client, need, people, reason="").status_code == 422
    assert propose(client, need, people[:2]).status_code == 303
    again = propose(client, need, people[:2])
    assert again.status_code == 422, "they wait already"
    assert "Sudah diusulkan sebelumnya: D&#39;Angelo" in again.text
    made = session.scalars(select(TrainingProposal)).one()
    assert [row.employee_id for row in made.people] == [row.id for row in people[:2]]
    assert "Layanan baru mulai Januari" in client.get("/usulan").text
    assert "mengusulkan Anda mengikuti pelatihan" in member.get("/notifikasi").text
    assert propose(client, need, people).status_code == 303, "the third does not wait yet"
    session.expire_all()
    last = session.scalars(select(TrainingProposal).order_by(TrainingProposal.id.desc())).first()
    assert [row.employee_id for row in last.people] == [people[2].id]


def plan_of(client, session, **changes):
    data = {"year": YEAR, "budget": 90_000_000, "hours": 200, "note": "", **changes}
    answer = client.post("/rencana/baru", data=data)
    assert answer.status_code == 303, answer.text
    return session.scalars(select(YearPlan).order_by(YearPlan.id.desc())).first()


def test_a_proposal_is_taken_into_the_plan_or_declined_with_a_reason(
    client_as, session, team, course
):
    chief, people = team
    supervisor, organiser = client_as("supervisor", employee=chief), client_as("organiser")
    need = competency(session)
    propose(supervisor, need, people[:2])
    propose(supervisor, need, people[2:])
    plan = plan_of(organiser, session)
    first, second = session.scalars(select(TrainingProposal).order_by(TrainingProposal.id)).all()
    chosen = {"rencana": plan.id, "pelatihan": course.id, "version": 1}

    assert supervisor.post(f"/usulan/{first.id}/ambil", data=chosen).status_code == 403
    organiser.post(f"/usulan/{first.id}/ambil", data=chosen)
    organiser.post(f"/usulan/{first.id}/tolak", data={"reason": "terlambat", "version": 2})
    organiser.post(f"/usulan/{second.id}/tolak", data={"reason": " ", "version": 1})
    session.expire_all()
    assert second.state == "submitted", "no answer without a reason"
    organiser.post(f"/usulan/{second.id}/tolak", data={"reason": "Sudah ada sesi", "version": 1})
    session.expire_all()

    assert (first.state, second.state) == ("taken", "declined")
    item = session.scalars(select(PlanItem)).one()
    assert (item.course_id, item.needed, item.sessions) == (course.id, 3, 1)
    assert "Sudah ada sesi" in supervisor.get("/usulan").text


def test_an_answer_is_taken_back_and_the_plan_loses_what_it_gained(
    client_as, session, team, course
):
    chief, people = team
    supervisor, organiser = client_as("supervisor", employee=chief), client_as("organiser")
    propose(supervisor, competency(session), people[:2])
    propose(supervisor, competency(session), people[2:])
    plan = plan_of(organiser, session)
    first, second = session.scalars(select(TrainingProposal).order_by(TrainingProposal.id)).all()
    chosen = {"rencana": plan.id, "pelatihan": course.id, "version": 1}
    organiser.post(f"/usulan/{first.id}/ambil", data=chosen)
    organiser.post(f"/usulan/{second.id}/ambil", data=chosen)
    session.expire_all()
    item = session.scalars(select(PlanItem)).one()
    assert (item.seats, item.sessions) == (2, 2)
    assert supervisor.post(f"/usulan/{second.id}/tarik-jawaban").status_code == 403
    organiser.post(f"/usulan/{second.id}/tarik-jawaban", data={"version": 1})
    session.expire_all()
    assert second.state == "taken", "a stale form changes nothing"
    organiser.post(f"/usulan/{second.id}/tarik-jawaban", data={"version": second.version})
    session.expire_all()
    assert (second.state, item.sessions) == ("submitted", 1)
    organiser.post(f"/usulan/{first.id}/tarik-jawaban", data={"version": first.version})
    session.expire_all()
    assert session.scalars(select(PlanItem)).all() == []

    again = {**chosen, "version": first.version}
    organiser.post(f"/usulan/{first.id}/ambil", data=again)
    session.expire_all()
    item = session.scalars(select(PlanItem)).one()
    organiser.post(f"/rencana/{plan.id}/butir/{item.id}/hapus", data={"version": item.version})
    session.expire_all()
    assert (first.state, list(plan.items)) == ("submitted", []), "a dropped item frees it too"


def test_the_second_of_two_editors_of_a_plan_is_told_what_the_first_wrote(
    client_as, session, team, course
):
    organiser = client_as("organiser")
    plan = plan_of(organiser, session)
    address = f"/rencana/{plan.id}/butir"
    values = {"sessions": 2, "seats": 20, "cost": "", "quarter": 2}
    assert organiser.post(address, data={**values, "course_id": course.id}).status_code == 303
    twice = organiser.post(address, data={**values, "course_id": course.id})
    item = session.scalars(select(PlanItem)).one()
    stale = {**values, "version": item.version}
    line = f"{address}/{item.id}"
    assert organiser.post(line, data={**stale, "sessions": 3}).status_code == 303
    late = organiser.post(line, data={**stale, "sessions": 4})
    dropped = organiser.post(f"{line}/hapus", data=stale)
    session.expire_all()

    assert (twice.status_code, late.status_code, dropped.status_code) == (409, 409, 409)
    assert "kini 3 × 20, Rp500.000, II" in late.text
    assert (item.sessions, item.version) == (3, 2)


def test_the_plan_says_how_much_of_the_jp_duty_it_closes(
    client_as, session, team, course, tmp_path
):
    organiser = client_as("organiser")
    pppk = make_employee(session, position=team[1][0].position, employment_kind="PPPK")
    session.commit()
    plan = plan_of(organiser, session)
    organiser.post(
        f"/rencana/{plan.id}/butir",
        data={"course_id": course.id, "sessions": 1, "seats": 20, "cost": "", "quarter": 1},
    )
    session.expire_all()
    item = session.scalars(select(PlanItem)).one()
    closed = min(course.jp, 20)
    above = int(course.jp > 24)

    assert pppk.employment_kind == "PPPK"
    assert (item.needed, item.short_people) == (4, 3)
    assert (item.duty_hours, item.above_people) == (3 * closed, above)
    page = organiser.get(f"/rencana/{plan.id}").text
    assert f"{3 * closed} JP" in page
    assert "Bagaimana saran diurutkan" in page
    path = tmp_path / "rencana.xlsx"
    path.write_bytes(organiser.get(f"/rencana/{plan.id}/rencana.xlsx").data)
    head, row = list(read_table(path))[:2]
    assert dict(zip(head, row, strict=True))["Kewajiban JP tertutup"] == 3 * closed


def test_a_plan_goes_from_draft_to_adopted_and_one_click_drafts_a_session(
    client_as, session, team, course, tmp_path
):
    organiser, officer = client_as("organiser"), client_as("officer")
    plan = plan_of(organiser, session)
    address = f"/rencana/{plan.id}"
    item = {"course_id": course.id, "sessions": 2, "seats": 20, "cost": "", "quarter": 2}
    organiser.post(f"{address}/butir", data={**item, "seats": 200})
    organiser.post(f"{address}/langkah", data={"ke": "proposed", "version": plan.version})
    session.expire_all()
    assert plan.state == "draft", "beyond the budget"
    line = session.scalars(select(PlanItem)).one()
    organiser.post(f"{address}/butir/{line.id}", data={**item, "version": line.version})
    organiser.post(f"{address}/langkah", data={"ke": "proposed", "version": plan.version})
    session.expire_all()
    organiser.post(f"{address}/langkah", data={"ke": "adopted", "version": plan.version})
    session.expire_all()
    assert plan.state == "proposed", "who plans does not adopt"
    officer.post(f"{address}/langkah", data={"ke": "adopted", "version": plan.version - 1})
    session.expire_all()
    assert plan.state == "proposed", "a stale form changes nothing"
    officer.post(f"{address}/langkah", data={"ke": "adopted", "version": plan.version})
    organiser.post(f"{address}/butir", data={**item, "sessions": 9})
    session.expire_all()
    kept = session.scalars(select(PlanItem)).one()
    assert (plan.state, kept.sessions, kept.cost) == ("adopted", 2, 500_000)

    for _ in range(3):
        organiser.post(f"{address}/butir/{kept.id}/sesi")
    runs = session.scalars(select(Session)).all()
    assert [run.state for run in runs] == ["draft", "draft"]
    assert {(run.capacity, run.course_id) for run in runs} == {(20, course.id)}
    assert all(run.starts_on >= clock.today().replace(year=YEAR, month=4, day=1) for run in runs)
    assert "Pelatihan &lt;b&gt;Tajam" in officer.get(address).text
    assert officer.get(f"{address}/rencana.pdf").data.startswith(b"%PDF")
    path = tmp_path / "rencana.xlsx"
    path.write_bytes(officer.get(f"{address}/rencana.xlsx").data)
    head, row = list(read_table(path))[:2]
    assert dict(zip(head, row, strict=True))["Biaya"] == 2 * 20 * 500_000

    fresh = plan_of(organiser, session)
    assert (fresh.edition, fresh.state, len(fresh.items)) == (2, "draft", 1)
    assert client_as("opd_manager").get(address).status_code == 200
    assert client_as("employee").get(address).status_code == 403


def test_a_draft_is_filled_from_the_needs_within_money_and_hours(client_as, session, team, course):
    organiser = client_as("organiser")
    for _ in range(4):
        make_employee(session, position=team[1][0].position)
    session.commit()
    plan = plan_of(organiser, session, budget=3_000_000, hours=20)
    organiser.post(f"/rencana/{plan.id}/saran")
    session.expire_all()

    assert sum(row.sessions * row.seats * row.cost for row in plan.items) <= 3_000_000
    assert [(row.course_id, row.needed) for row in plan.items] == [(course.id, 7)]


def test_what_unlocks_seats_names_people_only_to_who_plans(client_as, session, team):
    assert client_as("executive").get("/kebutuhan/kursi?anggaran=x&jam=-4").status_code == 200
    assert client_as("organiser").get("/kebutuhan/kursi?cara=pelatihan").status_code == 200
    assert client_as("supervisor", employee=team[0]).get("/kebutuhan/kursi").status_code == 403
