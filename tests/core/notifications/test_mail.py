"""The outbox: what is refused, what a dead mail server does, what is sent and how often."""

import email
import email.policy
import socket
import socketserver
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.errors import InvalidInput
from app.core.i18n import Message
from app.core.mail import queue_mail
from app.core.notifications.delivery import deliver_due
from app.core.notifications.models import OutboxMail


class _Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, refuse: bytes = b"") -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.mails: list[bytes] = []
        self.refuse = refuse


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._receive()
            elif word == b"QUIT":
                return
            elif word == b"RCPT" and self.server.refuse and self.server.refuse in line:
                self.wfile.write(b"550 no such mailbox\r\n")
            else:
                self.wfile.write(b"250 ok\r\n")

    def _receive(self) -> None:
        self.wfile.write(b"354 go on\r\n")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.mails.append(b"".join(lines))
        self.wfile.write(b"250 kept\r\n")


@pytest.fixture
def mailbox():
    """A running mail server."""
    with _Mailbox(refuse=b"nobody@") as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def with_server(app, mailbox):
    """Settings that name the running mail server."""
    port = mailbox.server_address[1]
    return replace(app.config["SETTINGS"], mail_server="127.0.0.1", mail_port=port)


@pytest.fixture
def put(app):
    """Queue a mail in a transaction of its own."""

    def queue(to="siti@contoh.test", subject=None, text="Isi", **options):
        with app.app_context(), transaction(SYSTEM) as session:
            subject = subject or Message("Kabar untuk %(name)s", {"name": "Siti"})
            return queue_mail(session, to=to, subject=subject, text=text, **options).id

    return queue


@pytest.fixture
def deliver(app):
    """Deliver once, as the worker does every two seconds."""

    def run(settings=None):
        with app.app_context():
            return deliver_due(settings or app.config["SETTINGS"])

    return run


@pytest.fixture
def row(app):
    """Read a mail of the outbox afresh."""

    def read(mail_id):
        with app.app_context():
            found = db.session.get_one(OutboxMail, mail_id)
            db.session.expunge(found)
            return found

    return read


def parsed(content):
    return email.message_from_bytes(content, policy=email.policy.default)


def test_it_is_sent_once_as_text_and_html(put, deliver, with_server, mailbox, row):
    mail_id = put(
        text=Message("Bukti <b>%(name)s</b> diterima.", {"name": "Ijazah"}), url="/profil"
    )

    assert (deliver(with_server), deliver(with_server)) == (1, 0)

    message = parsed(mailbox.mails[0])
    assert message["To"] == "siti@contoh.test"
    assert message["Subject"] == "Kabar untuk Siti"
    assert "http://127.0.0.1:8000/profil" in message.get_body(("plain",)).get_content()
    assert "&lt;b&gt;Ijazah" in message.get_body(("html",)).get_content()
    assert row(mail_id).sent_at is not None


def test_a_rolled_back_transaction_sends_nothing(app, deliver, with_server, mailbox):
    with app.app_context(), pytest.raises(RuntimeError), transaction(SYSTEM) as session:
        queue_mail(session, to="a@contoh.test", subject=Message("x"), text="y")
        raise RuntimeError

    assert deliver(with_server) == 0
    assert mailbox.mails == []


@pytest.mark.parametrize(
    "to",
    [
        "a@contoh.test\r\nBcc: b@contoh.test",
        "a@contoh.test\nX: y",
        "a@contoh.test\x85Bcc: b@contoh.test",
        "a@contoh.test, b@contoh.test",
        "Siti <a@contoh.test>",
        "tanpa-at",
        "",
        "a" * 250 + "@contoh.test",
    ],
)
def test_an_address_with_anything_else_in_it_is_refused(put, to):
    with pytest.raises(InvalidInput):
        put(to=to)


@pytest.mark.parametrize("name", ["Siti\r\nBcc: x@y.test", "Siti\nX-Evil: 1", "Siti\u2028x"])
def test_a_line_break_in_the_subject_is_refused(put, name):
    with pytest.raises(InvalidInput):
        put(subject=Message("Kabar %(name)s", {"name": name}))


def test_the_same_key_is_queued_once(put):
    assert put(key="k") == put(key="k")


def test_a_dead_mail_server_delays_and_loses_nothing(put, deliver, app, row, with_server, mailbox):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = replace(with_server, mail_port=closed.getsockname()[1])
        mail_id = put()
        assert deliver(dead) == 0

    waiting = row(mail_id)
    assert (waiting.sent_at, waiting.attempts) == (None, 1)
    assert "Refused" in waiting.error
    assert deliver(with_server) == 0  # not before its time
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert deliver(with_server) == 1
    assert len(mailbox.mails) == 1


def test_a_refused_receiver_does_not_hold_up_the_others(put, deliver, with_server, mailbox, row):
    refused, good = put(to="nobody@contoh.test"), put()

    assert deliver(with_server) == 1
    assert "550" in row(refused).error
    assert row(good).sent_at is not None


def test_a_mail_is_given_up_after_the_last_try(app, put, deliver, with_server, row):
    mail_id = put(to="nobody@contoh.test")
    for days in range(10):
        with time_machine.travel(clock.now() + timedelta(days=2 * days), tick=False):
            deliver(with_server)

    given_up = row(mail_id)
    assert (given_up.attempts, given_up.next_try_at, given_up.sent_at) == (8, None, None)


def test_without_a_server_a_developer_reads_files(put, deliver, app):
    mail_id = put()

    assert deliver() == 1
    path = app.config["SETTINGS"].instance / "outbox" / f"{mail_id:06d}.eml"
    assert parsed(path.read_bytes())["Subject"] == "Kabar untuk Siti"
    assert path.stat().st_mode & 0o077 == 0


def test_without_a_server_production_keeps_mails_waiting(put, deliver, app, row):
    mail_id = put()

    assert deliver(replace(app.config["SETTINGS"], environment="production")) == 0
    assert (row(mail_id).attempts, row(mail_id).sent_at) == (0, None)


def test_a_mail_speaks_the_language_of_its_receiver(put, row):
    assert "Balasan tidak dibaca" in row(put(language="id")).body_text
