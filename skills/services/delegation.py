"""A verifier who is away hands the verification to a colleague, for some days.

A supervisor hands over the unit, an assessor or officer the reach of the own role. The hand-over
is a dated role of the colleague, so that it begins and ends by itself and stands in the register
of roles. Nobody verifies their own claims with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.grants import Wish, grant_role, revoke_role
from app.core.accounts.models import Account, AccountGrant, AccountState
from app.core.actor import SYSTEM, Actor, Grant, RoleName, ScopeKind
from app.core.errors import InvalidInput, NotAllowed, NotFound
from app.core.i18n import N_, Message
from app.core.notifications.services import notify
from skills.models import Employee

LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Delegation:
    """A hand-over that is in force or to come."""

    grant_id: int
    name: str
    since: date
    until: date | None


def delegate(
    session: Session, *, actor: Actor, account_id: int, since: date, until: date
) -> AccountGrant:
    """Let a colleague verify what the actor verifies, between two days.

    Raises:
        NotAllowed: the actor verifies nothing that can be handed over.
        InvalidInput: somebody from another OPD, days in the past, more than 90 of them, or beyond
            the end of the actor's own role.
        Conflict: the colleague holds that role already.
    """
    scope = scope_of(actor)
    if scope is None:
        raise NotAllowed(N_("Hanya pemeriksa klaim yang dapat mendelegasikan verifikasi."))
    if since < clock.today():
        raise InvalidInput(N_("Tanggal mulai tidak boleh di masa lalu."), field="since")
    if until < since:
        raise InvalidInput(N_("Tanggal akhir mendahului tanggal mulai."), field="until")
    if until - since > LONGEST:
        raise InvalidInput(N_("Delegasi paling lama 90 hari."), field="until")
    own_end = _own_end(session, actor, scope)
    if own_end is not None and until > own_end:
        raise InvalidInput(
            Message(N_("Peran Anda sendiri berakhir %(date)s."), {"date": own_end.isoformat()}),
            field="until",
        )
    account = next((row for row in colleagues(session, actor) if row.id == account_id), None)
    if account is None:
        raise InvalidInput(N_("Pilih rekan dari OPD yang sama."), field="account_id")
    wish = Wish(
        RoleName.ASSESSOR,
        scope.scope,
        opd_id=scope.opd_id,
        unit_id=scope.unit_id,
        since=since,
        until=until,
    )
    # The register lets administrators give roles; here the rule above has already decided.
    row = grant_role(session, account=account, wish=wish, by=SYSTEM)
    row.granted_by_id = actor.account_id
    text = N_("%(name)s mendelegasikan verifikasi kepada Anda, %(since)s sampai %(until)s.")
    params = {"name": actor.label, "since": since.isoformat(), "until": until.isoformat()}
    notify(
        session,
        account_id=account.id,
        kind="claim",
        message=Message(text, params),
        url="/verifikasi",
        email=True,
        key=f"delegation:{row.id}",
    )
    session.flush()
    return row


def end_delegation(session: Session, *, actor: Actor, grant_id: int) -> None:
    """Take a hand-over back at once.

    Raises:
        NotFound: no such hand-over of the actor.
    """
    row = session.get(AccountGrant, grant_id)
    if row is None or row.granted_by_id != actor.account_id or not _is_delegation(row):
        raise NotFound
    revoke_role(session, account=row.account, grant_id=grant_id, by=SYSTEM)
    session.flush()


def _is_delegation(row: AccountGrant) -> bool:
    return row.role == RoleName.ASSESSOR and row.until is not None


def scope_of(actor: Actor) -> Grant | None:
    """Return the widest reach of verification that the actor can hand over, or None."""
    grants = [
        grant
        for grant in actor.reach(RoleName.OFFICER, RoleName.ASSESSOR, RoleName.SUPERVISOR)
        if grant.role is not RoleName.SUPERVISOR
        or (grant.scope is ScopeKind.UNIT and grant.unit_id is not None)
    ]
    order = {ScopeKind.CITY: 0, ScopeKind.OPD: 1, ScopeKind.UNIT: 2}
    return min(grants, key=lambda grant: order.get(grant.scope, 3), default=None)


def _own_end(session: Session, actor: Actor, scope: Grant) -> date | None:
    """Return the last day of the actor's own role, so that nobody hands on more than was given."""
    ends = session.scalars(
        select(AccountGrant.until)
        .where(
            AccountGrant.account_id == actor.account_id,
            AccountGrant.role == scope.role,
            AccountGrant.scope == scope.scope,
            AccountGrant.revoked_at.is_(None),
        )
        .order_by(AccountGrant.id)
    ).all()
    return None if not ends or None in ends else max(end for end in ends if end is not None)


def colleagues(session: Session, actor: Actor) -> Sequence[Account]:
    """Return the open accounts of the actor's OPD, the own one left out, by name.

    An account without an employee belongs to no OPD; its colleagues are the other verifiers.
    """
    if actor.employee_id is None:
        return _verifiers(session, actor)
    own = session.scalar(select(Employee.opd_id).where(Employee.id == actor.employee_id))
    return session.scalars(
        select(Account)
        .join(Employee, Employee.id == Account.employee_id)
        .where(
            Employee.opd_id == own,
            Account.state == AccountState.ACTIVE,
            Account.id != actor.account_id,
        )
        .order_by(Account.name, Account.id)
    ).all()


def _verifiers(session: Session, actor: Actor) -> Sequence[Account]:
    holding = select(AccountGrant.account_id).where(
        AccountGrant.role.in_((RoleName.OFFICER, RoleName.ASSESSOR)),
        AccountGrant.revoked_at.is_(None),
    )
    return session.scalars(
        select(Account)
        .where(
            Account.id.in_(holding),
            Account.state == AccountState.ACTIVE,
            Account.id != actor.account_id,
        )
        .order_by(Account.name, Account.id)
    ).all()


def delegations_by(session: Session, actor: Actor) -> list[Delegation]:
    """Return the hand-overs of the actor that are in force or to come."""
    rows = session.execute(
        select(AccountGrant.id, Account.name, AccountGrant.since, AccountGrant.until)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.granted_by_id == actor.account_id,
            AccountGrant.role == RoleName.ASSESSOR,
            AccountGrant.revoked_at.is_(None),
            AccountGrant.until >= clock.today(),
        )
        .order_by(AccountGrant.since, AccountGrant.id)
    )
    return [Delegation(grant_id, name, since, until) for grant_id, name, since, until in rows]
