"""TOTP codes count once; recovery codes too."""

from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import second_factor as factor
from app.core.accounts.models import Account
from app.core.accounts.sealing import Sealer
from app.core.accounts.sessions import actor_of
from app.core.errors import Conflict, InvalidInput, NotAllowed
from tests.factories.accounts import make_account

BOX = Sealer(["key of the test"])
START = datetime.fromisoformat("2026-11-24T08:00:00+07:00")


def enrolled(session: Session, role: str = "officer") -> tuple[Account, pyotp.TOTP, list[str]]:
    """Return an account with a second factor that was confirmed a minute ago."""
    account = make_account(session, role)
    with time_machine.travel(START - timedelta(minutes=1), tick=False):
        seed = pyotp.TOTP(factor.start(session, account=account, sealer=BOX))
        code = seed.at(clock.now())
        fresh = factor.confirm(session, account=account, code=code, sealer=BOX)
    return account, seed, fresh


def test_a_code_counts_once(session: Session) -> None:
    account, seed, _codes = enrolled(session)
    with time_machine.travel(START, tick=False):
        code = seed.at(clock.now())
        assert factor.check(session, account=account, code=code, sealer=BOX)
        assert not factor.check(session, account=account, code=code, sealer=BOX)


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_one_step_of_drift_is_fine(session: Session, seconds: int, fits: bool) -> None:
    account, seed, _codes = enrolled(session)
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        code = seed.at(clock.now() + timedelta(seconds=seconds))
        assert factor.check(session, account=account, code=code, sealer=BOX) is fits


def test_a_recovery_code_counts_once(session: Session) -> None:
    account, _seed, fresh = enrolled(session)
    assert len(set(fresh)) == factor.RECOVERY_CODES
    assert factor.use_recovery_code(session, account=account, code=fresh[3].lower())
    assert not factor.use_recovery_code(session, account=account, code=fresh[3])
    assert factor.recovery_codes_left(session, account_id=account.id) == 9


def test_new_recovery_codes_replace_the_old(session: Session) -> None:
    account, _seed, fresh = enrolled(session)
    factor.renew_recovery_codes(session, account=account)
    assert not factor.use_recovery_code(session, account=account, code=fresh[0])


def test_the_seed_is_not_readable_in_the_database(session: Session) -> None:
    account, seed, _codes = enrolled(session)
    assert seed.secret.encode() not in (account.totp_secret or b"")


def test_a_required_factor_stays_on(session: Session) -> None:
    account, _seed, _codes = enrolled(session)
    with pytest.raises(NotAllowed):
        factor.disable(session, account=account, by=actor_of(account), required=True)
    factor.disable(session, account=account, by=actor_of(account), required=False)
    assert account.totp_confirmed_at is None


def test_it_needs_a_right_code_and_a_start(session: Session) -> None:
    account = make_account(session)
    with pytest.raises(Conflict):
        factor.confirm(session, account=account, code="000000", sealer=BOX)
    factor.start(session, account=account, sealer=BOX)
    with pytest.raises(InvalidInput):
        factor.confirm(session, account=account, code="abcdef", sealer=BOX)
