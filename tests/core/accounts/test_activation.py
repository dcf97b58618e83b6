"""Slips: single use, expiring, withdrawn by later ones, without a way around."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import activation, codes, passwords
from app.core.accounts.models import Account, AccountState, OneTimeCode
from app.core.accounts.sealing import Sealer
from app.core.actor import SYSTEM
from app.core.errors import Conflict, InvalidInput
from skills.models import Opd
from tests.factories.accounts import PASSWORD, make_account
from tests.factories.offices import make_opd, make_person

BOX = Sealer(["key of the test"])


def one_slip(session: Session) -> tuple[Opd, activation.Slip]:
    """Return an OPD with one person and that person's slip."""
    opd = make_opd(session)
    make_person(session, opd)
    batch = activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=BOX)
    return opd, activation.slips(session, batch=batch, sealer=BOX)[0]


def redeem(session: Session, slip: activation.Slip, **changes: str) -> Account:
    """Use a slip as its owner would, with changes."""
    given = {"login": slip.nip or "", "code": slip.code or "", "password": PASSWORD} | changes
    return activation.redeem(session, address="127.0.0.1", **given)


def test_it_opens_the_account_once(session: Session) -> None:
    _opd, slip = one_slip(session)
    account = redeem(session, slip, code=(slip.code or "").lower().replace("-", " "))
    assert account.state == AccountState.ACTIVE
    assert passwords.verify(account.password_hash, PASSWORD)
    with pytest.raises(InvalidInput):
        redeem(session, slip)


def test_the_code_of_another_does_not_fit(session: Session) -> None:
    _opd, slip = one_slip(session)
    _other, foreign = one_slip(session)
    with pytest.raises(InvalidInput):
        redeem(session, slip, login=foreign.nip or "")


def test_it_expires(session: Session) -> None:
    _opd, slip = one_slip(session)
    with time_machine.travel(clock.now() + timedelta(days=15)):
        with pytest.raises(InvalidInput):
            redeem(session, slip)
        assert activation.wipe_expired(session) == 1


def test_a_refused_password_leaves_the_code_open(session: Session) -> None:
    _opd, slip = one_slip(session)
    with pytest.raises(InvalidInput) as refusal:
        redeem(session, slip, password="password1234")
    assert refusal.value.field == "password"
    redeem(session, slip)


def test_a_later_batch_withdraws_the_earlier(session: Session) -> None:
    opd, slip = one_slip(session)
    activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=BOX)
    with pytest.raises(InvalidInput):
        redeem(session, slip)


def test_nothing_readable_is_stored(session: Session) -> None:
    _opd, slip = one_slip(session)
    row = session.query(OneTimeCode).one()
    assert row.code_hash == codes.digest_of_code(slip.code or "")
    assert (slip.code or "").encode() not in (row.sealed or b"")
    redeem(session, slip)
    session.expire_all()
    assert session.query(OneTimeCode).one().sealed is None


def test_people_with_a_higher_role_are_left_out_of_the_batch(session: Session) -> None:
    opd = make_opd(session)
    make_account(session, "officer", employee=make_person(session, opd), state="pending")
    with pytest.raises(Conflict):
        activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=BOX)


def test_people_who_left_get_none(session: Session) -> None:
    opd = make_opd(session)
    make_person(session, opd, employment_state="retired")
    with pytest.raises(Conflict):
        activation.make_batch(session, opd_id=opd.id, by=SYSTEM, sealer=BOX)


def test_the_alphabet_has_no_letters_that_look_alike() -> None:
    assert not set("01ILOU") & set(codes.ALPHABET)
    assert len(codes.normalise(codes.new_code())) == 16
