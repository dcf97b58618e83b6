"""Reads for the administration of accounts: the list, one account, slips per OPD."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import people
from app.core.accounts.models import (
    Account,
    AccountGrant,
    AccountState,
    ActivationBatch,
    CodeKind,
    OneTimeCode,
)

_SORTS: dict[str, Any] = {
    "nama": Account.name,
    "opd": people.opd.c.short_name,
    "status": Account.state,
    "masuk": Account.last_sign_in_at,
}
SIZES = (25, 50, 100)


@dataclass(frozen=True)
class AccountFilter:
    """What to list; `opd_ids` None means the whole city."""

    q: str = ""
    state: str = ""
    role: str = ""
    opd_id: int | None = None
    second_factor: str = ""
    opd_ids: frozenset[int] | None = None
    sort: str = "nama"
    page: int = 1
    per_page: int = SIZES[0]


@dataclass(frozen=True)
class AccountRow:
    """One line of the list."""

    id: int
    name: str
    nip: str | None
    email: str | None
    state: str
    opd: str | None
    roles: tuple[str, ...]
    has_second_factor: bool
    last_sign_in_at: datetime | None


@dataclass(frozen=True)
class AccountPage:
    """A page of the list, with what the pagination needs."""

    rows: list[AccountRow]
    total: int
    page: int
    per_page: int
    pages: int = field(init=False)

    def __post_init__(self) -> None:
        """Compute the number of pages."""
        object.__setattr__(self, "pages", max(1, -(-self.total // self.per_page)))


@dataclass(frozen=True)
class OpdActivation:
    """How far the accounts of an OPD are."""

    opd_id: int
    name: str
    people: int
    active: int
    pending: int
    open_slips: int

    @property
    def without(self) -> int:
        """Number of people without any account."""
        return max(0, self.people - self.active - self.pending)

    @property
    def to_activate(self) -> int:
        """Number of people a new batch would have a slip for."""
        return self.without + self.pending


def find_account(session: Session, account_id: int) -> Account | None:
    """Return an account, or None."""
    return session.get(Account, account_id)


def list_accounts(session: Session, wanted: AccountFilter) -> AccountPage:
    """Return a page of accounts: three statements whatever the number of rows."""
    total = session.scalar(select(func.count()).select_from(_filtered(wanted).subquery())) or 0
    size = wanted.per_page if wanted.per_page in SIZES else SIZES[0]
    page = min(max(1, wanted.page), max(1, -(-total // size)))
    statement = _filtered(wanted).order_by(*_order(wanted.sort)).limit(size)
    found = session.execute(statement.offset((page - 1) * size)).all()
    roles = _roles_of(session, [account.id for account, _opd in found])
    rows = [_row(account, opd, roles.get(account.id, ())) for account, opd in found]
    return AccountPage(rows=rows, total=total, page=page, per_page=size)


def home_of(session: Session, account: Account) -> str | None:
    """Return the name of the OPD of an account's person."""
    return session.scalar(
        select(people.opd.c.name)
        .join(people.employee, people.employee.c.opd_id == people.opd.c.id)
        .where(people.employee.c.id == account.employee_id)
    )


def person_of(session: Session, *, nip: str) -> Any:
    """Return id, name, e-mail and OPD of the employee with a NIP, or None."""
    person = people.employee.c
    return session.execute(
        select(person.id, person.name, person.official_email, person.opd_id).where(
            person.nip == nip
        )
    ).first()


def opd_choices(session: Session, opd_ids: frozenset[int] | None = None) -> list[tuple[int, str]]:
    """Return (id, name) of the OPD by name, of those given only."""
    statement = select(people.opd.c.id, people.opd.c.name).order_by(people.opd.c.name)
    if opd_ids is not None:
        statement = statement.where(people.opd.c.id.in_(opd_ids))
    return [(row.id, row.name) for row in session.execute(statement)]


def unit_choices(session: Session, opd_ids: frozenset[int] | None = None) -> list[tuple[int, str]]:
    """Return (id, OPD and unit) of the units, of the OPD given only."""
    statement = (
        select(people.unit.c.id, people.unit.c.name, people.opd.c.short_name)
        .join(people.opd, people.opd.c.id == people.unit.c.opd_id)
        .order_by(people.opd.c.short_name, people.unit.c.name)
    )
    if opd_ids is not None:
        statement = statement.where(people.unit.c.opd_id.in_(opd_ids))
    return [(row.id, f"{row.short_name}: {row.name}") for row in session.execute(statement)]


def place_names(session: Session, account: Account) -> dict[int, str]:
    """Return the place of each role of an account in words, by id of the grant."""
    rows = session.execute(
        select(AccountGrant.id, people.opd.c.short_name, people.unit.c.name)
        .outerjoin(people.opd, people.opd.c.id == AccountGrant.opd_id)
        .outerjoin(people.unit, people.unit.c.id == AccountGrant.unit_id)
        .where(AccountGrant.account_id == account.id)
    )
    return {row[0]: ": ".join(part for part in row[1:] if part) for row in rows}


def activation_overview(
    session: Session, opd_ids: frozenset[int] | None = None
) -> list[OpdActivation]:
    """Return for each OPD how many people can sign in already: two statements."""
    person = people.employee.c
    statement = (
        select(
            people.opd.c.id,
            people.opd.c.name,
            func.count(person.id),
            _count(Account.state.in_([AccountState.ACTIVE, AccountState.SUSPENDED])),
            _count(Account.state == AccountState.PENDING),
        )
        .select_from(people.opd)
        .outerjoin(people.employee, and_(person.opd_id == people.opd.c.id, _is_at_work(person)))
        .outerjoin(Account, Account.employee_id == person.id)
        .group_by(people.opd.c.id, people.opd.c.name)
        .order_by(people.opd.c.name)
    )
    if opd_ids is not None:
        statement = statement.where(people.opd.c.id.in_(opd_ids))
    waiting = _open_slips(session)
    return [
        OpdActivation(key, name, staff, int(active), int(pending), waiting.get(key, 0))
        for key, name, staff, active, pending in session.execute(statement)
    ]


def batches(session: Session, *, opd_id: int, limit: int = 20) -> Sequence[tuple[Any, ...]]:
    """Return the batches of an OPD, newest first: (batch, slips, used)."""
    return [
        tuple(row)
        for row in session.execute(
            select(
                ActivationBatch,
                func.count(OneTimeCode.id),
                _count(OneTimeCode.used_at.is_not(None)),
            )
            .outerjoin(OneTimeCode, OneTimeCode.batch_id == ActivationBatch.id)
            .where(ActivationBatch.opd_id == opd_id)
            .group_by(ActivationBatch.id)
            .order_by(ActivationBatch.id.desc())
            .limit(limit)
        )
    ]


def _is_at_work(person: Any) -> ColumnElement[bool]:
    return person.employment_state == "active"


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _open_slips(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(ActivationBatch.opd_id, func.count())
        .join(OneTimeCode, OneTimeCode.batch_id == ActivationBatch.id)
        .where(
            OneTimeCode.kind == CodeKind.ACTIVATION,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.revoked_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
            ActivationBatch.opd_id.is_not(None),
        )
        .group_by(ActivationBatch.opd_id)
    )
    return {opd_id: count for opd_id, count in rows if opd_id is not None}


def _filtered(wanted: AccountFilter) -> Select[Any]:
    statement = (
        select(Account, people.opd.c.short_name)
        .outerjoin(people.employee, people.employee.c.id == Account.employee_id)
        .outerjoin(people.opd, people.opd.c.id == people.employee.c.opd_id)
    )
    return statement.where(*_conditions(wanted))


def _conditions(wanted: AccountFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.opd_ids is not None:
        found.append(people.employee.c.opd_id.in_(wanted.opd_ids))
    if wanted.opd_id is not None:
        found.append(people.employee.c.opd_id == wanted.opd_id)
    if wanted.state:
        found.append(Account.state == wanted.state)
    if wanted.second_factor:
        found.append(Account.totp_confirmed_at.is_not(None))
    if wanted.role:
        found.append(Account.grants.any(and_(AccountGrant.role == wanted.role, _holds())))
    if wanted.q.strip():
        found.append(_matches(wanted.q))
    return found


def _matches(q: str) -> ColumnElement[bool]:
    text = q.strip()
    digits = "".join(text.split())
    if digits.isdigit():
        return Account.nip.startswith(digits, autoescape=True)
    return or_(
        Account.name.icontains(text, autoescape=True),
        Account.email.icontains(text, autoescape=True),
    )


def _holds() -> ColumnElement[bool]:
    day = clock.today()
    return and_(
        AccountGrant.revoked_at.is_(None),
        AccountGrant.since <= day,
        or_(AccountGrant.until.is_(None), AccountGrant.until >= day),
    )


def _order(sort: str) -> list[Any]:
    column = _SORTS.get(sort.lstrip("-"), Account.name)
    first = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    return [first, Account.name, Account.id]


def _roles_of(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(AccountGrant.account_id, AccountGrant.role)
        .where(AccountGrant.account_id.in_(ids), _holds())
        .order_by(AccountGrant.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for account_id, role in rows:
        if role not in found.get(account_id, ()):
            found[account_id] = (*found.get(account_id, ()), role)
    return found


def _row(account: Account, opd: str | None, roles: tuple[str, ...]) -> AccountRow:
    return AccountRow(
        id=account.id,
        name=account.name,
        nip=account.nip,
        email=account.email,
        state=account.state,
        opd=opd,
        roles=roles,
        has_second_factor=account.totp_confirmed_at is not None,
        last_sign_in_at=account.last_sign_in_at,
    )
