"""OPD and units: made, renamed, ended, and merged with a preview of what moves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import AccountGrant
from app.core.actor import Actor
from app.core.audit import changed_fields, record
from app.core.db import affected_rows
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_, Message
from skills.models import Employee, Opd, PositionRecord, Unit
from skills.services.import_places import name_key, new_opd
from skills.services.touch import touch_people

_CHUNK = 500
_TAKEN = N_("Nama atau kode ini sudah dipakai perangkat daerah lain.")


@dataclass(frozen=True)
class OpdValues:
    """What a person may set of an OPD; dates are its first and last day."""

    code: str
    name: str
    short_name: str
    kind: str
    valid_from: date | None = None
    valid_until: date | None = None


MergePreview = Callable[[Session, Opd, Opd], Iterable[Message]]
MergeApply = Callable[[Session, Opd, Opd, Actor], None]
_effects: dict[str, tuple[MergePreview, MergeApply]] = {}


def register_merge_effect(name: str, preview: MergePreview, apply: MergeApply) -> None:
    """Add what a package moves when an OPD goes into another."""
    _effects[name] = (preview, apply)


def create_opd(session: Session, *, values: OpdValues) -> Opd:
    """Make an OPD; an empty code gets the next free number.

    Raises:
        InvalidInput: a missing name, or dates in the wrong order.
        Conflict: name or code are taken (field `name`).
    """
    _check(values)
    fields = {**vars(values)}
    name = fields.pop("name")
    try:
        with session.begin_nested():
            opd = new_opd(session, name=_tidy(name), **fields)
    except IntegrityError as error:
        raise Conflict(_TAKEN, field="name") from error
    record(session, "skills:opd:create", opd, name=opd.name)
    return opd


def change_opd(session: Session, *, opd: Opd, values: OpdValues) -> bool:
    """Change name, dates and the rest of an OPD; return whether anything changed.

    Raises:
        InvalidInput, Conflict: as for `create_opd`.
        Conflict: the OPD was merged; people still work there when it would end.
    """
    _check(values)
    if opd.merged_into_id is not None:
        raise Conflict(N_("Perangkat daerah ini sudah digabung dan tidak dapat diubah."))
    ended = values.valid_until is not None and values.valid_until < clock.today()
    if ended and people_count(session, opd):
        raise Conflict(
            N_("Masih ada pegawai di sini. Gabungkan atau mutasikan dahulu."), field="valid_until"
        )
    for name, value in vars(values).items():
        given = _tidy(value) if isinstance(value, str) else value
        if getattr(opd, name) != given:
            setattr(opd, name, given)
    changes = changed_fields(opd, *vars(values))
    if not changes:
        return False
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        raise Conflict(_TAKEN, field="name") from error
    record(session, "skills:opd:change", opd, changes=changes)
    return True


def people_count(session: Session, opd: Opd) -> int:
    """Return how many employees, in service or not, belong to an OPD."""
    return session.scalar(select(func.count(Employee.id)).where(Employee.opd_id == opd.id)) or 0


def _check(values: OpdValues) -> None:
    if not _tidy(values.name):
        raise InvalidInput(N_("Wajib diisi."), field="name")
    if values.valid_from and values.valid_until and values.valid_until < values.valid_from:
        raise InvalidInput(N_("Tanggal akhir sebelum tanggal mulai."), field="valid_until")


def _tidy(text: str) -> str:
    return " ".join(text.split())


def add_unit(session: Session, *, opd: Opd, name: str, parent_id: int | None = None) -> Unit:
    """Add a unit to an OPD.

    Raises:
        InvalidInput: no name, or a parent of another OPD. Conflict: the name is taken here.
    """
    if not _tidy(name):
        raise InvalidInput(N_("Wajib diisi."), field="name")
    parent = session.get(Unit, parent_id) if parent_id else None
    if parent_id and (parent is None or parent.opd_id != opd.id):
        raise InvalidInput(N_("Unit induk bukan bagian dari OPD ini."), field="parent_id")
    unit = Unit(opd_id=opd.id, name=_tidy(name), parent_id=parent_id)
    try:
        with session.begin_nested():
            session.add(unit)
    except IntegrityError as error:
        raise Conflict(
            N_("OPD ini sudah punya unit dengan nama tersebut."), field="name"
        ) from error
    record(session, "skills:unit:create", unit, name=unit.name, opd_id=opd.id)
    return unit


def preview_merge(session: Session, *, source: Opd, target: Opd) -> list[Message]:
    """Return in words what moves when an OPD goes into another.

    Raises:
        InvalidInput: both are the same, or one has ended or was merged.
    """
    _check_merge(source, target)
    units = session.scalars(select(Unit.name).where(Unit.opd_id == source.id)).all()
    found = [
        Message(N_("%(count)s pegawai pindah."), {"count": people_count(session, source)}),
        Message(N_("%(count)s unit kerja pindah."), {"count": len(units)}),
    ]
    same = _same_units(session, source, target)
    if same:
        text = N_("%(count)s unit bernama sama disatukan dengan unit di OPD tujuan.")
        found.append(Message(text, {"count": len(same)}))
    grants = _grants(session, source)
    if grants:
        text = N_("%(count)s peran akun berpindah ke OPD tujuan.")
        found.append(Message(text, {"count": len(grants)}))
    for preview, _apply in _effects.values():
        found += preview(session, source, target)
    return found


def merge_opd(
    session: Session, *, source: Opd, target: Opd, on: date, reason: str, actor: Actor
) -> None:
    """Move everything of an OPD into another and end it.

    Args:
        on: first day on which only the target exists.

    Raises:
        InvalidInput: as for `preview_merge`, or no reason.
    """
    _check_merge(source, target)
    if not reason.strip():
        raise InvalidInput(N_("Tulis alasannya; alasan ikut tercatat."), field="reason")
    people = session.scalars(select(Employee.id).where(Employee.opd_id == source.id)).all()
    _move_units(session, source, target)
    _move_people(session, people, target)
    _write_history(session, people, source, target, on)
    for grant in _grants(session, source):
        grant.opd_id = target.id
    for _preview, apply in _effects.values():
        apply(session, source, target, actor)
    source.merged_into_id, source.valid_until = target.id, on
    session.flush()
    touch_people(session, employee_ids=people)
    facts: dict[str, Any] = {"into": target.id, "reason": reason.strip()}
    record(session, "skills:opd:merge", source, people=people, **facts)


def _check_merge(source: Opd, target: Opd) -> None:
    if source.id == target.id:
        raise InvalidInput(N_("Pilih perangkat daerah lain sebagai tujuan."), field="target_id")
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise InvalidInput(N_("Perangkat daerah ini sudah digabung."), field="target_id")


def _grants(session: Session, opd: Opd) -> Sequence[AccountGrant]:
    return session.scalars(
        select(AccountGrant).where(AccountGrant.opd_id == opd.id, AccountGrant.revoked_at.is_(None))
    ).all()


def _same_units(session: Session, source: Opd, target: Opd) -> dict[int, int]:
    """Return units of the source that the target has under the same name: old id to new id."""
    rows = session.execute(
        select(Unit.id, Unit.opd_id, Unit.name).where(Unit.opd_id.in_((source.id, target.id)))
    ).all()
    there = {name_key(row.name): row.id for row in rows if row.opd_id == target.id}
    return {
        row.id: there[name_key(row.name)]
        for row in rows
        if row.opd_id == source.id and name_key(row.name) in there
    }


def _move_units(session: Session, source: Opd, target: Opd) -> None:
    same = _same_units(session, source, target)
    for old, new in same.items():
        for model, column in ((Employee, Employee.unit_id), (Unit, Unit.parent_id)):
            _set(session, model, column == old, {column.key: new})
        _set(session, AccountGrant, AccountGrant.unit_id == old, {"unit_id": new})
        _set(session, Unit, Unit.id == old, {"valid_until": clock.today()})
    keep = Unit.id.not_in(same) if same else Unit.id.is_not(None)
    _set(session, Unit, (Unit.opd_id == source.id) & keep, {"opd_id": target.id})


def _move_people(session: Session, people: Sequence[int], target: Opd) -> None:
    for start in range(0, len(people), _CHUNK):
        part = people[start : start + _CHUNK]
        values = {"opd_id": target.id, "version": Employee.version + 1, "updated_at": clock.now()}
        _set(session, Employee, Employee.id.in_(part), values)


def _set(session: Session, model: Any, condition: Any, values: Mapping[str, Any]) -> None:
    statement = update(model).where(condition).values(**values)
    affected_rows(session, statement.execution_options(synchronize_session="fetch"))


def _write_history(
    session: Session, people: Sequence[int], source: Opd, target: Opd, on: date
) -> None:
    """Close the open records that name the old OPD and open the same positions in the new one."""
    for start in range(0, len(people), _CHUNK):
        part = people[start : start + _CHUNK]
        rows = session.scalars(
            select(PositionRecord).where(
                PositionRecord.employee_id.in_(part),
                PositionRecord.until.is_(None),
                or_(PositionRecord.since.is_(None), PositionRecord.since <= on),
            )
        ).all()
        for row in rows:
            row.until = on
            session.add(
                PositionRecord(
                    employee_id=row.employee_id,
                    position_name=row.position_name,
                    opd_name=target.name,
                    unit_name=row.unit_name,
                    since=on,
                    source="local",
                )
            )
    session.flush()
