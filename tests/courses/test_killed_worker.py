"""A worker killed in the middle of a job of many: it goes on, each certificate exactly once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from app.core.files.models import StoredFile
from app.core.jobs.models import Job
from courses.enums import CertificateState
from courses.models import Certificate, CertificateLogEntry
from skills.models import TrainingRecord
from tests.factories.courses import certificates_of, make_completed, reread
from tests.support.servers import ROOT

PEOPLE = 120  # more than one group made ahead, so that the kill falls into the middle


@contextmanager
def worker_of(app):
    """Run a worker with its children, and kill all of them at the end of the block."""
    settings = app.config["SETTINGS"]
    environment = {
        **os.environ,
        "EKARIR_ENV": "development",
        "EKARIR_INSTANCE": str(settings.instance),
        "SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
        "JOBS_MODE": "worker",
    }
    command = (sys.executable, "-m", "flask", "--app", "app", "worker")
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def wait_for(session, condition, seconds=150):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the worker makes no progress"
        time.sleep(0.1)
        reread(session)


def issued(session):
    state = Certificate.state == CertificateState.ISSUED
    return session.scalar(select(func.count()).select_from(Certificate).where(state))


@pytest.mark.parametrize("app", [{"jobs_mode": "worker"}], indirect=True)
def test_every_certificate_is_made_exactly_once(app, session, issue_all):
    run = make_completed(session, PEOPLE)
    job_id = issue_all(run)

    with worker_of(app):
        wait_for(session, lambda: issued(session) >= 10)
    reread(session)
    assert issued(session) < PEOPLE
    with worker_of(app):
        wait_for(session, lambda: session.get(Job, job_id).state == "done")

    reread(session)
    rows = certificates_of(session, run)
    files = session.scalars(select(StoredFile.purpose)).all()
    assert {row.state for row in rows} == {CertificateState.ISSUED}
    assert len(rows) == PEOPLE == files.count("certificate")
    assert session.scalar(select(func.count()).select_from(TrainingRecord)) == PEOPLE
    positions = session.scalars(select(CertificateLogEntry.position).order_by("position")).all()
    assert positions == list(range(PEOPLE))
