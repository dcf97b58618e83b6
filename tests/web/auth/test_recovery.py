"""Getting in without a password: slips and mails."""

import re
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import activation
from app.core.accounts.models import Account, UserSession
from app.core.accounts.sealing import Sealer
from app.core.actor import SYSTEM
from app.core.notifications.models import OutboxMail
from tests.factories.accounts import PASSWORD, make_account, with_password
from tests.factories.offices import make_opd, make_person
from tests.support.application import Client

NEW = "gerimis di atas jembatan"


def slip_of(app: Flask, session: Session) -> activation.Slip:
    """Return the slip of somebody new, sealed by the application's key."""
    opd = make_opd(session)
    make_person(session, opd)
    box = Sealer([app.config["SECRET_KEY"]])
    batch = activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=box)
    return activation.slips(session, batch=batch, sealer=box)[0]


def test_a_slip_opens_the_account(app: Flask, session: Session, client: Client) -> None:
    slip = slip_of(app, session)
    data = {"login": slip.nip, "code": slip.code, "password": NEW, "repeat": NEW}
    assert client.post("/aktivasi", data=data).status_code == 303
    answer = client.post("/masuk", data={"login": slip.nip, "password": NEW})
    assert answer.status_code == 303


def test_codes_of_slips_cannot_be_guessed(app: Flask, session: Session, client: Client) -> None:
    slip = slip_of(app, session)
    data = {"login": slip.nip, "code": "AAAA-BBBB-CCCC-DDDD", "password": NEW, "repeat": NEW}
    codes = [client.post("/aktivasi", data=data).status_code for _n in range(6)]
    assert codes[0] == 422 and codes[-1] == 429


def link_for(client: Client, session: Session, account: Account) -> str:
    """Ask for a mail and return the path of its link."""
    client.post("/lupa-sandi", data={"login": account.email})
    mails = session.query(OutboxMail).order_by(OutboxMail.id.desc())
    found = re.search(r"/atur-ulang-sandi/[\w-]+", mails.first().body_text)
    assert found is not None
    return found.group()


def test_known_and_unknown_addresses_get_one_answer(client: Client, session: Session) -> None:
    account = with_password(session, make_account(session))
    answers = [
        client.post("/lupa-sandi", data={"login": login})
        for login in (account.email, "tidak.ada@contoh.test")
    ]
    assert {(a.status_code, a.headers["Location"]) for a in answers} == {
        (303, "/lupa-sandi/terkirim")
    }
    assert session.query(OutboxMail).count() == 1


def test_a_link_works_once_and_ends_sessions(app: Flask, session: Session, client: Client) -> None:
    account = with_password(session, make_account(session))
    inside: Client = app.test_client()  # type: ignore[assignment]
    inside.post("/masuk", data={"login": account.email, "password": PASSWORD})
    path = link_for(client, session, account)
    data = {"password": NEW, "repeat": NEW}
    assert client.get(path).status_code == 200
    assert client.post(path, data=data).status_code == 303
    assert client.post(path, data=data).status_code == 404
    assert session.query(UserSession).filter(UserSession.ended_at.is_(None)).count() == 0
    assert client.post("/masuk", data={"login": account.email, "password": NEW}).status_code == 303


def test_a_link_expires_and_a_later_one_replaces_it(session: Session, client: Client) -> None:
    account = with_password(session, make_account(session))
    first = link_for(client, session, account)
    second = link_for(client, session, account)
    assert client.get(first).status_code == 404
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert client.get(second).status_code == 404


def test_a_box_is_not_flooded(session: Session, client: Client) -> None:
    account = with_password(session, make_account(session))
    for _round in range(8):
        client.post("/lupa-sandi", data={"login": account.email})
    assert session.query(OutboxMail).count() <= 3


def test_the_notice_and_the_security_contact_are_public(client: Client) -> None:
    assert "NIK" in client.get("/privasi").text
    text = client.get("/.well-known/security.txt").text
    assert text.startswith("Contact: ") and "Expires: " in text
