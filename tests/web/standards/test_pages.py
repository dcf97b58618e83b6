"""Standards: versions that are prepared, compared, put into force, and never edited in use."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from matching.models import Role
from skills.models import Employee, Position, Standard
from skills.queries.standards import position_standard
from tests.factories.offices import make_opd, make_person
from tests.factories.profiles import competency, make_level

CODE = "TEK-PRAKOM-TERAMPIL"


def standard(session: Session, code: str = CODE) -> Standard:
    found = session.scalars(
        select(Standard).filter_by(code=code).order_by(Standard.version.desc())
    ).first()
    assert found is not None
    return found


def form(row: Standard, **changes: Any) -> dict[str, Any]:
    """Return the form of a version as a browser would send it back."""
    values: dict[str, Any] = {"revision": row.revision, "name": row.name, "reason": "Uji"}
    for number, item in enumerate(row.items, start=1):
        values[f"kompetensi-{number}"] = item.competency_id
        values[f"level-{number}"] = item.level
        values[f"bobot-{number}"] = item.weight
        if item.mandatory:
            values[f"wajib-{number}"] = "1"
    return {**values, "baris": len(row.items) + 5, **changes}


@pytest.fixture
def holder(session: Session) -> Employee:
    """Somebody in a position that is bound to the standard, who meets nothing yet."""
    position = session.scalars(select(Position).filter_by(standard_code=CODE)).first()
    person = make_person(session, make_opd(session), name="D'Angelo & <b>")
    person.position = position
    session.flush()
    return person


def test_a_new_version_applies_by_itself_to_everyone_who_holds_the_position(
    client_as: Any, session: Session, holder: Employee
) -> None:
    client, old = client_as("officer"), standard(session)
    for item in old.items:
        make_level(session, holder, item.competency, item.level)

    edit = client.post(f"/standar/{old.id}/versi")
    assert edit.status_code == 303
    again = client.post(f"/standar/{old.id}/versi")
    assert again.location == edit.location, "a double click prepares one version"
    new = standard(session)
    assert (new.version, new.state) == (2, "prepared")
    assert position_standard(session, employee=holder, day=clock.today()).names[-1] == old.name

    first = new.items[0].competency_id
    assert first == old.items[0].competency_id
    before = old.items[0].level
    answer = client.post(edit.location, data=form(new, **{"level-1": 5, "kompetensi-6": ""}))
    assert answer.status_code == 303
    page = client.get(f"/standar/{new.id}").text
    assert "Menjadi kurang" in page and "Naik" in page

    done = client.post(f"/standar/{new.id}/berlakukan", data={"ditetapkan": "1"})
    assert done.status_code == 303
    asked = position_standard(session, employee=holder, day=clock.today()).requirements
    assert {item.competency_id: item.level for item in asked}[first] == 5
    yesterday = position_standard(
        session, employee=holder, day=clock.today() - timedelta(days=1)
    ).requirements
    assert {i.competency_id: i.level for i in yesterday}[first] == before
    assert "Ini versi lama" in client.get(f"/standar/{old.id}").text


def test_a_version_in_use_is_never_edited(client_as: Any, session: Session) -> None:
    client, row = client_as("officer"), standard(session)
    level = row.items[0].level

    assert client.get(f"/standar/{row.id}/ubah").status_code == 302
    answer = client.post(f"/standar/{row.id}/ubah", data=form(row, **{"level-1": 5}))
    assert answer.status_code == 409 and standard(session).items[0].level == level


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"level-1": "6"}, "antara 1 dan 5"),
        ({"level-1": "0"}, "antara 1 dan 5"),
        ({"bobot-1": "-1"}, "lebih dari 0"),
        ({"bobot-1": "banyak"}, "Isi dengan angka"),
        ({"kompetensi-6": "first", "level-6": "2", "bobot-6": "1"}, "disebut dua kali"),
    ],
)
def test_a_wrong_requirement_is_told_at_its_row(client_as, session, change, said):
    client = client_as("officer")
    client.post(f"/standar/{standard(session).id}/versi")
    new = standard(session)
    change = {key: new.items[0].competency_id if v == "first" else v for key, v in change.items()}

    answer = client.post(f"/standar/{new.id}/ubah", data=form(new, **change))

    assert answer.status_code == 422 and said in answer.text
    assert standard(session).revision == 1


def test_a_stale_form_of_a_version_is_refused(client_as, session):
    client = client_as("officer")
    client.post(f"/standar/{standard(session).id}/versi")
    new = standard(session)
    sent = form(new)

    assert client.post(f"/standar/{new.id}/ubah", data=sent).status_code == 303
    assert client.post(f"/standar/{new.id}/ubah", data=sent).status_code == 409


def test_a_role_follows_the_new_version_of_its_standard(client_as, session):
    client, role = client_as("officer"), session.scalars(select(Role)).first()
    old = role.standard
    client.post(f"/standar/{old.id}/versi")
    new = standard(session, old.code)
    client.post(f"/standar/{new.id}/ubah", data=form(new, **{"level-1": 5}))

    later = (clock.today() + timedelta(days=9)).isoformat()
    refused = client.post(f"/standar/{new.id}/berlakukan", data={"valid_from": later})
    assert refused.status_code == 422 and role.standard_id == old.id

    assert client.post(f"/standar/{new.id}/berlakukan").status_code == 303
    session.refresh(role)
    assert role.standard_id == new.id


def test_a_new_standard_is_bound_to_a_position_and_retired_only_when_released(
    client_as, session, holder
):
    client = client_as("officer")
    data = {"name": "Jabatan uji", "code": "UJI-1", "kind": "position"}
    assert client.post("/standar/baru", data={**data, "code": "UJI 1"}).status_code == 422
    assert client.post("/standar/baru", data=data).status_code == 303
    row = standard(session, "UJI-1")
    of = competency(session)
    lines = {"kompetensi-1": of.id, "level-1": 3, "bobot-1": "2,5", "baris": 1}
    client.post(f"/standar/{row.id}/ubah", data={**form(row), **lines})
    assert client.post(f"/standar/{row.id}/berlakukan").status_code == 303

    client.post(f"/standar/{row.id}/jabatan", data={"jabatan": holder.position_id})
    asked = position_standard(session, employee=holder, day=clock.today())
    assert (of.id, 3, 2.5) in {(i.competency_id, i.level, i.weight) for i in asked.requirements}

    refused = client.post(f"/standar/{row.id}/nonaktifkan")
    assert refused.status_code == 409 and "Masih dipasang pada 1 jabatan" in refused.text
    client.post(f"/standar/{row.id}/jabatan", data={"lepas": holder.position_id})
    assert client.post(f"/standar/{row.id}/nonaktifkan").status_code == 303
    assert standard(session, "UJI-1").state == "retired"


def test_others_read_but_do_not_change_and_do_not_see_what_is_prepared(client_as, session):
    row = standard(session)
    officer = client_as("officer")
    officer.post(f"/standar/{row.id}/versi")
    new = standard(session)
    client = client_as(employee=make_person(session, make_opd(session)))

    assert "Kelola" not in client.get(f"/standar/{row.id}").text
    assert client.get(f"/standar/{new.id}").status_code == 404
    assert client.post(f"/standar/{row.id}/versi").status_code == 403


def test_the_list_asks_no_more_of_the_database_when_it_is_longer(client_as, session, query_counter):
    client = client_as("officer")
    with query_counter() as few:
        assert client.get("/standar?jenis=role").status_code == 200
    with query_counter() as many:
        page = client.get("/standar?per=100").text
    assert CODE in page and many.count <= few.count
