"""The pages of needs, plans and hours in a real browser: accessible and within the width."""

from datetime import timedelta

import pytest

from app.core import clock
from courses.models import JpClaim, PlanItem, ProposalPerson, TrainingProposal, YearPlan
from skills.models import Standard, StandardItem, TrainingRecord
from tests.factories.accounts import make_account, open_browser_session
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.people import competency, make_employee, make_position
from tests.support.browser import accessibility_findings, sign_in_by_cookie

DAY = clock.today() - timedelta(days=9)
LONG = "Pelatihan Penyelenggaraan Layanan Administrasi Pemerintahan Berbasis Elektronik Terpadu"


def record_of(session, person, **fields):
    row = TrainingRecord(
        employee_id=person.id,
        title=LONG,
        organiser="Badan Pengembangan Sumber Daya Manusia",
        form_code="KL10",
        started_on=DAY,
        ended_on=DAY,
        jp=8,
        source="self",
        **fields,
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture(scope="module")
def known(live_server):
    with live_server.session() as session:
        officer = make_account(session, "officer")
        need = competency(session)
        position = make_position(session, standard_code="UJI-STD", class_code="UJI")
        item = StandardItem(competency_id=need.id, level=4, weight=1.0)
        session.add(
            Standard(code="UJI-STD", name="Uji", kind="position", state="in_force", items=[item])
        )
        people = [make_employee(session, position=position) for _ in range(6)]
        course = make_course(session, title=LONG, cost=1_234_567)
        plan = YearPlan(
            year=clock.today().year + 1,
            budget=900_000_000,
            hours=700,
            created_at=clock.now(),
            items=[
                PlanItem(
                    course_id=course.id,
                    sessions=4,
                    seats=30,
                    jp=20,
                    cost=1_234_567,
                    needed=84,
                    levels=155,
                    short_people=58,
                    duty_hours=1160,
                    above_people=21,
                )
            ],
        )
        proposal = TrainingProposal(
            opd_id=people[0].opd_id,
            competency_id=need.id,
            reason="Layanan berpindah",
            created_at=clock.now(),
            created_by_label="Kepala Bidang",
            people=[ProposalPerson(employee_id=people[0].id)],
        )
        claimed = record_of(session, people[1])
        claim = JpClaim(
            record_id=claimed.id,
            employee_id=people[1].id,
            jp_claimed=8,
            submitted_at=clock.now(),
        )
        session.add_all([plan, proposal, claim])
        session.flush()
        run = make_session(session, course, state="running", starts=-1, days=2)
        make_enrolment(session, run)
        return {
            "token": open_browser_session(session, officer),
            "need": need.id,
            "plan": plan.id,
            "course": course.id,
            "person": people[1].id,
            "record": record_of(session, people[2]).id,
            "run": run.id,
        }


@pytest.mark.parametrize("size", [(360, 1600), (1280, 800)], ids=["phone", "desktop"])
def test_the_pages_of_planning_are_accessible_and_fit(live_server, new_page, known, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    sign_in_by_cookie(page, live_server, known["token"])
    if size[0] == 360:  # English is the longer language
        page.goto(live_server.url + "/kebutuhan")
        page.locator('form[action*="bahasa"] button').first.click()
        page.wait_for_load_state()
        assert page.evaluate("document.documentElement.lang") == "en"
    course = f"/pelatihan/kursus/{known['course']}"
    for path in (
        "/kebutuhan",
        f"/kebutuhan/{known['need']}",
        "/kebutuhan/kursi",
        "/usulan",
        f"/rencana/{known['plan']}",
        "/jp",
        f"/jp/pegawai/{known['person']}",
        "/jp/klaim",
        "/jp/riwayat",
        f"/jp/riwayat/{known['record']}",
        course,
        f"{course}?bagian=bahan",
        "/pelatihan/sesi",
        f"/pelatihan/sesi/{known['run']}/kehadiran",
    ):
        page.goto(live_server.url + path)
        assert accessibility_findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if path == "/pelatihan/sesi":
            inside = "e => e.scrollWidth <= e.clientWidth"
            assert page.locator(".ek-table-wrap").first.evaluate(inside), "no scrolling inside"
