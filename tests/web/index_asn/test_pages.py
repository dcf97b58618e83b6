"""The pages of the professionalism index: own, of a person, of OPD, files, reach and trail."""

import io
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from app.core import clock
from app.core.audit import AuditEvent, AuditPerson
from skills.models import DisciplineRecord, SkpRecord, TrainingRecord
from skills.services.ip_asn import index_for, indices
from tests.factories.offices import make_opd
from tests.factories.people import make_employee, make_position


@pytest.fixture
def opd(session):
    return make_opd(session)


@pytest.fixture
def person(session, opd):
    position = make_position(session, kind="PELAKSANA")
    found = make_employee(session, opd=opd, position=position)
    year = clock.today().year - 1
    session.add(SkpRecord(employee_id=found.id, year=year, predicate="BAIK", source="local"))
    session.flush()
    return found


def train(session, person, form, *, jp=20, days=30, state="verified"):
    day = clock.today() - timedelta(days=days)
    session.add(
        TrainingRecord(
            employee_id=person.id,
            title="Uji",
            form_code=form,
            jp=jp,
            started_on=day,
            ended_on=day,
            state=state,
            source="self",
        )
    )
    session.flush()


def total(session, person):
    return index_for(session, employee_id=person.id, day=clock.today()).total


def test_the_index_counts_education_performance_and_discipline(session, person):
    assert total(session, person) == 15 + 25 + 5


def test_only_verified_training_of_the_last_year_counts_as_technical(session, person):
    train(session, person, "KL03", state="claimed")
    train(session, person, "KL03", days=500)
    assert total(session, person) == 45
    train(session, person, "KL03", jp=12)
    train(session, person, "KL10", jp=8)
    assert total(session, person) == 67.5


def test_the_heaviest_penalty_counts_and_one_in_progress_does_not(session, person):
    for severity in ("light", "in_progress", "heavy"):
        session.add(DisciplineRecord(employee_id=person.id, severity=severity, since=clock.today()))
    session.flush()
    assert total(session, person) == 41


def test_the_number_of_statements_does_not_grow_with_people(session, opd, query_counter):
    make_employee(session, opd=opd)
    with query_counter() as few:
        indices(session, day=clock.today())
    for _number in range(12):
        make_employee(session, opd=opd)
    with query_counter() as many:
        indices(session, day=clock.today())
    assert many.count == few.count <= 9


def test_a_civil_servant_sees_the_own_index_with_what_would_raise_it(client_as, person):
    page = client_as("employee", employee=person).get("/ip-asn").text
    assert "Yang akan menaikkan nilai" in page and "22,5" in page
    assert "Menurut perangkat daerah" not in page


def test_an_officer_sees_every_opd_and_a_file_of_them(client_as, person, opd):
    officer = client_as("officer")
    assert opd.name in officer.get("/ip-asn?urut=-kinerja").text
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get("/ip-asn/unduh.xlsx").data)).active
    assert [opd.name, 1, 15, 0, 25, 5, 45, 0] in [list(row) for row in sheet.values]


def test_reading_people_of_an_opd_is_recorded(client_as, session, person, opd):
    page = client_as("officer").get(f"/ip-asn/opd/{opd.id}").text
    assert person.name in page
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "skills:ip_asn:list")).one()
    shown = select(AuditPerson.employee_id).where(AuditPerson.event_id == event.id)
    assert session.scalars(shown).all() == [person.id]


def test_a_manager_reaches_the_own_opd_only(client_as, session, person, opd):
    stranger = make_employee(session)
    manager = client_as("opd_manager", opd_id=opd.id)
    assert manager.get(f"/ip-asn/pegawai/{person.id}").status_code == 200
    assert manager.get(f"/ip-asn/pegawai/{stranger.id}").status_code == 404
    assert manager.get(f"/ip-asn/opd/{stranger.opd_id}").status_code == 404
    assert manager.get(f"/ip-asn/opd/{opd.id}/unduh.xlsx").status_code == 200


def test_a_civil_servant_does_not_see_others(client_as, session, person):
    stranger = make_employee(session)
    me = client_as("employee", employee=person)
    assert me.get(f"/ip-asn/pegawai/{stranger.id}").status_code == 404
    assert me.get("/ip-asn/unduh.xlsx").status_code == 403


def test_the_list_of_an_opd_narrows_by_name_and_band(client_as, session, person, opd):
    other = make_employee(session, opd=opd, name="Sungai Landak")
    officer, url = client_as("officer"), f"/ip-asn/opd/{opd.id}"
    assert other.name in officer.get(url).text
    page = officer.get(f"{url}?q=landak").text
    assert other.name in page and person.name not in page
    assert person.name not in officer.get(f"{url}?kategori=5").text
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get(f"{url}/unduh.xlsx?q=landak").data))
    assert [row[0] for row in sheet.active.values][1:] == [other.name]
