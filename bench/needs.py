"""Needs of a whole city rolled up, and what unlocks its vacant seats."""

import random
import time
from collections.abc import Iterable

from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.demo.load import load_city
from bench.city import application
from bench.run import Figure
from courses.need_rules import roll_up
from courses.planning_access import Reach
from courses.queries.jp import accounts
from courses.queries.need_overview import all_needs
from courses.services.unlock_seats import unlock_report
from skills.models import Employee


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield the figures of 5,000 people (800 when quick)."""
    people = 800 if quick else 5_000
    with application():
        load_city(db.session(), people=people, seed=random.Random(7).randint(1, 9))
        db.session.commit()
        yield from _figures(f"{people:,} people")


def _figures(size: str) -> Iterable[Figure]:
    session = db.session()
    assert session.scalar(select(func.count()).select_from(Employee))
    day = clock.today()
    start = time.perf_counter()
    cells = roll_up(all_needs(session, day=day))
    yield Figure(f"needs rolled up, {size}", 1000 * (time.perf_counter() - start), "ms", 1500)
    assert cells
    start = time.perf_counter()
    accounts(session, year=day.year, reach=Reach(None))
    yield Figure(f"accounts of hours, {size}", 1000 * (time.perf_counter() - start), "ms", 1500)
    unlock_report(session, budget=0, hours=0)  # the pool is read once and then kept
    start = time.perf_counter()
    unlock_report(session, budget=100_000_000, hours=2_000)
    yield Figure(f"what unlocks seats, {size}", 1000 * (time.perf_counter() - start), "ms", 5000)
