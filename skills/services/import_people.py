"""The people that a chunk of a staff file speaks of: read in one statement, written in a few."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import affected_rows
from app.core.errors import Conflict
from app.core.i18n import N_
from skills.models import EducationRecord, Employee, Opd, Position, PositionRecord, Unit
from skills.services.import_plan import COLUMNS, Action, Plan, plain
from skills.services.touch import touch_people

SOURCE = "siasn"
_KEPT = ("updated_at", "import_id")
_PEOPLE: Any = Employee.__table__


def people_by_nip(
    session: Session, nips: Sequence[str], *, lock: bool = False
) -> dict[str, dict[str, Any]]:
    """Return the columns of the people with these NIP and the names of their places.

    Args:
        nips: at most some thousands. lock: keep others from changing them (PostgreSQL).
    """
    columns = [getattr(Employee, name) for name in ("id", "nip", "version", *_KEPT, *COLUMNS)]
    statement = (
        select(
            *columns,
            Opd.name.label("opd"),
            Unit.name.label("unit"),
            Position.name.label("position"),
        )
        .join(Opd, Opd.id == Employee.opd_id)
        .outerjoin(Unit, Unit.id == Employee.unit_id)
        .outerjoin(Position, Position.id == Employee.position_id)
        .where(Employee.nip.in_(nips))
    )
    if lock:
        statement = statement.with_for_update(of=Employee)
    return {row["nip"]: dict(row) for row in session.execute(statement).mappings()}


def write_plans(session: Session, plans: Sequence[Plan], *, batch_id: int) -> list[dict[str, Any]]:
    """Write the people of some plans and return the rows of `import_row` with their undo data.

    Raises:
        Conflict: somebody changed one of the people at this very moment.
    """
    created = [plan for plan in plans if plan.action is Action.CREATE]
    updated = [plan for plan in plans if plan.action is Action.UPDATE]
    ids = _create(session, created, batch_id)
    _update(session, updated, batch_id)
    for plan in updated:
        ids[plan.number] = _current(plan)["id"]
    marks = _History(session, ids)
    marks.write(created, updated)
    touch_people(session, employee_ids=[_current(plan)["id"] for plan in updated])
    return [_applied(plan, batch_id, ids.get(plan.number), marks) for plan in plans]


def _current(plan: Plan) -> Mapping[str, Any]:
    if plan.current is None:
        raise ValueError("a plan without a person")
    return plan.current


def _create(session: Session, plans: Sequence[Plan], batch_id: int) -> dict[int, int]:
    """Insert people and return their ids by row number."""
    if not plans:
        return {}
    moment = clock.now()
    extra = {
        "import_id": batch_id,
        "created_at": moment,
        "updated_at": moment,
        "profile_version": 1,
        "version": 1,
    }
    insert_rows(session, Employee, [{"nip": p.nip, **p.values, **extra} for p in plans])
    statement = select(Employee.nip, Employee.id)
    rows = session.execute(statement.where(Employee.nip.in_([plan.nip for plan in plans])))
    by_nip = {row.nip: row.id for row in rows}
    return {plan.number: by_nip[plan.nip or ""] for plan in plans}


def _update(session: Session, plans: Sequence[Plan], batch_id: int) -> None:
    """Update people by one statement per set of columns that changes."""
    groups: dict[tuple[str, ...], list[Plan]] = {}
    for plan in plans:
        groups.setdefault(tuple(plan.values), []).append(plan)
    moment = clock.now()
    for names, members in groups.items():
        values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
        statement = (
            update(_PEOPLE)
            .where(
                _PEOPLE.c.id == bindparam("k_id"),
                _PEOPLE.c.version == bindparam("k_version"),
            )
            .values(version=_PEOPLE.c.version + 1, **values)
            .values(import_id=batch_id, updated_at=moment)
        )
        rows = [
            {
                "k_id": _current(plan)["id"],
                "k_version": _current(plan)["version"],
                **{f"v_{name}": plan.values[name] for name in names},
            }
            for plan in members
        ]
        _run_checked(session, statement, rows)


def _run_checked(session: Session, statement: Any, rows: list[dict[str, Any]]) -> None:
    found = session.connection().execute(statement, rows).rowcount
    if found != len(rows):
        raise Conflict(N_("Data pegawai diubah orang lain saat impor berjalan. Ulangi impor."))


class _History:
    """History of positions and education of the people of a chunk, with ids for the undo."""

    def __init__(self, session: Session, ids: Mapping[int, int]) -> None:
        self.session = session
        self.ids = ids
        self.opened: dict[int, list[int]] = {}
        self.closed: dict[int, int] = {}
        self.learned: dict[int, int] = {}

    def write(self, created: Sequence[Plan], updated: Sequence[Plan]) -> None:
        """Close and open records as the plans say: at most seven statements."""
        moved = [plan for plan in updated if {"position_id", "opd_id"} & plan.values.keys()]
        positions = self._close(moved)
        for plan in [*created, *moved]:
            if record := self._open_record(plan):
                positions.append(record)
        self.opened = self._insert(PositionRecord, positions)
        taught = [p for p in [*created, *updated] if _education(p) is not None]
        self.learned = {
            person: numbers[0]
            for person, numbers in self._insert(
                EducationRecord, self._new_education(taught)
            ).items()
        }

    def _close(self, moved: Sequence[Plan]) -> list[dict[str, Any]]:
        """Close the open records; return closed ones to add for people without any."""
        people = [self.ids[plan.number] for plan in moved]
        open_ids: dict[int, tuple[int, date | None]] = {}
        rows = self.session.execute(
            select(PositionRecord.employee_id, PositionRecord.id, PositionRecord.since)
            .where(PositionRecord.employee_id.in_(people), PositionRecord.until.is_(None))
            .order_by(PositionRecord.id)
        )
        for person, number, since in rows:
            open_ids[person] = (number, since)
        ends, missing = [], []
        for plan in moved:
            person, now = self.ids[plan.number], _current(plan)
            if person in open_ids:
                number, since = open_ids[person]
                ends.append({"id": number, "until": _last_day(plan, since)})
                self.closed[person] = number
            elif now["position"]:
                missing.append(
                    _record(person, now["position"], now, _last_day(plan, now["position_since"]))
                )
        update_rows(self.session, PositionRecord, ends)
        return missing

    def _open_record(self, plan: Plan) -> dict[str, Any] | None:
        now, place = plan.current or {}, plan.place
        position = place.position.name if place and place.position else now.get("position")
        if not position or place is None:
            return None
        names = {
            "opd": place.opd.name if place.opd else now.get("opd"),
            "unit": place.unit.name if place.unit else None,
            "position_since": plan.values.get("position_since", now.get("position_since")),
        }
        if plan.current is not None and names["position_since"] == now["position_since"]:
            names["position_since"] = clock.today()  # the file gives no new date
        return _record(self.ids[plan.number], position, names, None)

    def _new_education(self, plans: Sequence[Plan]) -> list[dict[str, Any]]:
        # Whoever was just made has no record yet; asking would cost more than the writing.
        people = [self.ids[plan.number] for plan in plans if plan.current is not None]
        known = {
            (row.employee_id, row.level, row.field)
            for row in self.session.execute(
                select(
                    EducationRecord.employee_id, EducationRecord.level, EducationRecord.field
                ).where(EducationRecord.employee_id.in_(people))
            )
        }
        records = []
        for plan in plans:
            record = {"employee_id": self.ids[plan.number], **(_education(plan) or {})}
            if (record["employee_id"], record["level"], record["field"]) not in known:
                records.append(record)
        return records

    def _insert(self, table: Any, records: list[dict[str, Any]]) -> dict[int, list[int]]:
        """Insert records and return their ids by person."""
        if not records:
            return {}
        last = self.session.scalar(select(func.max(table.id))) or 0
        insert_rows(self.session, table, records)
        people = {record["employee_id"] for record in records}
        found: dict[int, list[int]] = {}
        for number, person in self.session.execute(
            select(table.id, table.employee_id)
            .where(table.id > last, table.employee_id.in_(people))
            .order_by(table.id)
        ):
            found.setdefault(person, []).append(number)
        return found


def _record(
    person: int, position: str, names: Mapping[str, Any], until: date | None
) -> dict[str, Any]:
    return {
        "employee_id": person,
        "position_name": position,
        "opd_name": names["opd"] or "",
        "unit_name": names["unit"],
        "since": names["position_since"],
        "until": until,
        "source": SOURCE,
    }


def _last_day(plan: Plan, since: date | None) -> date:
    """Return the last day of the old position: the eve of the new one, never before its start."""
    start: date = plan.values.get("position_since") or clock.today()
    end = start - timedelta(days=1)
    return max(end, since) if since is not None else end


def _education(plan: Plan) -> dict[str, Any] | None:
    """Return a record of education where level or field are new, else None."""
    if not {"education_level", "education_field"} & plan.values.keys():
        return None
    facts = {**(plan.current or {}), **plan.values}
    if not facts.get("education_level") or not facts.get("education_field"):
        return None
    return {
        "level": facts["education_level"],
        "field": facts["education_field"],
        "school": facts.get("school"),
        "year": facts.get("graduation_year"),
        "source": SOURCE,
    }


def _applied(plan: Plan, batch_id: int, person: int | None, marks: _History) -> dict[str, Any]:
    row = plan.as_row(batch_id) | {"applied": True, "employee_id": person}
    if person is None or plan.action not in (Action.CREATE, Action.UPDATE):
        return row
    detail: dict[str, Any] = {
        "after": {name: plain(value) for name, value in plan.values.items()},
        "opened": marks.opened.get(person, []),
        "closed": marks.closed.get(person),
        "learned": marks.learned.get(person),
    }
    if plan.current is not None:
        kept = [*plan.values, *_KEPT]
        detail["before"] = {name: plain(plan.current[name]) for name in kept}
    return row | {"detail": detail}


def insert_rows(session: Session, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows of equal columns, past the mapper: it would double the time of many rows."""
    if rows:
        session.connection().execute(insert(table.__table__), rows)


def update_rows(session: Session, table: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """Update rows of a table by id, one statement per set of columns.

    Args:
        rows: `id` and the columns to set.
    """
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        names = tuple(name for name in row if name != "id")
        values = {f"v_{name}": row[name] for name in names}
        groups.setdefault(names, []).append({"k_id": row["id"], **values})
    core = table.__table__
    for names, values_list in groups.items():
        session.connection().execute(
            update(core)
            .where(core.c.id == bindparam("k_id"))
            .values({name: bindparam(f"v_{name}") for name in names}),
            values_list,
        )


def delete_rows(session: Session, table: Any, ids: Iterable[int]) -> int:
    """Delete rows of a table by id, in chunks; return how many there were."""
    numbers = list(ids)
    found = 0
    for start in range(0, len(numbers), 1000):
        statement = table.__table__.delete().where(
            table.__table__.c.id.in_(numbers[start : start + 1000])
        )
        found += affected_rows(session, statement)
    return found
