"""Signing in and out through the pages."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import lifecycle, passwords, sessions
from app.core.accounts.models import Account, AccountState, UserSession
from tests.factories.accounts import PASSWORD, make_account, with_password
from tests.support.application import Client

HOME = "/akun"
NEW = "gerimis di atas jembatan"


@pytest.fixture
def account(session: Session) -> Account:
    """An account with NIP, e-mail and password."""
    return with_password(session, make_account(session, nip="199001012015011001"))


def sign_in(client: Client, login: str, password: str = PASSWORD, query: str = ""):
    """Send the sign-in form."""
    return client.post(f"/masuk{query}", data={"login": login, "password": password})


@pytest.mark.parametrize("login", ["199001012015011001", "19900101 201501 1 001", "email"])
def test_nip_and_mail_both_open(client: Client, account: Account, login: str) -> None:
    given = (account.email or "").upper() if login == "email" else login
    assert sign_in(client, given).status_code == 303
    assert client.get(HOME).status_code == 200


def test_wrong_and_unknown_get_one_answer(client: Client, account: Account) -> None:
    wrong = sign_in(client, account.nip or "", "salah sekali kata ini")
    unknown = sign_in(client, "199001012015011999", "salah sekali kata ini")
    strip = re.compile(r'value="\d{18}"|name="csrf_token"[^>]*|content="[^"]*"|X-CSRFToken[^}]*')
    assert wrong.status_code == unknown.status_code == 422
    assert strip.sub("", wrong.text) == strip.sub("", unknown.text)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.test", "/\\evil.test", "https:evil.test", "https://evil.test", "///evil.test",
        "/%2f/evil.test", "/%5cevil.test", "/\tevil", "/\n/evil", "javascript:alert(1)",
        "evil.test", "/%09/evil.test", "\\\\evil.test", "/keluar", "/masuk", "http:///evil.test",
        " //evil.test", "/../\\evil", "data:text/html,x", "/%0d%0aSet-Cookie:x=1", "",
        "@evil.test", "////evil.test/",
    ],
)  # fmt: skip
def test_next_stays_here(client: Client, account: Account, target: str) -> None:
    answer = client.post(
        "/masuk",
        query_string={"next": target},
        data={"login": account.nip, "password": PASSWORD},
    )
    assert answer.headers["Location"] == "/"


def test_next_leads_to_the_page_asked_for(client: Client, account: Account) -> None:
    assert sign_in(client, account.nip or "", query="?next=/akun").headers["Location"] == "/akun"


def test_many_wrong_tries_wait_but_the_known_browser_does_not(
    app: Flask, client: Client, account: Account
) -> None:
    sign_in(client, account.nip or "")
    client.post("/keluar")
    stranger = app.test_client()
    codes = [sign_in(stranger, account.nip or "", f"salah {n} kali").status_code for n in range(6)]
    assert codes[:4] == [422] * 4 and codes[4:] == [429] * 2
    assert sign_in(stranger, account.email or "").status_code == 429
    assert sign_in(client, account.nip or "").status_code == 303


def test_after_the_wait_the_right_password_opens(client: Client, account: Account) -> None:
    for number in range(5):
        answer = sign_in(client, account.nip or "", f"salah {number} kali")
    wait = int(answer.headers["Retry-After"])
    with time_machine.travel(clock.now() + timedelta(seconds=wait + 1)):
        assert sign_in(client, account.nip or "").status_code == 303


def test_signing_in_renews_the_cookie(client: Client, account: Account) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        cookie["_user_id"] = "chosen by somebody else"
    sign_in(client, account.nip or "")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie["_user_id"] != "chosen by somebody else"


@pytest.mark.parametrize("ending", ["sign out", "password", "suspend", "demote"])
def test_a_replayed_cookie_is_refused(
    app: Flask, session: Session, client: Client, account: Account, ending: str
) -> None:
    make_account(session, "admin")
    sign_in(client, account.nip or "")
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    if ending == "sign out":
        client.post("/keluar")
    elif ending == "password":
        data = {"present": PASSWORD, "password": NEW, "repeat": NEW}
        thief = app.test_client()
        sign_in(thief, account.nip or "")
        assert thief.post("/akun/kata-sandi", data=data).status_code == 303
        assert thief.get(HOME).status_code == 200
    else:
        lifecycle.suspend(session, account=account, reason="pemeriksaan")
    replay = app.test_client()
    with replay.session_transaction() as cookie:
        cookie.update(kept)
    if ending == "demote":
        lifecycle.reactivate(session, account=account)
    assert replay.get(HOME).status_code in (302, 303)


@pytest.mark.parametrize(
    ("role", "minutes", "status"), [("employee", 60, 200), ("officer", 60, 302)]
)
def test_idle_time_depends_on_the_role(
    session: Session, client_as, role: str, minutes: int, status: int
) -> None:
    client = client_as(role)
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        assert client.get(HOME).status_code == status


def test_absolute_expiry(session: Session, client_as) -> None:
    client = client_as("employee")
    start = clock.now()
    for hour in (4, 8, 11):
        with time_machine.travel(start + timedelta(hours=hour)):
            assert client.get(HOME).status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert client.get(HOME).status_code == 302


def test_identification_takes_two_statements(app: Flask, session: Session, query_counter) -> None:
    account = make_account(session, "officer")
    token = sessions.open_session(session, account=account, hours=1, address="127.0.0.1", agent="")
    session.commit()
    session.expire_all()
    with query_counter() as queries:
        view = sessions.resume(session, token=token, address=None, request_id=None)
    assert view is not None and view.actor.grants
    assert queries.count <= 2, queries.statements


def test_a_suspended_owner_hears_why_only_with_the_right_password(
    session: Session, client: Client, account: Account
) -> None:
    account.state = AccountState.SUSPENDED
    assert "tidak aktif" not in sign_in(client, account.nip or "", "salah sekali ini").text
    assert "tidak aktif" in sign_in(client, account.nip or "").text


def test_an_old_hash_is_made_anew(session: Session, client: Client, account: Account) -> None:
    before = account.password_hash
    account.password_hash = passwords.PasswordHasher(2, 16, 1).hash(PASSWORD)
    sign_in(client, account.nip or "")
    assert account.password_hash not in (None, before)
    assert not passwords.needs_rehash(account.password_hash or "")


def test_sign_out_wants_a_post_and_clears(
    client: Client, session: Session, account: Account
) -> None:
    sign_in(client, account.nip or "")
    assert client.get("/keluar").status_code == 405
    assert "storage" in client.post("/keluar").headers["Clear-Site-Data"]
    assert session.query(UserSession).one().end_reason == "sign-out"


def test_one_can_end_the_own_sessions_only(app: Flask, session: Session, client_as) -> None:
    mine, other = client_as("employee"), client_as("officer")
    foreign = session.query(UserSession).filter_by(account_id=other.account.id).one()
    assert mine.post(f"/akun/sesi/{foreign.id}/akhiri").status_code == 404
    assert other.get(HOME).status_code == 200
