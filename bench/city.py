"""A city to measure: an empty application, the demonstration grown large, and pages as served."""

import contextvars
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts import notice
from app.core.accounts.grants import Wish, grant_role
from app.core.accounts.models import Account, AccountState
from app.core.accounts.sessions import open_session
from app.core.actor import SYSTEM, RoleName, ScopeKind
from app.factory import build_app
from config import Settings
from skills.models import Employee, PortfolioItem, PositionRecord, ProfileVector, TrainingRecord

_CHUNK = 2_000
# What a search reads of a person besides the levels.
_TEXTS = (PositionRecord, TrainingRecord, PortfolioItem)


@contextmanager
def application() -> Iterator[Flask]:
    """Give an application on a new SQLite database that is thrown away, inside its context."""
    with TemporaryDirectory(prefix="ekarir-bench-") as folder:
        app = build_app(
            Settings(
                environment="testing",
                secret_key="only for a bench that is thrown away",
                database_url=f"sqlite:///{folder}/bench.db",
                instance=Path(folder),
                jobs_mode="inline",
            ).completed()
        )
        with app.app_context():
            upgrade(directory=str(app.extensions["migrate"].directory))
            yield app


def grow(session: Session, people: int) -> None:
    """Copy the people of a city, with their texts, until there are so many.

    Every copy knows something else: a tenth of its levels is forgotten, another tenth is one higher
    or lower, so that the copies do not tie.
    """
    known = session.scalars(select(Employee.id).order_by(Employee.id)).all()
    highest, rng = max(known), np.random.default_rng(people)
    rounds = -(-(people - len(known)) // len(known))
    for turn in range(1, rounds + 1):
        ids = known[: people - turn * len(known)]
        _copy(session, Employee.__table__, Employee.id, ids, _another_person(turn * highest, turn))
        _copy(
            session,
            ProfileVector.__table__,
            ProfileVector.employee_id,
            ids,
            _another_profile(turn * highest, rng),
        )
        for model in _TEXTS:
            change = _another_text(turn * highest)
            _copy(session, model.__table__, model.employee_id, ids, change)


def _copy(
    session: Session,
    table: Any,
    owner: Any,
    ids: Any,
    change: Callable[[dict[str, Any]], None],
) -> None:
    assert isinstance(table, Table)
    found = session.execute(select(table).where(owner.in_(ids)).order_by(owner)).mappings()
    rows = [dict(row) for row in found]
    for row in rows:
        change(row)
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(table), rows[start : start + _CHUNK])


def _another_person(shift: int, turn: int) -> Callable[[dict[str, Any]], None]:
    def change(row: dict[str, Any]) -> None:
        row["id"] += shift
        row["nip"] = f"{row['id'] % 10**8:08d}{row['nip'][8:14]}{turn % 9000 + 1000}"[:18]
        row["supervisor_id"] = None

    return change


def _another_profile(shift: int, rng: np.random.Generator) -> Callable[[dict[str, Any]], None]:
    def change(row: dict[str, Any]) -> None:
        row["employee_id"] += shift
        for name in ("verified", "claimed"):
            levels = np.frombuffer(row[name], np.uint8).astype(np.int8)
            chance = rng.random(len(levels))
            levels = np.where(chance < 0.1, 0, levels)
            moved = np.clip(levels + np.where(chance > 0.95, 1, -1), 1, 5)
            levels = np.where((chance > 0.9) & (levels > 0), moved, levels)
            row[name] = levels.astype(np.uint8).tobytes()

    return change


def _another_text(shift: int) -> Callable[[dict[str, Any]], None]:
    def change(row: dict[str, Any]) -> None:
        row.pop("id")
        row.pop("reference", None)
        row["employee_id"] += shift

    return change


def sign_in(session: Session, role: RoleName, employee_id: int | None = None) -> str:
    """Make an account with a role and return the token of an open browser session."""
    account = Account(
        name=f"Bangku {role.value}",
        email=f"{role.value}@bangku.test",
        employee_id=employee_id,
        state=AccountState.ACTIVE,
        language="id",
        privacy_notice_version=notice.VERSION,
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    if role is not RoleName.EMPLOYEE:
        grant_role(session, account=account, wish=Wish(role, ScopeKind.CITY), by=SYSTEM)
    return open_session(
        session, account=account, hours=1, address=None, agent=None, second_factor=True
    )


def page_ms(address: str, token: str | None = None, *, rounds: int = 12) -> float:
    """Return the median time of the whole answer of the server, with all that a browser causes.

    Raises: RuntimeError when the page is not shown.
    """
    browser = current_app.test_client()
    if token is not None:
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = token, True
    times: list[float] = []
    for _round in range(rounds):
        start = time.perf_counter()
        answer = contextvars.Context().run(browser.get, address)  # as on a server
        times.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
    return 1000 * sorted(times)[len(times) // 2]
