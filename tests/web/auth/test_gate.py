"""What is owed comes before everything else."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import Account
from tests.factories.accounts import PASSWORD, make_account, with_password
from tests.support.application import Client

NEW = "gerimis di atas jembatan"
PAGES = ("/", "/akun", "/admin/akun")
REQUIRED = pytest.mark.parametrize("app", [{"require_second_factor": True}], indirect=True)


def signed_in(app: Flask, account: Account, password: str = PASSWORD) -> Client:
    """Return a client that went through the sign-in form."""
    client: Client = app.test_client()  # type: ignore[assignment]
    client.post("/masuk", data={"login": account.email, "password": password})
    return client


def landing(client: Client, page: str = "/akun") -> str:
    """Return where a page leads, or the page itself."""
    answer = client.get(page)
    return answer.headers.get("Location", page).split("?")[0]


def test_the_first_password_is_changed_first(app: Flask, session: Session) -> None:
    account = with_password(session, make_account(session, "admin", must_change_password=True))
    client = signed_in(app, account)
    assert {landing(client, page) for page in PAGES} == {"/akun/kata-sandi"}
    data = {"present": PASSWORD, "password": NEW, "repeat": NEW}
    assert client.post("/akun/kata-sandi", data=data).status_code == 303
    assert landing(client) == "/akun"


def test_the_notice_is_read_once(app: Flask, session: Session) -> None:
    account = with_password(session, make_account(session, privacy_notice_version=None))
    client = signed_in(app, account)
    assert {landing(client, page) for page in PAGES} == {"/privasi/setuju"}
    assert client.post("/privasi/setuju", data={}).status_code == 422
    assert client.post("/privasi/setuju", data={"read": "y"}).status_code == 303
    assert landing(client) == "/akun"
    session.refresh(account)
    assert account.privacy_acknowledged_at is not None


@REQUIRED
def test_an_officer_enrols_first(app: Flask, session: Session) -> None:
    account = with_password(session, make_account(session, "officer"))
    client = signed_in(app, account)
    assert {landing(client, page) for page in PAGES} == {"/akun/dua-langkah"}
    seed = seed_on(client)
    code = pyotp.TOTP(seed).at(clock.now())
    assert client.post("/akun/dua-langkah", data={"code": code}).status_code == 303
    shown = client.get("/akun/kode-cadangan")
    assert shown.text.count("<li><code") == 10
    assert client.get("/akun/kode-cadangan").status_code == 303
    assert landing(client) == "/akun"


def seed_on(client: Client) -> str:
    """Return the seed that the page for enrolment shows."""
    text = client.get("/akun/dua-langkah").text
    return text.partition('class="ek-code">')[2].partition("<")[0].replace(" ", "")


@REQUIRED
def test_an_employee_need_not(app: Flask, session: Session) -> None:
    assert landing(signed_in(app, with_password(session, make_account(session)))) == "/akun"


def enrolled(app: Flask, session: Session) -> tuple[Account, pyotp.TOTP]:
    """Return an account that enrolled through the pages, and its app."""
    account = with_password(session, make_account(session, "officer"))
    client = signed_in(app, account)
    totp = pyotp.TOTP(seed_on(client))
    client.post("/akun/dua-langkah", data={"code": totp.at(clock.now())})
    return account, totp


def test_a_password_alone_reaches_nothing(app: Flask, session: Session) -> None:
    account, _totp = enrolled(app, session)
    client = signed_in(app, account)
    assert {landing(client, page) for page in (*PAGES, "/audit")} == {"/masuk/kode"}
    assert (
        client.post("/akun/dua-langkah/matikan", data={"present": PASSWORD})
        .headers["Location"]
        .startswith("/masuk/kode")
    )


def test_the_code_opens_a_new_session(app: Flask, session: Session) -> None:
    account, totp = enrolled(app, session)
    client = signed_in(app, account)
    with client.session_transaction() as cookie:
        before = cookie["_user_id"]
    code = totp.at(clock.now() + timedelta(seconds=30))
    assert client.post("/masuk/kode", data={"code": code}).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != before
    assert landing(client) == "/akun"
    again = signed_in(app, account)
    assert again.post("/masuk/kode", data={"code": code}).status_code == 422


def test_codes_cannot_be_tried_at_will(app: Flask, session: Session) -> None:
    account, _totp = enrolled(app, session)
    client = signed_in(app, account)
    tries = [client.post("/masuk/kode", data={"code": f"00000{n}"}).status_code for n in range(6)]
    assert tries[:4] == [422] * 4 and tries[-1] == 429
