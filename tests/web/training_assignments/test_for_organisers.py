"""What makes grading many bearable: the workbook, a rubric taken along, one word a day."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.audit import AuditEvent
from app.core.db import transaction
from app.core.jobs.daily import start_due
from app.core.jobs.models import Job
from app.core.notifications.models import Notification
from courses.assignments.rules import Cell, Criterion, Rubric
from courses.models import Assignment, AssignmentRubric, Submission
from courses.services.hand_in_digest import DIGEST, tell_organisers
from tests.factories.assignments import RUBRIC, make_assignment
from tests.factories.courses import make_course, make_enrolment, make_session
from tests.factories.people import make_employee

FORMULA = '=HYPERLINK("https://contoh.test","x")'


@pytest.fixture
def run(session):
    return make_session(session, state="running", starts=0)


def hand_in(session, task, person=None, *, at=None, **fields):
    row = make_enrolment(session, task.session, person or make_employee(session))
    work = Submission(
        assignment_id=task.id,
        enrolment_id=row.id,
        number=1,
        text="Isi",
        submitted_at=at or clock.now(),
        **fields,
    )
    session.add(work)
    session.commit()
    return work


def sheet(answer):
    rows = load_workbook(io.BytesIO(answer.data)).active.iter_rows()
    head, *found = list(rows)
    names = [cell.value for cell in head]
    return names, [dict(zip(names, row, strict=True)) for row in found]


def test_the_workbook_has_everybody_with_the_points_of_each_criterion(
    session, client_as, run, query_counter
):
    task = make_assignment(session, run)
    first = session.scalars(select(AssignmentRubric)).one()
    evil = make_employee(session, name=FORMULA)
    work = hand_in(session, task, evil, state="final", chosen=[2, 1], comment="@SUM(1)", score=88.9)
    work.rubric_id = first.id
    newer = Rubric(
        RUBRIC.levels, (RUBRIC.criteria[0], Criterion("=1+1", (Cell(0),) * 2 + (Cell(9),)))
    )
    session.add(
        AssignmentRubric(assignment_id=task.id, number=2, body=newer.body(), created_at=clock.now())
    )
    make_enrolment(session, run, make_employee(session, name="Belum"))
    browser, address = client_as("organiser"), f"/pelatihan/tugas/{task.id}/peserta.xlsx"

    assert f'href="{address}"' in browser.get(address.removesuffix(".xlsx")).text
    names, rows = sheet(browser.get(address))
    assert names[6:9] == ["Isi", "=1+1", "Bahasa"]  # the newest edition, then what it left out
    assert all(cell.data_type != "f" for row in rows for cell in row.values())
    values = {row["Nama"].value: {k: v.value for k, v in row.items()} for row in rows}
    graded = values[evil.display_name]
    assert (graded["Isi"], graded["Bahasa"], graded["=1+1"]) == (40, 5, None)
    assert (graded["Nilai"], graded["Edisi rubrik"], graded["Status"]) == (
        88.9,
        1,
        "Selesai dinilai",
    )
    assert values["Belum"]["Status"] == "Belum dikumpulkan"
    assert [r["Nama"].value for r in sheet(browser.get(f"{address}?status=todo"))[1]] == ["Belum"]
    event = session.scalars(select(AuditEvent).filter_by(tag="courses:submission:export")).first()
    assert event is not None
    with query_counter() as few:
        browser.get(address)
    for _person in range(4):
        hand_in(session, task)
    with query_counter() as many:
        browser.get(address)
    assert many.count == few.count
    assert client_as(employee=evil).get(address).status_code == 403


def test_a_rubric_is_taken_from_another_assignment_of_the_course_and_nothing_is_saved(
    session, client_as, run
):
    earlier = make_assignment(session, run, title="D'Angelo & <b>")
    later = make_session(session, run.course, state="open")
    foreign = make_assignment(session, make_session(session, make_course(session)), title="Asing")
    session.commit()
    browser, new = client_as("organiser"), f"/pelatihan/sesi/{later.id}/tugas/baru"
    page = browser.get(new).text
    assert "D&#39;Angelo &amp; &lt;b&gt;" in page and "Asing" not in page

    form = {"langkah": "ambil", "rubrik_dari": str(earlier.id), "title": "Baru", "weight": "7"}
    taken = browser.post(new, data=form)
    assert taken.status_code == 200
    assert 'value="Baru"' in taken.text and 'value="7"' in taken.text  # what was typed stays
    assert "tidak menjawab" in taken.text and 'value="Bahasa"' in taken.text
    assert "Wajib diisi" not in taken.text
    assert "tidak menjawab" not in browser.post(new, data={**form, "rubrik_dari": foreign.id}).text
    assert session.query(Assignment).filter_by(session_id=later.id).count() == 0


def digest(session, day):
    session.commit()
    with transaction(SYSTEM) as own:
        count = tell_organisers(own, day=day)
    session.expire_all()
    return count


def test_an_organiser_hears_once_a_day_of_all_hand_ins_and_only_of_new_ones(
    session, client_as, run
):
    owner = client_as("organiser").account
    other = client_as("organiser").account
    run.created_by_id = owner.id
    unowned = make_session(session, state="running", starts=0)
    first, second = make_assignment(session, run), make_assignment(session, unowned)
    today = clock.today()
    assert digest(session, today) == 0

    for task in (first, first, second):
        hand_in(session, task)
    hand_in(session, first, state="final", score=80.0)
    assert digest(session, today) == 2 and digest(session, today) == 0
    notices = session.scalars(select(Notification).order_by(Notification.account_id)).all()
    texts = {row.account_id: str(row.message) for row in notices}
    urls = {row.account_id: row.url for row in notices}
    assert '"all": 3' in texts[owner.id].replace("'", '"')
    assert urls == {
        owner.id: "/pelatihan/sesi",
        other.id: f"/pelatihan/tugas/{second.id}/peserta?status=submitted",
    }
    assert digest(session, today + timedelta(days=1)) == 0  # nothing new came

    hand_in(session, first, at=clock.now() + timedelta(hours=1))
    assert digest(session, today + timedelta(days=1)) == 1
    assert session.query(Notification).count() == 3
    run.state = "completed"
    hand_in(session, first, at=clock.now() + timedelta(hours=2))
    assert digest(session, today + timedelta(days=2)) == 0  # nothing can be graded any more


def test_the_digest_is_started_every_day(app, session):
    with transaction(SYSTEM) as own:
        assert DIGEST in start_due(own, clock.today())
    job = session.scalars(select(Job).where(Job.kind == DIGEST)).one()
    assert job.state == "done"
