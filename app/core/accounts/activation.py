"""Activation slips: printed per OPD or for one person, single use, expiring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import codes, own, passwords, people, throttling
from app.core.accounts.lifecycle import context_of
from app.core.accounts.models import Account, AccountState, ActivationBatch, CodeKind, OneTimeCode
from app.core.accounts.onetime import is_open, use_up, withdraw
from app.core.accounts.scope import holds_higher, managed
from app.core.accounts.sealing import Sealer, Unsealable
from app.core.accounts.signin import find_account, normalise_login
from app.core.actor import Actor
from app.core.audit import record
from app.core.db import affected_rows
from app.core.errors import Conflict, InvalidInput
from app.core.i18n import N_

VALID_DAYS = 14  # long enough to hand out paper in an office
MOST_SLIPS = 2000  # in one batch


@dataclass(frozen=True)
class Slip:
    """A slip to print; `code` is None once it was used, revoked or has expired."""

    account_id: int
    name: str
    nip: str | None
    email: str | None
    unit: str | None
    code: str | None
    state: str


@dataclass(frozen=True)
class BatchObject:
    """Slips as an object of the policy: of an OPD, or (None) for an administrator only."""

    opd_id: int | None


def as_object(session: Session, batch: ActivationBatch) -> BatchObject:
    """Return a batch as an object of the policy.

    A batch of an OPD belongs to it. A single slip belongs where its account does: the slip of
    somebody with a higher role is not for the manager of an OPD.
    """
    if batch.opd_id is not None:
        return BatchObject(batch.opd_id)
    account = session.scalar(
        select(Account)
        .join(OneTimeCode, OneTimeCode.account_id == Account.id)
        .where(OneTimeCode.batch_id == batch.id)
    )
    return BatchObject(managed(session, account).opd_id if account else None)


def find_batch(session: Session, batch_id: int) -> ActivationBatch | None:
    """Return a batch of slips, or None."""
    return session.get(ActivationBatch, batch_id)


def make_batch(
    session: Session, *, opd_id: int, by: Actor, sealer: Sealer, days: int = VALID_DAYS
) -> ActivationBatch:
    """Make slips for everybody of an OPD who never signed in; accounts are made where missing.

    Earlier slips of the same people are withdrawn. People with a role beyond what the OPD's
    manager may give get theirs one by one from an administrator.

    Raises:
        Conflict: when nobody needs one.
    """
    _add_missing_accounts(session, opd_id)
    found = session.scalars(
        select(Account)
        .join(people.employee, people.employee.c.id == Account.employee_id)
        .where(people.employee.c.opd_id == opd_id, Account.state == AccountState.PENDING)
        .order_by(Account.name)
        .limit(MOST_SLIPS)
    ).all()
    waiting = [account for account in found if not holds_higher(account, opd_id)]
    if not waiting:
        raise Conflict(N_("Semua pegawai OPD ini sudah mengaktifkan akunnya."))
    return _issue(session, waiting, opd_id=opd_id, by=by, sealer=sealer, days=days)


def make_slip(
    session: Session, *, account: Account, by: Actor, sealer: Sealer, days: int = VALID_DAYS
) -> ActivationBatch:
    """Make one slip, also for somebody who forgot the password and has no e-mail.

    Raises:
        Conflict: for a suspended or closed account.
    """
    if account.state not in (AccountState.PENDING, AccountState.ACTIVE):
        raise Conflict(N_("Aktifkan kembali akun ini sebelum menerbitkan slip."))
    return _issue(session, [account], opd_id=None, by=by, sealer=sealer, days=days)


def slips(session: Session, *, batch: ActivationBatch, sealer: Sealer) -> list[Slip]:
    """Return the slips of a batch by unit and name, with the codes that are still open.

    The code of somebody who has left the OPD or got a higher role since is not shown.
    """
    rows = session.execute(
        select(OneTimeCode, Account, people.unit.c.name, people.employee.c.opd_id)
        .join(Account, Account.id == OneTimeCode.account_id)
        .outerjoin(people.employee, people.employee.c.id == Account.employee_id)
        .outerjoin(people.unit, people.unit.c.id == people.employee.c.unit_id)
        .where(OneTimeCode.batch_id == batch.id)
        .order_by(people.unit.c.name, Account.name)
    ).all()
    hidden = {
        account.id
        for _code, account, _unit, home in rows
        if batch.opd_id is not None and (home != batch.opd_id or holds_higher(account, home))
    }
    return [
        _slip(code, account, unit, None if account.id in hidden else sealer)
        for code, account, unit, _home in rows
    ]


def mark_printed(session: Session, *, batch: ActivationBatch) -> None:
    """Record that the codes of a batch were shown for printing."""
    batch.printed_at = clock.now()
    shown = session.scalars(
        select(Account.employee_id)
        .join(OneTimeCode, OneTimeCode.account_id == Account.id)
        .where(OneTimeCode.batch_id == batch.id, Account.employee_id.is_not(None), *is_open())
    )
    people_shown = [key for key in shown if key is not None]
    record(session, "accounts:slips:print", batch, people=people_shown)


def revoke_batch(session: Session, *, batch: ActivationBatch) -> int:
    """Withdraw all unused slips of a batch; return how many."""
    moment = clock.now()
    batch.revoked_at = moment
    count = affected_rows(
        session,
        update(OneTimeCode)
        .where(OneTimeCode.batch_id == batch.id, *is_open())
        .values(revoked_at=moment, sealed=None),
    )
    record(session, "accounts:slips:revoke", batch, count=count)
    return count


def begin(session: Session, *, login: str, address: str | None) -> None:
    """Count a try to activate, for the login and the address.

    Raises:
        QuotaExceeded: while one of them has to wait.
    """
    counters = [(f"address:{address}", throttling.ADDRESS)] if address else []
    key = f"activate:{codes.digest(normalise_login(login))}"
    throttling.take(session, [*counters, (key, throttling.ACCOUNT)])


def redeem(
    session: Session, *, login: str, code: str, password: str, address: str | None
) -> Account:
    """Set the password with the code of a slip; the code is used up.

    Raises:
        InvalidInput: for a wrong, used or expired code (one answer for all of these and for an
            unknown login), or a password that the rules refuse.
    """
    account = find_account(session, login)
    row = _usable(session, account, code)
    if account is None or row is None:
        # As slow as a right code, whose password gets hashed.
        passwords.verify(None, password)
        raise InvalidInput(
            N_("NIP dan kode tidak cocok, atau kode sudah dipakai atau kedaluwarsa."), field="code"
        )
    passwords.check_rules(password, context=context_of(account))
    use_up(session, row)
    account.state = AccountState.ACTIVE
    record(session, "accounts:account:activate", account, slip=row.id)
    own.set_password(session, account=account, password=password)
    throttling.forget(session, f"activate:{codes.digest(normalise_login(login))}")
    if address:
        throttling.give_back(session, [(f"address:{address}", throttling.ADDRESS)])
    return account


def wipe_expired(session: Session) -> int:
    """Remove the printable copies of codes that have expired; return how many."""
    return affected_rows(
        session,
        update(OneTimeCode)
        .where(OneTimeCode.sealed.is_not(None), OneTimeCode.expires_at <= clock.now())
        .values(sealed=None),
    )


def _usable(session: Session, account: Account | None, code: str) -> OneTimeCode | None:
    row = session.scalar(
        select(OneTimeCode).where(
            OneTimeCode.code_hash == codes.digest_of_code(code),
            OneTimeCode.kind == CodeKind.ACTIVATION,
            OneTimeCode.expires_at > clock.now(),
            *is_open(),
        )
    )
    fits = account is not None and row is not None and row.account_id == account.id
    alive = account is not None and account.state in (AccountState.PENDING, AccountState.ACTIVE)
    return row if fits and alive else None


def _issue(
    session: Session,
    accounts: Sequence[Account],
    *,
    opd_id: int | None,
    by: Actor,
    sealer: Sealer,
    days: int,
) -> ActivationBatch:
    moment = clock.now()
    expires = moment + timedelta(days=days)
    batch = ActivationBatch(
        opd_id=opd_id, created_at=moment, created_by_id=by.account_id, expires_at=expires
    )
    session.add(batch)
    session.flush()
    ids = [account.id for account in accounts]
    withdraw(session, account_ids=ids, kind=CodeKind.ACTIVATION)
    rows = [_code_row(key, batch.id, moment, expires, by, sealer) for key in ids]
    session.execute(insert(OneTimeCode), rows)
    record(
        session,
        "accounts:slips:create",
        batch,
        people=[a.employee_id for a in accounts if a.employee_id is not None],
        count=len(rows),
        opd=opd_id,
    )
    return batch


def _code_row(
    account_id: int,
    batch_id: int,
    moment: datetime,
    expires: datetime,
    by: Actor,
    sealer: Sealer,
) -> dict[str, object]:
    code = codes.new_code()
    return {
        "kind": CodeKind.ACTIVATION.value,
        "code_hash": codes.digest_of_code(code),
        "sealed": sealer.seal(code),
        "account_id": account_id,
        "batch_id": batch_id,
        "created_at": moment,
        "expires_at": expires,
        "created_by_id": by.account_id,
    }


def _add_missing_accounts(session: Session, opd_id: int) -> None:
    """Make a waiting account for each active employee of the OPD who has none."""
    person = people.employee.c
    missing = session.execute(
        select(person.id, person.nip, person.name, person.official_email)
        .outerjoin(Account, (Account.employee_id == person.id) | (Account.nip == person.nip))
        .where(person.opd_id == opd_id, person.employment_state == "active", Account.id.is_(None))
        .limit(MOST_SLIPS)
    ).all()
    if not missing:
        return
    emails = [row.official_email.lower() for row in missing if row.official_email]
    taken = set(session.scalars(select(Account.email).where(Account.email.in_(emails))))
    moment = clock.now()
    rows = []
    for row in missing:
        email = row.official_email.lower() if row.official_email else None
        rows.append(
            {
                "nip": row.nip,
                "name": row.name,
                "email": None if email in taken else email,
                "employee_id": row.id,
                "state": AccountState.PENDING.value,
                "created_at": moment,
            }
        )
        taken.add(email)
    session.execute(insert(Account), rows)
    record(
        session,
        "accounts:account:create",
        ("opd", opd_id),
        people=[row.id for row in missing],
        count=len(rows),
    )


def _slip(code: OneTimeCode, account: Account, unit: str | None, sealer: Sealer | None) -> Slip:
    state = _state(code)
    plain = None
    if sealer is not None and state == "open" and code.sealed is not None:
        try:
            plain = sealer.open(code.sealed)
        except Unsealable:
            state = "revoked"
    return Slip(
        account_id=account.id,
        name=account.name,
        nip=account.nip,
        email=account.email,
        unit=unit,
        code=plain,
        state=state,
    )


def _state(code: OneTimeCode) -> str:
    if code.used_at is not None:
        return "used"
    if code.revoked_at is not None:
        return "revoked"
    if code.expires_at is not None and code.expires_at <= clock.now():
        return "expired"
    return "open"
