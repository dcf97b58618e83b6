"""Failed tries, counted in the database for all workers: delays grow, nothing locks for good.

A try is counted before the secret is checked, so that a hundred parallel tries cannot all pass,
and given back when the secret was right.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.models import Throttle
from app.core.db import affected_rows
from app.core.errors import QuotaExceeded
from app.core.i18n import N_, Message


@dataclass(frozen=True)
class Rule:
    """How many tries are free and how long each further one makes the next wait (seconds)."""

    free: int
    delays: tuple[int, ...]
    forget: timedelta

    def delay(self, failures: int) -> timedelta:
        """Return how long to wait after this many failures."""
        if failures < self.free:
            return timedelta()
        step = min(failures - self.free, len(self.delays) - 1)
        return timedelta(seconds=self.delays[step])


# Eight checks of one account in the first quarter of an hour, then one a quarter.
ACCOUNT = Rule(free=4, delays=(30, 60, 120, 240, 480, 900), forget=timedelta(hours=24))
# An office shares one address: generous, because successes are given back.
ADDRESS = Rule(free=60, delays=(15, 30, 60, 120, 300, 900), forget=timedelta(hours=1))
# Mails to one account; more would only fill the box of its owner.
MAILS = Rule(free=3, delays=(900, 1800, 3600), forget=timedelta(hours=12))

Counter = tuple[str, Rule]


def take(session: Session, counters: list[Counter]) -> None:
    """Count a try on every counter, in the order given (the same everywhere: no deadlock).

    Raises:
        QuotaExceeded: while one of them is to wait; then nothing is counted.
    """
    moment = clock.now()
    for key, rule in counters:
        row = _row(session, key)
        if row.blocked_until is not None and row.blocked_until > moment:
            raise _wait(row.blocked_until - moment)
        if moment - row.window_started_at > rule.forget:
            row.failures, row.window_started_at = 0, moment
        row.failures += 1
        delay = rule.delay(row.failures)
        row.blocked_until = moment + delay if delay else None
    session.flush()


def give_back(session: Session, counters: list[Counter]) -> None:
    """Take one try off each counter: the secret was right."""
    for key, rule in counters:
        row = _row(session, key)
        row.failures = max(0, row.failures - 1)
        if row.failures < rule.free:
            row.blocked_until = None
    session.flush()


def forget(session: Session, *keys: str) -> None:
    """Forget the failures of the keys."""
    session.execute(delete(Throttle).where(Throttle.key.in_(keys)))


def purge(session: Session) -> int:
    """Delete counters nobody touched for two days; return how many."""
    old = clock.now() - timedelta(days=2)
    return affected_rows(session, delete(Throttle).where(Throttle.window_started_at < old))


def _row(session: Session, key: str) -> Throttle:
    wanted = select(Throttle).where(Throttle.key == key).with_for_update()
    row = session.scalar(wanted)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(Throttle(key=key, failures=0, window_started_at=clock.now()))
    except IntegrityError:
        session.expire_all()
    return session.scalars(wanted).one()


def _wait(left: timedelta) -> QuotaExceeded:
    seconds = max(1, int(left.total_seconds()))
    if seconds <= 90:
        text = Message(
            N_("Terlalu banyak percobaan. Coba lagi dalam %(count)s detik."), {"count": seconds}
        )
    else:
        text = Message(
            N_("Terlalu banyak percobaan. Coba lagi dalam %(count)s menit."),
            {"count": round(seconds / 60)},
        )
    return QuotaExceeded(text, retry_after=seconds)
