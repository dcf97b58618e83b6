"""Paths to a level: shown before they count, given by themselves, taken back, and explained."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from courses.models import Course
from skills.enums import LevelSource
from skills.models import Employee, LevelInForce, LevelPath, TrainingRecord
from skills.services.levels import recompute_levels
from skills.services.shelf_life import run_daily
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level


@pytest.fixture
def person(session: Session) -> Employee:
    """Somebody who passed a course and was assessed, each until a day of its own."""
    found = make_person(session, make_opd(session), name="Rani Uji")
    make_level(session, found, competency(session), 3, source=LevelSource.ASSESSMENT)
    return found


def course_of(session: Session) -> Course:
    return session.scalars(select(Course).filter_by(state="in_force").order_by(Course.code)).first()


def passed(session: Session, person: Employee, until: date | None = None) -> TrainingRecord:
    row = TrainingRecord(
        employee_id=person.id,
        title="Pelatihan",
        course_code=course_of(session).code,
        ended_on=clock.today(),
        valid_until=until,
        state="verified",
        source="platform",
        reference=f"certificate:{person.id}",
    )
    session.add(row)
    session.flush()
    return row


def path_form(session: Session, **changes: Any) -> dict[str, Any]:
    """A course AND (an assessment OR a level elsewhere)."""
    other = competency(session, "AP-02").id
    return {
        "nama": "Lewat pelatihan dan asesmen",
        "level": 4,
        "jenis-1": "course", "kelompok-1": 1, "pelatihan-1": course_of(session).code,
        "jenis-2": "assessment", "kelompok-2": 2, "level-2": 3,
        "jenis-3": "level", "kelompok-3": 2, "kompetensi-3": other, "level-3": 5,
        **changes,
    }  # fmt: skip


def level(session: Session, person: Employee) -> int | None:
    session.expire_all()
    found = session.get(LevelInForce, (person.id, competency(session).id))
    return found.verified_level if found else None


def test_a_path_shows_whom_it_raises_then_gives_the_level_and_says_why(client_as, session, person):
    client, of = client_as("officer"), competency(session)
    passed(session, person)
    url = f"/kamus/{of.id}/jalur"

    page = client.post(url, data={**path_form(session), "aksi": "lihat"}).text
    assert "1 orang sudah memenuhinya" in page and "level 1 orang naik" in page
    assert session.scalar(select(LevelPath)) is None and level(session, person) == 3

    assert client.post(url, data={**path_form(session), "aksi": "terapkan"}).status_code == 303
    assert level(session, person) == 4
    shown = client.get(f"/kamus/{of.id}").text
    assert "Lulus pelatihan" in shown and "1 orang memperoleh levelnya" in shown
    story = client.get(f"/profil/{person.id}/kompetensi/{of.id}").text
    assert "Terpenuhi: level 4" in story and "jalur yang terpenuhi" in story

    path = session.scalars(select(LevelPath)).one()
    client.post(f"{url}/{path.id}/nonaktifkan")
    assert level(session, person) == 3


def test_a_path_gives_nothing_until_every_step_is_fulfilled(client_as, session, person):
    of = competency(session)
    client_as("officer").post(
        f"/kamus/{of.id}/jalur", data={**path_form(session), "aksi": "terapkan"}
    )
    assert level(session, person) == 3
    own = client_as(employee=person).get(f"/profil/{person.id}/kompetensi/{of.id}").text
    assert "1 dari 2 langkah terpenuhi" in own

    row = passed(session, person)
    recompute_levels(session, employee_ids=[person.id])
    assert level(session, person) == 4
    row.state = "revoked"
    session.flush()
    recompute_levels(session, employee_ids=[person.id])
    assert level(session, person) == 3


def test_a_level_by_a_path_falls_back_by_itself_on_its_day(client_as, session, person):
    last = clock.today() + timedelta(days=20)
    passed(session, person, until=last)
    of = competency(session)
    client_as("officer").post(
        f"/kamus/{of.id}/jalur", data={**path_form(session), "aksi": "terapkan"}
    )
    assert session.get_one(LevelInForce, (person.id, of.id)).valid_until == last

    run_daily(session, day=last)
    assert level(session, person) == 4
    run_daily(session, day=last + timedelta(days=1))
    assert level(session, person) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nama": ""}, "Beri jalur ini nama"),
        ({"level": 6}, "antara 1 dan 5"),
        ({"pelatihan-1": ""}, "Pilih pelatihannya"),
        ({"kompetensi-3": ""}, "Pilih kompetensi lain"),
        ({"jenis-1": "", "jenis-2": "", "jenis-3": ""}, "paling sedikit satu langkah"),
    ],
)
def test_a_wrong_path_is_told_at_its_field(client_as, session, change, said):
    of = competency(session)
    answer = client_as("officer").post(f"/kamus/{of.id}/jalur", data=path_form(session, **change))

    assert answer.status_code == 422 and said in answer.text


def test_a_policy_by_the_strongest_source_is_printed_with_its_order(client_as, session, person):
    client, of = client_as("officer"), competency(session)
    make_level(session, person, of, 5, source=LevelSource.ASSESSOR)
    data = {"mode": "priority", "source_1": "assessment", "source_2": "assessor"}
    url = f"/kamus/{of.id}/aturan"

    assert client.post(url, data={"mode": "priority"}).status_code == 422
    twice = client.post(url, data={**data, "source_2": "assessment"})
    assert twice.status_code == 422 and "sekali" in twice.text
    assert "Rani Uji: 5 → 3" in client.post(url, data={**data, "aksi": "lihat"}).text
    assert client.post(url, data={**data, "aksi": "terapkan"}).status_code == 303
    assert level(session, person) == 3
    story = client.get(f"/profil/{person.id}/kompetensi/{of.id}").text
    assert "hasil asesmen, penilaian asesor" in story
    assert "sumber terkuat: hasil asesmen" in client.get(f"/profil/{person.id}").text


def test_pages_say_so_while_levels_are_being_recomputed(client_as, session, person):
    from app.core.jobs.models import Job

    client, of = client_as("officer"), competency(session)
    assert "sedang dihitung ulang" not in client.get(f"/profil/{person.id}").text
    session.add(
        Job(kind="skills.recompute", title={"text": "uji"}, state="queued", created_at=clock.now())
    )
    for url in (f"/profil/{person.id}", f"/kamus/{of.id}", "/kamus"):
        assert "sedang dihitung ulang" in client.get(url).text, url
