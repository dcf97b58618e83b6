"""Accounts from the command line: the first administrator, roles, slips, help in need."""

import secrets
import sys
from datetime import date, datetime

import click
from flask.cli import AppGroup

from app.core import clock
from app.core.accounts import (
    activation,
    directory,
    grants,
    lifecycle,
    passwords,
    second_factor,
    sessions,
    signin,
    throttling,
)
from app.core.accounts.models import Account
from app.core.actor import SYSTEM, RoleName, ScopeKind
from app.core.db import Session, db, transaction
from app.core.errors import DomainError

group = AppGroup("accounts", help="Accounts: who may sign in, and as what.")
ROLES = click.Choice([role.value for role in grants.SCOPES])


def find(session: Session, login: str) -> Account:
    """Return the account of a NIP or e-mail.

    Raises:
        click.ClickException: when there is none.
    """
    account = signin.find_account(session, login)
    if account is None:
        raise click.ClickException(f"No account with NIP or e-mail {login}.")
    return account


def refuse(error: DomainError) -> click.ClickException:
    """Return a refusal of a service as an error of the command line."""
    return click.ClickException(str(error.message))


@group.command("create-admin")
@click.option("--email", prompt=True, help="E-mail to sign in with.")
@click.option("--name", prompt=True, help="Full name.")
@click.option("--nip", default=None, help="NIP, where the person has one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_admin(email: str, name: str, nip: str | None, password_stdin: bool) -> None:
    """Make an administrator; the password has to be changed at the first sign-in."""
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    password = given or _random_password()
    try:
        with transaction(SYSTEM) as session:
            account = lifecycle.create_account(session, name=name, nip=nip, email=email)
            lifecycle.set_first_password(session, account=account, password=password)
            wish = grants.Wish(RoleName.ADMIN, ScopeKind.CITY)
            grants.grant_role(session, account=account, wish=wish, by=SYSTEM)
    except DomainError as error:
        raise refuse(error) from error
    click.echo(f"Administrator {email} made.")
    if given is None:
        click.echo(f"First password (change it at the first sign-in): {password}")


@group.command("list")
@click.option("--role", type=ROLES, default=None, help="Only holders of this role.")
@click.option("--search", default="", help="Part of a name or e-mail, or the start of a NIP.")
def list_accounts(role: str | None, search: str) -> None:
    """List accounts by name, with state and roles."""
    number, page = 0, None
    while page is None or number < page.pages:
        number += 1
        wanted = directory.AccountFilter(
            q=search, role=role or "", page=number, per_page=directory.SIZES[-1]
        )
        page = directory.list_accounts(db.session(), wanted)
        for row in page.rows:
            roles = ",".join(row.roles) or "-"
            click.echo(f"{row.nip or row.email}\t{row.name}\t{row.state}\t{roles}")
    click.echo(f"{page.total} account(s).")


@group.command("grant")
@click.argument("login")
@click.argument("role", type=ROLES)
@click.option("--opd", "opd_id", type=int, default=None, help="Id of the OPD it reaches.")
@click.option("--unit", "unit_id", type=int, default=None, help="Id of the unit it reaches.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day.")
def grant(
    login: str, role: str, opd_id: int | None, unit_id: int | None, until: datetime | None
) -> None:
    """Give a role, for the whole city unless an OPD or a unit is named."""
    scope = ScopeKind.UNIT if unit_id else ScopeKind.OPD if opd_id else ScopeKind.CITY
    last: date | None = until.date() if until else None
    try:
        with transaction(SYSTEM) as session:
            wish = grants.Wish(RoleName(role), scope, opd_id, unit_id, until=last)
            row = grants.grant_role(session, account=find(session, login), wish=wish, by=SYSTEM)
            click.echo(f"Given: {grants.words_of(row)}")
    except DomainError as error:
        raise refuse(error) from error


@group.command("revoke")
@click.argument("login")
@click.argument("role", type=ROLES)
def revoke(login: str, role: str) -> None:
    """Take a role away in every reach, at once."""
    try:
        with transaction(SYSTEM) as session:
            account = find(session, login)
            held = [g for g in account.grants if g.role == role and g.revoked_at is None]
            for row in held:
                grants.revoke_role(session, account=account, grant_id=row.id, by=SYSTEM)
    except DomainError as error:
        raise refuse(error) from error
    click.echo(f"{len(held)} grant(s) revoked.")


@group.command("activate-slips")
@click.argument("opd_id", type=int)
@click.option("--days", type=click.IntRange(1, 90), default=activation.VALID_DAYS)
def activate_slips(opd_id: int, days: int) -> None:
    """Make slips for an OPD and print name, login and code; keep the output safe."""
    from app.web.auth.context import sealer

    box = sealer()
    try:
        with transaction(SYSTEM) as session:
            batch = activation.make_batch(session, opd_id=opd_id, by=SYSTEM, sealer=box, days=days)
            activation.mark_printed(session, batch=batch)
            rows = activation.slips(session, batch=batch, sealer=box)
    except DomainError as error:
        raise refuse(error) from error
    for slip in rows:
        click.echo(f"{slip.nip or slip.email}\t{slip.name}\t{slip.code}")
    click.echo(f"{len(rows)} slip(s), batch {batch.id}.", err=True)


@group.command("reset-password")
@click.argument("login")
@click.option("--second-factor", "factor", is_flag=True, help="Take the second factor off too.")
def reset_password(login: str, factor: bool) -> None:
    """Give a new first password and end all sessions."""
    password = _random_password()
    try:
        with transaction(SYSTEM) as session:
            account = find(session, login)
            lifecycle.set_first_password(session, account=account, password=password)
            throttling.forget(session, f"account:{account.id}")
            if factor:
                second_factor.clear(session, account=account, reason="command line")
    except DomainError as error:
        raise refuse(error) from error
    click.echo(f"First password (change it at the next sign-in): {password}")


@group.command("end-sessions")
@click.argument("login")
def end_sessions(login: str) -> None:
    """End all sessions of an account."""
    with transaction(SYSTEM) as session:
        account = find(session, login)
        count = sessions.end_sessions(session, account_id=account.id, reason="command line")
    click.echo(f"{count} session(s) ended.")


@group.command("tidy")
def tidy() -> None:
    """Remove what has expired: counters of failures and printable copies of slips."""
    with transaction(SYSTEM) as session:
        counters = throttling.purge(session)
        slips = activation.wipe_expired(session)
    click.echo(f"{counters} counter(s) and {slips} printable code(s) removed, {clock.today()}.")


def _random_password() -> str:
    while True:
        password = secrets.token_urlsafe(15)
        try:
            passwords.check_rules(password)
        except DomainError:
            continue
        return password
