"""A supervisor sees the team by competencies, with gaps, and nobody else's."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import AuditEvent
from courses.models import TrainingProposal
from skills.enums import LevelSource
from skills.models import Employee, Position, Standard, StandardItem
from skills.rules import Requirement
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level


@pytest.fixture
def chief(session: Session) -> Employee:
    """Somebody with a team of one, and a stranger beside."""
    opd = make_opd(session)
    standard = Standard(code="UJI", name="Uji", kind="position", state="in_force", source="")
    standard.items = [StandardItem(competency_id=competency(session).id, level=3)]
    position = Position(name="Penguji", kind="PELAKSANA", standard_code="UJI")
    session.add_all([standard, position])
    session.flush()
    found = make_person(session, opd)
    make_person(session, opd, name="Anggota Tim", supervisor_id=found.id, position_id=position.id)
    make_person(session, opd, name="Orang Lain", position_id=position.id)
    return found


@pytest.fixture
def member(session: Session, chief: Employee) -> Employee:
    """The member of the team."""
    return session.query(Employee).filter_by(supervisor_id=chief.id).one()


@pytest.fixture
def client(client_as: Any, chief: Employee) -> Any:
    """A client of the chief."""
    return client_as("supervisor", employee=chief)


def test_the_team_is_shown_with_levels_against_the_standard(client, session, member):
    make_level(session, member, competency(session), 2)

    page = client.get("/tim").text

    assert "Anggota Tim" in page and "Orang Lain" not in page
    assert ">2/3<" in page and 'class="is-short"' in page


def test_an_unknown_level_and_a_claim_are_no_zero(client, session, member):
    assert ">?/3<" in client.get("/tim").text

    make_level(session, member, competency(session), 3, source=LevelSource.SELF)

    assert ">(3)/3<" in client.get("/tim").text


def test_the_file_holds_what_the_map_shows(client, session, member):
    make_level(session, member, competency(session), 3)

    sheet = load_workbook(io.BytesIO(client.get("/tim/unduh").data)).active

    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][6] == "Pemodelan Proses Bisnis"
    assert (rows[1][0], rows[1][1], rows[1][6]) == (member.nip, "Anggota Tim", "3/3")
    assert len(rows) == 2


def test_only_those_whose_levels_end_soon(client, session, member):
    assert "Anggota Tim" not in client.get("/tim?berakhir=1").text.split("<main")[1]

    soon = clock.today() + timedelta(days=30)
    make_level(session, member, competency(session), 3, valid_until=soon)

    assert "Anggota Tim" in client.get("/tim?berakhir=1").text


def test_the_team_list_shows_what_ends_soon(client, session, member):
    of, soon = competency(session), clock.today() + timedelta(days=20)
    make_level(session, member, of, 3)
    assert "is-met is-ending" not in client.get("/tim").text.split("<tbody>")[1]

    make_level(session, member, of, 4, valid_until=soon)

    page = client.get("/tim").text.split("<tbody>")[1]
    assert "is-met is-ending" in page and ", berakhir " in page


def test_an_opd_manager_sees_the_own_opd(client_as, session, chief):
    page = client_as("opd_manager", opd_id=chief.opd_id).get("/tim").text
    assert "Orang Lain" in page

    other = client_as("opd_manager", opd_id=make_opd(session).id)

    assert "Orang Lain" not in other.get(f"/tim?opd={chief.opd_id}").text


def test_an_employee_has_no_team_page(client_as, session, member):
    assert client_as(employee=member).get("/tim").status_code == 403


def test_reading_the_map_is_one_event_with_the_people(client, session, member):
    client.get("/tim")

    assert session.query(AuditEvent).filter_by(tag="skills:team:read").count() == 1


def test_many_people_take_no_more_statements(client, session, chief, member, query_counter):
    client.get("/tim")
    with query_counter() as few:
        client.get("/tim")
    for _number in range(20):
        make_person(session, chief.opd, supervisor_id=chief.id, position_id=member.position_id)
    session.commit()
    with query_counter() as many:
        client.get("/tim")

    assert many.count == few.count, many.statements


def test_the_standard_of_many_positions_equals_that_of_each(session):
    from skills.queries.standards import position_standard, standards_of_positions

    positions = session.query(Position).all()
    person = make_person(session, make_opd(session))
    batch = standards_of_positions(session, positions=positions, day=clock.today())

    for position in positions[:40]:
        person.position = position
        one = position_standard(session, employee=person, day=clock.today()).requirements
        assert batch[position.id] == one
        assert all(isinstance(item, Requirement) for item in one)


def test_training_is_proposed_from_a_cell_marked_there_and_taken_back(
    client, client_as, session, chief, member
):
    of = competency(session)
    other = make_person(
        session, chief.opd, name="Rekan Tim", supervisor_id=chief.id, position_id=member.position_id
    )
    address = f"/tim/{member.id}/kompetensi/{of.id}"
    assert f'href="{address}"' in client.get("/tim").text
    page = client.get(address).text
    assert "Usulkan pelatihan" in page and "Rekan Tim" in page
    values = {"course_id": 0, "priority": 1, "reason": "Audit <b> bulan depan", "orang": other.id}

    assert client.post(address, data={**values, "reason": ""}).status_code == 422
    assert client.post(address, data=values).status_code == 303
    assert "Sudah diusulkan sebelumnya" in client.post(address, data=values).text

    proposal = session.query(TrainingProposal).one()
    assert {row.employee_id for row in proposal.people} == {member.id, other.id}
    assert (proposal.priority, proposal.state) == (1, "submitted")
    assert client.get("/tim").text.count("is-unknown is-proposed") == 2
    assert "Audit &lt;b&gt; bulan depan" in client.get(address).text
    assert client_as("officer").post(f"/tim/usulan/{proposal.id}/batal").status_code == 404
    proposal.state = "taken"
    assert client.post(f"/tim/usulan/{proposal.id}/batal").status_code == 409
    proposal.state = "submitted"
    assert client.post(f"/tim/usulan/{proposal.id}/batal").status_code == 303
    assert "is-unknown is-proposed" not in client.get("/tim").text
    assert session.query(TrainingProposal).count() == 0


def test_nobody_outside_the_team_is_proposed(client, client_as, session, member):
    of, stranger = competency(session), session.query(Employee).filter_by(name="Orang Lain").one()
    values = {"course_id": 0, "priority": 2, "reason": "Perlu tahun ini"}

    assert client.get(f"/tim/{stranger.id}/kompetensi/{of.id}").status_code == 404
    data = {**values, "orang": stranger.id}
    assert client.post(f"/tim/{member.id}/kompetensi/{of.id}", data=data).status_code == 404
    own = client_as(employee=stranger)
    assert own.get(f"/tim/{stranger.id}/kompetensi/{of.id}").status_code == 403
    assert session.query(TrainingProposal).count() == 0
