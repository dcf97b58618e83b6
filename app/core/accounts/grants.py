"""Roles of accounts: who may give which role with which reach, and what excludes what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import people
from app.core.accounts.models import Account, AccountGrant, AccountState, CodeKind
from app.core.accounts.onetime import withdraw
from app.core.accounts.scope import OPD_MANAGER_GRANTS, manages_city
from app.core.accounts.sessions import in_force
from app.core.actor import Actor, RoleName, ScopeKind
from app.core.audit import record
from app.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.core.i18n import N_

R, S = RoleName, ScopeKind

# Reach that each role can have, the usual one first. `employee` comes from being one.
SCOPES: dict[RoleName, tuple[ScopeKind, ...]] = {
    R.SUPERVISOR: (S.UNIT, S.OPD),
    R.OPD_MANAGER: (S.OPD,),
    R.ASSESSOR: (S.CITY, S.UNIT, S.OPD),
    R.ORGANISER: (S.CITY, S.OPD),
    R.OFFICER: (S.CITY,),
    R.EXECUTIVE: (S.CITY, S.OPD),
    R.AUDITOR: (S.CITY,),
    R.ADMIN: (S.CITY,),
}

# Separation of duties: who runs the accounts takes no talent decision; who checks changes nothing.
EXCLUDES: dict[RoleName, frozenset[RoleName]] = {
    R.ADMIN: frozenset(SCOPES) - {R.ADMIN},
    R.AUDITOR: frozenset(SCOPES) - {R.AUDITOR},
}


@dataclass(frozen=True)
class Wish:
    """A role to give: reach, place and dates (`until` is the last day)."""

    role: RoleName
    scope: ScopeKind
    opd_id: int | None = None
    unit_id: int | None = None
    since: date | None = None
    until: date | None = None


def grantable_roles(actor: Actor) -> tuple[RoleName, ...]:
    """Return the roles the actor may give to others."""
    if manages_city(actor):
        return tuple(SCOPES)
    return tuple(role for role in SCOPES if role in OPD_MANAGER_GRANTS)


def grant_role(session: Session, *, account: Account, wish: Wish, by: Actor) -> AccountGrant:
    """Give a role to an account.

    Raises:
        NotAllowed: for the own account, or a role or place outside of the actor's reach.
        InvalidInput: for a reach that the role cannot have, a wrong place or wrong dates.
        Conflict: when the role is held already or excluded by another one.
    """
    place = _place(session, wish)
    _may_grant(by, account, wish, place)
    since = wish.since or clock.today()
    if wish.until is not None and wish.until < since:
        raise InvalidInput(N_("Tanggal akhir mendahului tanggal mulai."), field="until")
    if account.state == AccountState.CLOSED:
        raise Conflict(N_("Akun ini sudah ditutup."))
    _refuse_conflicts(account, wish)
    row = AccountGrant(
        role=wish.role,
        scope=wish.scope,
        opd_id=place,
        unit_id=wish.unit_id,
        since=since,
        until=wish.until,
        granted_by_id=by.account_id,
    )
    account.grants.append(row)
    session.flush()
    if wish.role not in OPD_MANAGER_GRANTS:
        # Whoever printed the slip must not activate the account and inherit the role.
        withdraw(session, account_ids=[account.id], kind=CodeKind.ACTIVATION)
    record(
        session,
        "accounts:grant:add",
        account,
        changes={"role": (None, words_of(row))},
        grant=row.id,
    )
    return row


def revoke_role(session: Session, *, account: Account, grant_id: int, by: Actor) -> None:
    """Take a role away at once; the row stays.

    Raises:
        NotFound: when the account has no such role in force or to come.
        NotAllowed: for the own account or a role outside of the actor's reach.
        Conflict: for the last administrator.
    """
    row = next((g for g in account.grants if g.id == grant_id and g.revoked_at is None), None)
    if row is None:
        raise NotFound
    wish = Wish(R(row.role), S(row.scope), row.opd_id, row.unit_id)
    _may_grant(by, account, wish, row.opd_id)
    if row.role == R.ADMIN:
        keep_an_admin(session, leaving=account)
    row.revoked_at = clock.now()
    record(
        session,
        "accounts:grant:revoke",
        account,
        changes={"role": (words_of(row), None)},
        grant=row.id,
    )


def keep_an_admin(session: Session, *, leaving: Account) -> None:
    """Refuse what would leave the installation without an active administrator.

    The rows are locked, so that two administrators cannot remove each other in one moment.

    Raises:
        Conflict: when the account is the last one.
    """
    day = clock.today()
    rows = session.execute(
        select(AccountGrant.account_id, Account.state)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.role == R.ADMIN,
            AccountGrant.revoked_at.is_(None),
            AccountGrant.since <= day,
            or_(AccountGrant.until.is_(None), AccountGrant.until >= day),
        )
        .order_by(AccountGrant.id)
        .with_for_update(of=AccountGrant)
    ).all()
    admins = {row.account_id for row in rows if row.state == AccountState.ACTIVE}
    if leaving.id in admins and len(admins) == 1:
        raise Conflict(
            N_("Ini administrator aktif terakhir. Tunjuk administrator lain lebih dahulu.")
        )


def accounts_holding(session: Session, role: RoleName) -> Sequence[int]:
    """Return the open accounts that hold a role today, by id."""
    day = clock.today()
    return session.scalars(
        select(AccountGrant.account_id)
        .join(Account, Account.id == AccountGrant.account_id)
        .where(
            AccountGrant.role == role,
            AccountGrant.since <= day,
            or_(AccountGrant.until.is_(None), AccountGrant.until >= day),
            AccountGrant.revoked_at.is_(None),
            Account.state == AccountState.ACTIVE,
        )
        .distinct()
        .order_by(AccountGrant.account_id)
    ).all()


def words_of(row: AccountGrant) -> str:
    """Return a role in one line for the audit: role, reach, place and dates."""
    place = f" {row.opd_id}" if row.opd_id else ""
    place += f"/{row.unit_id}" if row.unit_id else ""
    return f"{row.role} {row.scope}{place} {row.since}..{row.until or ''}"


def _place(session: Session, wish: Wish) -> int | None:
    """Return the OPD of a wish, after looking that reach and place belong together."""
    if wish.scope not in SCOPES.get(wish.role, ()):
        raise InvalidInput(N_("Jangkauan ini tidak tersedia untuk peran tersebut."), field="scope")
    if wish.scope is S.CITY:
        return None
    if wish.scope is S.UNIT:
        found = session.execute(
            select(people.unit.c.opd_id).where(people.unit.c.id == wish.unit_id)
        ).first()
        if found is None or wish.opd_id not in (None, found.opd_id):
            raise InvalidInput(N_("Pilih unit kerja dari OPD tersebut."), field="unit_id")
        return int(found.opd_id)
    known = session.scalar(select(people.opd.c.id).where(people.opd.c.id == wish.opd_id))
    if known is None:
        raise InvalidInput(N_("Pilih OPD."), field="opd_id")
    return int(known)


def _may_grant(by: Actor, account: Account, wish: Wish, place: int | None) -> None:
    if by.account_id is not None and by.account_id == account.id:
        raise NotAllowed(N_("Peran sendiri tidak dapat diubah. Minta administrator lain."))
    if manages_city(by):
        return
    reach = by.opd_ids(R.OPD_MANAGER) or frozenset()
    if wish.role not in OPD_MANAGER_GRANTS or place not in reach:
        raise NotAllowed(N_("Peran ini hanya dapat diberikan oleh administrator."))


def _refuse_conflicts(account: Account, wish: Wish) -> None:
    present = [row for row in account.grants if in_force(row) or _is_to_come(row)]
    for row in present:
        role = R(row.role)
        same = (role, S(row.scope)) == (wish.role, wish.scope)
        if same and row.opd_id == wish.opd_id and row.unit_id == wish.unit_id:
            raise Conflict(N_("Akun ini sudah memegang peran tersebut."))
        if role in EXCLUDES.get(wish.role, ()) or wish.role in EXCLUDES.get(role, ()):
            raise Conflict(
                N_("Peran administrator dan auditor tidak boleh dirangkap dengan peran lain.")
            )


def _is_to_come(row: AccountGrant) -> bool:
    return row.revoked_at is None and row.since > clock.today()
