"""Transfers and departures: what they close is shown first, then done in one transaction.

Packages above this one register what they hold of a person: `matching` its seats, `courses` its
enrolments. Each gives a preview and does exactly what the preview said.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.lifecycle import close_for_employee
from app.core.accounts.models import Account, AccountGrant, AccountState
from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, NotFound
from app.core.i18n import N_, Message
from skills.enums import ClaimState, EmploymentState
from skills.models import Claim, Employee, Opd, Position, PositionRecord, Unit
from skills.services.claims import withdraw_claim
from skills.services.touch import touch_people

LOCAL = "local"
_UNDECIDED = (
    ClaimState.DRAFT,
    ClaimState.SUBMITTED,
    ClaimState.UNIT_ACCEPTED,
    ClaimState.RETURNED,
)


class ChangeKind(StrEnum):
    """What happens to a person; the last three end the service here."""

    TRANSFER = "transfer"
    MOVED = "moved"
    RETIRED = "retired"
    LEFT = "left"


@dataclass(frozen=True)
class Change:
    """A transfer or departure.

    Args:
        kind: what happens. on: first day of the new state. reason: kept in the audit trail.
        opd_id, unit_id, position_id: new place of a transfer; no position means the present one.
    """

    kind: ChangeKind
    on: date
    reason: str
    opd_id: int | None = None
    unit_id: int | None = None
    position_id: int | None = None

    @property
    def ends_service(self) -> bool:
        """Whether the person does not work here afterwards."""
        return self.kind is not ChangeKind.TRANSFER


@dataclass(frozen=True)
class Effect:
    """One thing that a change closes, of one person."""

    employee_id: int
    text: Message


Preview = Callable[[Session, Sequence[int], Change], Iterable[Effect]]
Apply = Callable[[Session, Sequence[int], Change, Actor], None]
_effects: dict[str, tuple[Preview, Apply]] = {}


def register_effect(name: str, preview: Preview, apply: Apply) -> None:
    """Add what a package closes; the name makes registering it twice harmless."""
    _effects[name] = (preview, apply)


def preview_change(
    session: Session, *, employee_ids: Sequence[int], change: Change
) -> dict[int, list[Message]]:
    """Return per person what a change would close; people without anything are left out."""
    found: dict[int, list[Message]] = {}
    for preview, _apply in _effects.values():
        for effect in preview(session, employee_ids, change):
            found.setdefault(effect.employee_id, []).append(effect.text)
    return found


def execute_change(
    session: Session,
    *,
    versions: Mapping[int, int],
    change: Change,
    actor: Actor,
) -> list[Employee]:
    """Change some people and close what they hold.

    Args:
        versions: id of each person and the version that the preview showed.

    Raises:
        InvalidInput: no reason, no day, or no such place. NotFound: no such person.
        Conflict: somebody was changed since the preview; nothing is done.
    """
    check_change(session, change)
    people = _people(session, versions)
    ids = [person.id for person in people]
    for _preview, apply in _effects.values():
        apply(session, ids, change, actor)
    for person in people:
        _change_person(session, person, change)
    session.flush()
    touch_people(session, employee_ids=ids)
    return people


def check_change(session: Session, change: Change) -> None:
    """Check the values of a change.

    Raises:
        InvalidInput: no reason, or a place that does not exist or does not fit.
    """
    if not change.reason.strip():
        raise InvalidInput(N_("Tulis alasannya; alasan ikut tercatat."), field="reason")
    if change.kind is not ChangeKind.TRANSFER:
        return
    opd = session.get(Opd, change.opd_id) if change.opd_id else None
    if opd is None or opd.merged_into_id is not None:
        raise InvalidInput(N_("Pilih perangkat daerah tujuan."), field="opd_id")
    unit = session.get(Unit, change.unit_id) if change.unit_id else None
    if change.unit_id and (unit is None or unit.opd_id != opd.id):
        raise InvalidInput(
            N_("Unit kerja ini bukan bagian dari perangkat daerah tujuan."), field="unit_id"
        )
    if change.position_id and session.get(Position, change.position_id) is None:
        raise InvalidInput(N_("Jabatan ini tidak ada."), field="position_id")


def _people(session: Session, versions: Mapping[int, int]) -> list[Employee]:
    people = list(
        session.scalars(
            select(Employee)
            .where(Employee.id.in_(versions))
            .order_by(Employee.id)
            .with_for_update()
        )
    )
    if len(people) != len(versions):
        raise NotFound
    changed = [p.display_name for p in people if p.version != versions[p.id]]
    if changed:
        raise Conflict(
            Message(
                N_("Data berubah sejak pratinjau dibuka: %(names)s. Periksa lagi."),
                {"names": ", ".join(changed[:5])},
            )
        )
    return people


def _change_person(session: Session, person: Employee, change: Change) -> None:
    before = {
        "employment_state": person.employment_state,
        "opd_id": person.opd_id,
        "unit_id": person.unit_id,
        "position_id": person.position_id,
    }
    if change.ends_service:
        person.employment_state = EmploymentState(change.kind.value)
        close_position(session, person, change.on)
        if change.kind is ChangeKind.RETIRED:
            person.retirement_date = change.on
    else:
        _transfer(session, person, change)
    person.updated_at = clock.now()
    changes = {
        name: (value, getattr(person, name))
        for name, value in before.items()
        if getattr(person, name) != value
    }
    record(
        session,
        f"skills:employee:{change.kind}",
        person,
        changes=changes,
        people=[person.id],
        reason=change.reason,
        on=change.on,
    )


def _transfer(session: Session, person: Employee, change: Change) -> None:
    close_position(session, person, change.on)
    person.opd_id = change.opd_id or person.opd_id
    person.unit_id = change.unit_id
    if change.position_id:
        position = session.get_one(Position, change.position_id)
        person.position_id, person.position_kind = position.id, position.kind
    person.position_since = change.on
    session.flush()
    session.refresh(person)
    open_position(session, person, change.on)


def close_position(session: Session, person: Employee, on: date) -> None:
    """Close the open record of a person's position on the eve of a day."""
    rows = session.scalars(
        select(PositionRecord).where(
            PositionRecord.employee_id == person.id, PositionRecord.until.is_(None)
        )
    ).all()
    eve = on - timedelta(days=1)
    for row in rows:
        row.until = max(eve, row.since) if row.since else eve
    if not rows and person.position is not None:
        open_position(session, person, person.position_since, until=eve)


def open_position(
    session: Session, person: Employee, since: date | None, *, until: date | None = None
) -> None:
    """Write a record of the position that a person holds."""
    if person.position is None:
        return
    session.add(
        PositionRecord(
            employee_id=person.id,
            position_name=person.position.name,
            opd_name=person.opd.name,
            unit_name=person.unit.name if person.unit else None,
            since=since,
            until=until,
            source=LOCAL,
        )
    )


_ACCOUNT = N_("Akun ditutup dan semua sesinya diakhiri.")
_GRANT = N_("Peran di perangkat daerah lama dicabut (%(count)s).")
_CLAIM = N_("Klaim yang belum diputuskan ditarik (%(count)s).")
_TEAM = N_("Tidak lagi menjadi atasan dari %(count)s pegawai; mereka perlu atasan baru.")
_BOSS = N_("Hubungan dengan atasan lama dihapus.")


def _preview_accounts(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    if not change.ends_service:
        rows = session.execute(
            select(Account.employee_id, func.count())
            .join(AccountGrant, AccountGrant.account_id == Account.id)
            .where(*_old_grants(ids))
            .group_by(Account.employee_id)
        )
        return [Effect(who, Message(_GRANT, {"count": count})) for who, count in rows if who]
    people = session.scalars(
        select(Account.employee_id).where(
            Account.employee_id.in_(ids), Account.state != AccountState.CLOSED
        )
    )
    return [Effect(who, Message(_ACCOUNT)) for who in people if who]


def _old_grants(ids: Sequence[int]) -> tuple[Any, ...]:
    """Roles bound to an OPD or unit; they belong to the place, not to the person."""
    return (
        Account.employee_id.in_(ids),
        AccountGrant.revoked_at.is_(None),
        AccountGrant.opd_id.is_not(None) | AccountGrant.unit_id.is_not(None),
    )


def _apply_accounts(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    if change.ends_service:
        for person in ids:
            close_for_employee(session, employee_id=person, reason=change.reason)
        return
    rows = session.scalars(
        select(AccountGrant)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(*_old_grants(ids))
    ).all()
    for row in rows:
        row.revoked_at = clock.now()
        facts: dict[str, Any] = {"grant": row.id, "role": str(row.role)}
        record(session, "accounts:grant:revoke", row.account, **facts)


def _claims(session: Session, ids: Sequence[int]) -> Sequence[Claim]:
    return session.scalars(
        select(Claim).where(Claim.employee_id.in_(ids), Claim.state.in_(_UNDECIDED))
    ).all()


def _preview_claims(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    counts: dict[int, int] = {}
    if change.ends_service:
        for claim in _claims(session, ids):
            counts[claim.employee_id] = counts.get(claim.employee_id, 0) + 1
    return [Effect(who, Message(_CLAIM, {"count": count})) for who, count in counts.items()]


def _apply_claims(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    if change.ends_service:
        for claim in _claims(session, ids):
            withdraw_claim(session, actor=actor, claim=claim)


def _preview_team(session: Session, ids: Sequence[int], change: Change) -> list[Effect]:
    rows = session.execute(
        select(Employee.supervisor_id, func.count())
        .where(Employee.supervisor_id.in_(ids))
        .group_by(Employee.supervisor_id)
    )
    found = [Effect(who, Message(_TEAM, {"count": count})) for who, count in rows if who]
    with_boss = session.scalars(
        select(Employee.id).where(Employee.id.in_(ids), Employee.supervisor_id.is_not(None))
    )
    return [*found, *(Effect(person, Message(_BOSS)) for person in with_boss)]


def _apply_team(session: Session, ids: Sequence[int], change: Change, actor: Actor) -> None:
    people = session.scalars(
        select(Employee).where(
            Employee.supervisor_id.is_not(None),
            Employee.supervisor_id.in_(ids) | Employee.id.in_(ids),
        )
    ).all()
    for person in people:
        person.supervisor_id = None
    session.flush()
    if people:
        cleared = [person.id for person in people]
        record(session, "skills:supervisor:clear", None, people=cleared, reason=change.reason)


def register() -> None:
    """Register what this package closes."""
    register_effect("accounts", _preview_accounts, _apply_accounts)
    register_effect("claims", _preview_claims, _apply_claims)
    register_effect("team", _preview_team, _apply_team)
