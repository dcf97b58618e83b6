"""OPD: list, tree, rename, merge."""

from datetime import date

from sqlalchemy import select

from app.core.accounts.models import AccountGrant
from app.core.audit import AuditEvent
from matching.models import Placement, Seat
from matching.services.decisions import place
from skills.models import Employee, Opd, PositionRecord, Unit
from tests.factories.accounts import make_account
from tests.factories.offices import make_opd, make_unit
from tests.factories.people import make_employee
from tests.factories.seats import make_seat


def merge(client, source, target, **changes):
    """Send the form of a merger."""
    form = {"target_id": target.id, "on": "2026-11-01", "reason": "Perda 1/2026", **changes}
    return client.post(f"/opd/{source.id}/gabung", data=form)


def test_the_list_counts_people_in_service(client_as, session):
    opd = make_opd(session, "Dinas Hitung")
    make_employee(session, opd=opd)
    make_employee(session, opd=opd, employment_state="retired")
    page = client_as("officer").get("/opd?q=Dinas Hitung").text
    row = page[page.index("Dinas Hitung</a>") :]
    assert ">1<" in row[: row.index("</tr>")].replace(" ", "").replace("\n", "")


def test_the_tree_stands_below_its_parents(client_as, session):
    opd = make_opd(session)
    top = Unit(opd_id=opd.id, name="Zeta Induk")
    session.add(top)
    session.flush()
    session.add(Unit(opd_id=opd.id, name="Alfa Anak", parent_id=top.id))
    page = client_as("officer").get(f"/opd/{opd.id}").text
    assert page.index(">Zeta Induk<") < page.index(">Alfa Anak<")


def test_a_new_name_is_audited_and_a_taken_one_refused(client_as, session):
    opd, other = make_opd(session, "Dinas Lama"), make_opd(session, "Dinas Ada")
    officer = client_as("officer")
    form = {"name": "Dinas Baru", "short_name": "DB", "code": opd.code, "kind": "Dinas"}
    assert officer.post(f"/opd/{opd.id}/ubah", data=form).status_code == 303
    event = session.scalars(select(AuditEvent).filter_by(tag="skills:opd:change")).one()
    assert '"name":["Dinas Lama","Dinas Baru"]' in event.detail
    answer = officer.post(f"/opd/{opd.id}/ubah", data={**form, "name": other.name})
    assert answer.status_code == 422 and "sudah dipakai" in answer.text


def test_an_opd_with_people_cannot_end(client_as, session):
    opd = make_opd(session)
    make_employee(session, opd=opd)
    form = {"name": opd.name, "short_name": "X", "kind": "Dinas", "valid_until": "2020-01-01"}
    answer = client_as("officer").post(f"/opd/{opd.id}/ubah", data=form)
    assert answer.status_code == 422 and "Masih ada pegawai" in answer.text


def test_a_new_opd_and_unit(client_as, session):
    officer = client_as("officer")
    form = {"name": "Badan <b>Baru</b>", "short_name": "BB", "kind": "Badan"}
    answer = officer.post("/opd/baru", data=form)
    assert answer.status_code == 303
    page = officer.post(
        answer.location + "/unit", data={"name": "Bidang Satu"}, follow_redirects=True
    ).text
    assert "Bidang Satu" in page and "<b>Baru" not in page


def test_a_merger_moves_people_units_seats_and_roles(client_as, session):
    source, target = make_opd(session, "Dinas Asal"), make_opd(session, "Dinas Tujuan")
    unit = make_unit(session, source)
    person = make_employee(session, opd=source, unit=unit)
    manager = make_account(session, "opd_manager", opd_id=source.id)
    seat = make_seat(session, opd=source)
    place(session, seat=seat, employee_id=person.id, since=date(2026, 1, 1))
    officer = client_as("officer")
    form = {"target_id": target.id, "on": "2026-11-01", "reason": "Perda"}
    page = officer.get(f"/opd/{source.id}/gabung", query_string=form).text
    assert "1 pegawai pindah" in page and "1 peran akun" in page and "Kursi" in page
    assert merge(officer, source, target).status_code == 303
    assert session.get_one(Employee, person.id).opd_id == target.id
    assert session.get_one(Unit, unit.id).opd_id == target.id
    assert session.get_one(Seat, seat.id).opd_id == target.id
    grant = session.scalars(select(AccountGrant).filter_by(account_id=manager.id)).one()
    assert grant.opd_id == target.id
    assert session.get_one(Opd, source.id).merged_into_id == target.id


def test_seats_of_one_role_become_one_with_all_holders(client_as, session):
    source, target = make_opd(session), make_opd(session)
    seats = [make_seat(session, opd=opd) for opd in (source, target)]
    for opd, seat in zip((source, target), seats, strict=True):
        person = make_employee(session, opd=opd)
        place(session, seat=seat, employee_id=person.id, since=date(2026, 1, 1))
    merge(client_as("officer"), source, target)
    kept = session.get_one(Seat, seats[1].id)
    open_rows = session.scalars(select(Placement).filter_by(seat_id=kept.id, until=None)).all()
    assert len(open_rows) == kept.places == 2 and kept.state == "filled"
    assert session.get_one(Seat, seats[0].id).state == "closed"


def test_units_of_one_name_become_one(client_as, session):
    source, target = make_opd(session), make_opd(session)
    units = [Unit(opd_id=opd.id, name="Sekretariat") for opd in (source, target)]
    session.add_all(units)
    session.flush()
    person = make_employee(session, opd=source, unit=units[0])
    session.add(PositionRecord(employee_id=person.id, position_name="A", opd_name="B", source="x"))
    merge(client_as("officer"), source, target)
    assert session.get_one(Employee, person.id).unit_id == units[1].id
    names = session.scalars(select(PositionRecord.opd_name).filter_by(until=None)).all()
    assert names == [target.name]


def test_a_merger_into_itself_or_without_reason_is_refused(client_as, session):
    source, target = make_opd(session), make_opd(session)
    officer = client_as("officer")
    assert merge(officer, source, source).status_code == 422
    assert merge(officer, source, target, reason=" ").status_code == 422
    assert merge(officer, source, target).status_code == 303
    assert merge(officer, source, target).status_code == 422


def test_only_officers_manage_opd(client_as, session):
    opd = make_opd(session)
    for role in ("employee", "opd_manager", "auditor"):
        assert client_as(role, opd_id=opd.id).get("/opd").status_code == 403
