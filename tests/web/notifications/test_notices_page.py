"""The page of notices."""

import pytest

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.i18n import Message
from app.core.notifications.services import notify, unread_count


@pytest.fixture
def tell(app):
    """Leave a notice for the account of a client."""

    def leave(client, words="Bukti <i>diterima</i>", url="/profil"):
        with app.app_context(), transaction(SYSTEM) as session:
            return notify(
                session,
                account_id=client.account.id,
                kind="evidence.accepted",
                message=Message(words),
                url=url,
            )

    return leave


@pytest.fixture
def unread(app):
    """Count the unread notices of a client's account."""

    def count(client):
        with app.app_context():
            return unread_count(db.session(), account_id=client.account.id)

    return count


def token(page):
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def test_an_empty_page_says_what_will_come(client_as):
    assert "Belum ada pemberitahuan" in client_as("employee").get("/notifikasi").text


def test_it_shows_own_notices_escaped(client_as, tell):
    client = client_as("employee")
    tell(client)

    assert "Bukti &lt;i&gt;diterima&lt;/i&gt;" in client.get("/notifikasi").text
    assert "diterima" not in client_as("employee").get("/notifikasi").text


def test_looking_at_the_list_reads_nothing(client_as, tell, unread):
    client = client_as("employee")
    tell(client)
    client.get("/notifikasi")

    assert unread(client) == 1


def test_opening_a_notice_reads_it_and_leads_on(client_as, tell, unread):
    client = client_as("employee")
    notice_id = tell(client)

    csrf = token(client.get("/notifikasi").text)
    answer = client.post(f"/notifikasi/{notice_id}/baca", data={"csrf_token": csrf})
    assert (answer.status_code, answer.location) == (303, "/profil")
    assert unread(client) == 0


def test_somebody_elses_notice_is_not_found(client_as, tell, unread):
    owner, other = client_as("employee"), client_as("employee")
    notice_id = tell(owner)
    tell(other)

    csrf = token(other.get("/notifikasi").text)
    answer = other.post(f"/notifikasi/{notice_id}/baca", data={"csrf_token": csrf})
    assert answer.status_code == 404
    assert unread(owner) == 1


def test_all_are_read_with_one_button(client_as, tell, unread):
    client = client_as("employee")
    for _ in range(3):
        tell(client)

    csrf = token(client.get("/notifikasi").text)
    assert client.post("/notifikasi/baca-semua", data={"csrf_token": csrf}).status_code == 303
    assert unread(client) == 0


def test_the_bell_tells_how_many_are_new(client_as, tell):
    client = client_as("employee")
    tell(client)
    tell(client)

    badge = client.get("/notifikasi").text.split('class="ek-badge"')[1][:4]
    assert badge == ">2<s"
