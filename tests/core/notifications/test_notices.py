"""Notices: who is told, once, and what reading changes."""

import pytest
from sqlalchemy import select

from app.core.accounts.models import AccountState
from app.core.errors import NotFound
from app.core.i18n import Message
from app.core.notifications.models import Notification, OutboxMail
from app.core.notifications.services import (
    list_notices,
    mark_all_read,
    mark_read,
    notify,
    unread_count,
)
from tests.factories.accounts import make_account


@pytest.fixture
def account(session):
    """An account among others."""
    make_account(session)
    return make_account(session)


def tell(session, account, **options):
    options = {"kind": "evidence", "message": Message("Bukti %(name)s", {"name": "A"})} | options
    return notify(session, account_id=account.id, **options)


def test_a_notice_reaches_its_account_only(session, account):
    tell(session, account, url="/profil")

    assert unread_count(session, account_id=account.id) == 1
    assert unread_count(session, account_id=account.id - 1) == 0
    notice = list_notices(session, account_id=account.id).items[0]
    assert (str(notice.words), notice.url) == ("Bukti A", "/profil")


def test_the_same_key_tells_once_and_mails_once(session, account):
    first = tell(session, account, key="x:1", email=True)
    second = tell(session, account, key="x:1", email=True)

    assert (first is not None, second) == (True, None)
    assert len(session.scalars(select(OutboxMail)).all()) == 1


def test_the_same_key_may_tell_two_accounts(session, account):
    assert tell(session, account, key="x:1")
    assert tell(session, make_account(session), key="x:1")


def test_a_closed_account_is_not_told(session, account):
    account.state = AccountState.CLOSED
    session.flush()

    assert tell(session, account) is None


def test_an_employee_without_account_is_passed_over(session):
    assert notify(session, employee_id=4711, kind="claim", message=Message("x")) is None


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "x"])
def test_a_notice_never_leads_out_of_the_application(session, account, url):
    with pytest.raises(ValueError, match="of this application"):
        tell(session, account, url=url)


def test_reading_is_kept_and_others_cannot_do_it(session, account):
    notice_id = tell(session, account)

    with pytest.raises(NotFound):
        mark_read(session, account_id=account.id - 1, notice_id=notice_id)
    mark_read(session, account_id=account.id, notice_id=notice_id)
    assert session.get_one(Notification, notice_id).read_at is not None


def test_all_are_read_at_once(session, account):
    other = make_account(session)
    for _ in range(3):
        tell(session, account)
    tell(session, other)

    assert mark_all_read(session, account_id=account.id) == 3
    assert unread_count(session, account_id=other.id) == 1
