"""Changes of one employee by hand: facts and the supervisor; moves are in `departures`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.errors import Conflict, InvalidInput, NotAllowed
from app.core.i18n import N_, Message
from skills.enums import EmploymentState
from skills.models import Employee, Position, Unit
from skills.services.departures import close_position, open_position
from skills.services.touch import touch_people
from skills.siasn import cells, terms
from skills.siasn.problems import CellError

IN_SERVICE = (
    EmploymentState.ACTIVE,
    EmploymentState.STUDY_LEAVE,
    EmploymentState.UNPAID_LEAVE,
    EmploymentState.SUSPENDED,
)
EDITABLE = (
    "name",
    "title_front",
    "title_back",
    "birth_date",
    "sex",
    "official_email",
    "employment_kind",
    "employment_state",
    "golongan",
    "golongan_since",
    "unit_id",
    "position_id",
    "position_since",
    "eselon",
    "education_level",
    "education_field",
    "graduation_year",
    "school",
    "service_start",
    "retirement_date",
)
_CHECKS: Mapping[str, cells.Parser] = {
    "name": cells.parse_name,
    "golongan": terms.parse_golongan,
    "eselon": terms.parse_eselon,
    "education_level": terms.parse_education_level,
    "official_email": cells.parse_email,
}


class StaleEdit(Conflict):
    """Somebody else saved the same person meanwhile; `current` is what is stored now."""

    def __init__(self, current: Employee) -> None:
        super().__init__(
            N_("Data ini baru saja diubah orang lain. Bandingkan kedua versi, lalu simpan lagi.")
        )
        self.current = current


def update_employee(
    session: Session,
    *,
    employee: Employee,
    values: Mapping[str, Any],
    expected_version: int,
    actor: Actor,
) -> bool:
    """Change facts of an employee; return whether anything changed.

    Args:
        values: of `EDITABLE`; names that are absent stay.

    Raises:
        StaleEdit: the person was saved since the form was opened.
        InvalidInput: a value that the rules refuse, at its field.
        NotAllowed: for one's own record.
    """
    if actor.employee_id is not None and actor.employee_id == employee.id:
        raise NotAllowed(N_("Data kepegawaian sendiri tidak dapat diubah. Minta petugas lain."))
    if employee.version != expected_version:
        raise StaleEdit(employee)
    clean = {name: _checked(name, values[name]) for name in EDITABLE if name in values}
    _check_together(session, employee, clean)
    moved = clean.get("position_id", employee.position_id) != employee.position_id
    if moved:
        start = clean.get("position_since") or clock.today()
        close_position(session, employee, start)
        clean["position_since"] = start
    for name, value in clean.items():
        if getattr(employee, name) != value:
            setattr(employee, name, value)
    changes = changed_fields(employee, *EDITABLE)
    if not changes:
        return False
    employee.updated_at = clock.now()
    session.flush()
    if moved:
        session.refresh(employee, ["position"])
        employee.position_kind = employee.position.kind if employee.position else None
        open_position(session, employee, employee.position_since)
        session.flush()
    touch_people(session, employee_ids=[employee.id])
    record(session, "skills:employee:edit", employee, changes=changes, people=[employee.id])
    return True


def _checked(name: str, value: Any) -> Any:
    if isinstance(value, str):
        value = " ".join(value.split()) or None
    if name == "name" and value is None:
        raise InvalidInput(N_("Nama kosong."), field="name")
    check = _CHECKS.get(name)
    if check is None or value is None:
        return value
    try:
        return check(value)
    except CellError as error:
        raise InvalidInput(error.message, field=name) from error


def _check_together(session: Session, employee: Employee, values: Mapping[str, Any]) -> None:
    state = values.get("employment_state", employee.employment_state)
    if state != employee.employment_state and state not in IN_SERVICE:
        raise InvalidInput(
            N_("Pensiun, pindah, dan berhenti dicatat lewat tombol Perubahan status."),
            field="employment_state",
        )
    unit = session.get(Unit, values["unit_id"]) if values.get("unit_id") else None
    if values.get("unit_id") and (unit is None or unit.opd_id != employee.opd_id):
        raise InvalidInput(N_("Unit kerja ini bukan bagian dari OPD pegawai."), field="unit_id")
    if values.get("position_id") and session.get(Position, values["position_id"]) is None:
        raise InvalidInput(N_("Jabatan ini tidak ada."), field="position_id")
    birth, start = _day(values, employee, "birth_date"), _day(values, employee, "service_start")
    if birth is not None and birth >= clock.today():
        raise InvalidInput(N_("Tanggal lahir belum tiba."), field="birth_date")
    if birth is not None and start is not None and start <= birth:
        raise InvalidInput(
            N_("Tanggal mulai bekerja sebelum tanggal lahir."), field="service_start"
        )
    end = _day(values, employee, "retirement_date")
    if end is not None and start is not None and end <= start:
        raise InvalidInput(
            N_("Tanggal pensiun sebelum tanggal mulai bekerja."), field="retirement_date"
        )


def _day(values: Mapping[str, Any], employee: Employee, name: str) -> date | None:
    found: date | None = values.get(name, getattr(employee, name))
    return found


def change_supervisor(
    session: Session,
    *,
    employee: Employee,
    supervisor: Employee | None,
    expected_version: int,
    actor: Actor,
) -> None:
    """Give an employee another supervisor, or none.

    Raises:
        StaleEdit: the person was saved since the form was opened.
        InvalidInput: oneself, somebody out of service, or somebody below the employee.
        NotAllowed: for one's own record.
    """
    if actor.employee_id is not None and actor.employee_id == employee.id:
        raise NotAllowed(N_("Data kepegawaian sendiri tidak dapat diubah. Minta petugas lain."))
    if employee.version != expected_version:
        raise StaleEdit(employee)
    if supervisor is not None:
        _check_supervisor(session, employee, supervisor)
    before = employee.supervisor_id
    employee.supervisor_id = supervisor.id if supervisor else None
    if before == employee.supervisor_id:
        return
    employee.updated_at = clock.now()
    session.flush()
    record(
        session,
        "skills:supervisor:change",
        employee,
        changes={"supervisor_id": (before, employee.supervisor_id)},
        people=[employee.id],
    )


def _check_supervisor(session: Session, employee: Employee, supervisor: Employee) -> None:
    if supervisor.id == employee.id:
        raise InvalidInput(N_("Pegawai tidak dapat menjadi atasannya sendiri."), field="nip")
    if supervisor.employment_state not in IN_SERVICE:
        raise InvalidInput(
            Message(N_("%(name)s tidak lagi bertugas."), {"name": supervisor.display_name}),
            field="nip",
        )
    seen, above = {employee.id}, supervisor.supervisor_id
    while above is not None:
        if above in seen:
            raise InvalidInput(
                Message(
                    N_("%(name)s berada di bawah pegawai ini, jadi tidak dapat menjadi atasannya."),
                    {"name": supervisor.display_name},
                ),
                field="nip",
            )
        seen.add(above)
        above = session.scalar(select(Employee.supervisor_id).where(Employee.id == above))
