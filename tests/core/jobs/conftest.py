"""Kinds of jobs for the tests, and a way to look at rows from outside."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.core.i18n import Message
from app.core.jobs.models import Job, JobItem
from app.core.jobs.services import enqueue
from tests.core.jobs import kinds  # noqa: F401 - registers the kinds

Start = Callable[..., int]


@pytest.fixture
def start(app: Flask) -> Start:
    """`start(kind, items=…, key=…)` enqueues in a transaction of its own; inline it runs too."""

    def begin(kind: str, *, actor: Any = SYSTEM, **options: Any) -> int:
        with app.app_context():
            with transaction(actor) as session:
                job = enqueue(session, kind=kind, title=Message("Uji"), actor=actor, **options)
                job_id = job.id
            return job_id

    return begin


@pytest.fixture
def job_row(app: Flask) -> Callable[[int], Job]:
    """Read a job afresh."""

    def read(job_id: int) -> Job:
        with app.app_context():
            row = db.session.get_one(Job, job_id)
            db.session.expunge(row)
            return row

    return read


@pytest.fixture
def item_rows(app: Flask) -> Callable[[int], list[JobItem]]:
    """Read the items of a job afresh, in their order."""

    def read(job_id: int) -> list[JobItem]:
        with app.app_context():
            rows = db.session.scalars(
                select(JobItem).where(JobItem.job_id == job_id).order_by(JobItem.position)
            ).all()
            db.session.expunge_all()
            return list(rows)

    return read
