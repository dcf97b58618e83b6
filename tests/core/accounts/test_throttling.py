"""Failed tries make the next one wait, shared by all workers and for nobody for good."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import throttling
from app.core.actor import SYSTEM
from app.core.db import transaction
from app.core.errors import QuotaExceeded

RULE = throttling.ACCOUNT
START = datetime.fromisoformat("2026-11-24T08:00:00+07:00")


def tries_in(session: Session, length: timedelta) -> int:
    """Count the tries that get through when somebody tries every five seconds."""
    passed = 0
    with time_machine.travel(START, tick=False) as travel:
        while clock.now() < START + length:
            try:
                throttling.take(session, [("account:1", RULE)])
                passed += 1
            except QuotaExceeded:
                pass
            travel.shift(5)
    return passed


def test_at_most_ten_checks_in_a_quarter(session: Session) -> None:
    assert 4 <= tries_in(session, timedelta(minutes=15)) <= 10


def test_it_never_locks_for_good(session: Session) -> None:
    first = tries_in(session, timedelta(hours=3))
    with time_machine.travel(START + timedelta(hours=3, minutes=16), tick=False):
        throttling.take(session, [("account:1", RULE)])
    assert first > 12


def test_delays_grow() -> None:
    delays = [RULE.delay(count) for count in range(1, 12)]
    assert delays == sorted(delays)
    assert delays[0] == timedelta() and delays[-1] == timedelta(minutes=15)


def test_a_right_secret_gives_the_try_back(session: Session) -> None:
    for _round in range(200):
        throttling.take(session, [("address:a", throttling.ADDRESS)])
        throttling.give_back(session, [("address:a", throttling.ADDRESS)])


def test_one_key_does_not_slow_another(session: Session) -> None:
    for _round in range(4):
        throttling.take(session, [("account:1", RULE)])
    throttling.take(session, [("account:2", RULE)])
    with pytest.raises(QuotaExceeded) as refusal:
        throttling.take(session, [("account:1", RULE)])
    assert 0 < refusal.value.retry_after <= 30


def test_a_new_day_starts_anew(session: Session) -> None:
    with time_machine.travel(START, tick=False) as travel:
        for _round in range(4):
            throttling.take(session, [("account:1", RULE)])
        travel.shift(timedelta(hours=25))
        for _round in range(4):
            throttling.take(session, [("account:1", RULE)])


def test_purge_keeps_what_still_counts(session: Session) -> None:
    with time_machine.travel(START, tick=False):
        throttling.take(session, [("old", RULE)])
    with time_machine.travel(START + timedelta(days=3), tick=False):
        throttling.take(session, [("new", RULE)])
        assert throttling.purge(session) == 1


@pytest.mark.parametrize("threads", [24])
def test_parallel_tries_do_not_slip_through(app: Flask, threads: int) -> None:
    start = threading.Barrier(threads)

    def one_try(_number: int) -> bool:
        with app.app_context():
            start.wait()
            try:
                with transaction(SYSTEM) as session:
                    throttling.take(session, [("account:1", RULE)])
            except QuotaExceeded:
                return False
            return True

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(one_try, range(threads))) == RULE.free
