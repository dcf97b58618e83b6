"""Accounts from the command line."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.accounts import passwords, sessions
from app.core.accounts.models import Account, AccountState
from app.core.actor import RoleName
from tests.factories.accounts import make_account, open_browser_session, with_password
from tests.factories.offices import make_opd, make_person


def run(app: Flask, session: Session, *arguments: str, code: int = 0, given: str = "") -> str:
    """Run `flask accounts …` and return what it printed."""
    session.commit()
    result = app.test_cli_runner().invoke(args=["accounts", *arguments], input=given)
    assert result.exit_code == code, result.output
    session.expire_all()
    return result.output


def test_a_fresh_installation_has_no_account(session: Session) -> None:
    assert session.query(Account).count() == 0


def test_the_first_administrator(app: Flask, session: Session) -> None:
    options = ("--email", "Admin@Contoh.test", "--name", "Kepala Admin")
    output = run(app, session, "create-admin", *options)
    account = session.query(Account).one()
    assert account.email == "admin@contoh.test" and account.must_change_password
    assert passwords.verify(account.password_hash, output.split()[-1])
    assert sessions.actor_of(account).has(RoleName.ADMIN)
    run(app, session, "create-admin", *options, code=1)


def test_a_given_password_has_to_be_good(app: Flask, session: Session) -> None:
    options = ("--email", "a@contoh.test", "--name", "A", "--password-stdin")
    run(app, session, "create-admin", *options, code=1, given="password1234\n")
    assert session.query(Account).count() == 0


def test_roles_and_the_last_administrator(app: Flask, session: Session) -> None:
    admin, other = make_account(session, "admin"), make_account(session)
    run(app, session, "revoke", str(admin.email), "admin", code=1)
    assert "admin city" in run(app, session, "grant", str(other.email), "admin")
    assert "1 grant" in run(app, session, "revoke", str(admin.email), "admin")
    assert str(other.email) in run(app, session, "list", "--role", "admin")


def test_a_password_reset_ends_sessions(app: Flask, session: Session) -> None:
    account = with_password(session, make_account(session))
    open_browser_session(session, account)
    password = run(app, session, "reset-password", str(account.email)).split()[-1]
    assert passwords.verify(account.password_hash, password)
    assert not sessions.open_sessions(session, account_id=account.id)


@pytest.mark.parametrize("state", [AccountState.SUSPENDED, AccountState.CLOSED])
def test_a_reset_opens_no_shut_account(app: Flask, session: Session, state: AccountState) -> None:
    account = make_account(session, state=state)
    run(app, session, "reset-password", str(account.email), code=1)
    assert account.state == state


def test_slips_of_an_opd(app: Flask, session: Session) -> None:
    opd = make_opd(session)
    person = make_person(session, opd)
    assert person.nip in run(app, session, "activate-slips", str(opd.id))
    run(app, session, "activate-slips", "999999", code=1)


def test_ending_sessions(app: Flask, session: Session) -> None:
    account = make_account(session)
    open_browser_session(session, account)
    assert "1 session" in run(app, session, "end-sessions", str(account.email))
    run(app, session, "end-sessions", "nobody@contoh.test", code=1)
    run(app, session, "tidy")
