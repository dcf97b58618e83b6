"""One job that issues many certificates, everything counted: files, database, log, profile.

`bench/certificates.py` measures the making of files alone; this is what an organiser waits for. The
job runs in this process with its second one beside, and the memory of both is watched: it must not
grow with the number made.
The public check is asked while the log is long. `EKARIR_BENCH_CERTIFICATES=5000` makes the job as
long as that of a large city; the usual size keeps the whole bench affordable.
"""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import func, insert, select

from app.core import clock
from app.core.actor import SYSTEM
from app.core.db import db, transaction
from app.demo.load import load_city
from bench.city import application
from bench.run import Figure
from courses.enums import CertificateState, EnrolmentState, SessionState
from courses.models import Certificate, Enrolment, Organiser, Session, Signatory
from courses.services import certificate_log
from courses.services.issuing import issue_certificates
from courses.services.legacy_import import import_legacy
from skills.models import Employee

QUARTERS = 4
_SAMPLE = 0.25  # seconds between two looks at the memory


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield rate, memory and size of one job, and the time of the public check after it."""
    count = int(os.environ.get("EKARIR_BENCH_CERTIFICATES", "60" if quick else "240"))
    with application() as app, tempfile.TemporaryDirectory(prefix="ekarir-bench-") as folder:
        load_city(db.session(), people=count + 60, seed=7)
        db.session.commit()
        yield from _job(app, count)
        _lengthen_log(Path(folder), 300 if quick else 4_000)
        yield from _check(app)


def _job(app: Flask, count: int) -> Iterable[Figure]:
    run_id, chosen, signatory_id = _session_with(count)
    memory = _Memory()
    started = time.perf_counter()
    with memory:
        with transaction(SYSTEM) as session:
            run = session.get_one(Session, run_id)
            signatory = session.get_one(Signatory, signatory_id)
            issue_certificates(
                session, actor=SYSTEM, run=run, enrolment_ids=chosen, signatory=signatory
            )
        # Inline jobs run at the end of the transaction above.
    elapsed = time.perf_counter() - started
    made = db.session.scalar(
        select(func.count())
        .select_from(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Enrolment.session_id == run_id, Certificate.state == CertificateState.ISSUED)
    )
    size = f"job of {count:,}"
    yield Figure(f"certificates issued by a {size}", made / elapsed, "/s", None, True, noisy=True)
    yield Figure(f"certificates missing after a {size}", count - made, "of them", 0)
    peaks = memory.quarters()
    for number, peak in enumerate(peaks, start=1):
        yield Figure(f"memory in quarter {number} of a {size}", peak, "MB", None, noisy=True)
    yield Figure(f"growth from quarter 2 to 4 of a {size}", peaks[3] / peaks[1], "times", 1.15)


def _session_with(count: int) -> tuple[int, list[int], int]:
    """Put so many people who passed into a completed session of the city."""
    with transaction(SYSTEM) as session:
        run = session.scalars(
            select(Session)
            .where(Session.state == SessionState.COMPLETED)
            .order_by(Session.starts_on.desc(), Session.id)
        ).first()
        assert run is not None, "the demonstration has completed sessions"
        known = set(
            session.scalars(select(Enrolment.employee_id).where(Enrolment.session_id == run.id))
        )
        people = session.scalars(select(Employee.id).order_by(Employee.id)).all()
        fresh = [number for number in people if number not in known][:count]
        run.capacity = run.seats_taken = count + len(known)
        session.execute(
            insert(Enrolment),
            [
                {
                    "session_id": run.id,
                    "employee_id": number,
                    "state": EnrolmentState.PASSED,
                    "score": 70.0 + number % 30,
                    "attendance_percent": 100.0,
                    "created_at": clock.now(),
                }
                for number in fresh
            ],
        )
        rows = session.scalars(
            select(Enrolment.id).where(
                Enrolment.session_id == run.id, Enrolment.employee_id.in_(fresh)
            )
        ).all()
        signatory = session.scalars(
            select(Signatory.id).where(~Signatory.name.startswith("(")).order_by(Signatory.id)
        ).first()
        assert signatory is not None, "the demonstration has an official who signs"
        return run.id, list(rows), signatory


def _lengthen_log(folder: Path, count: int) -> None:
    """Record old certificates and their rows of the log, as a city of many years has them."""
    path = folder / "lama.csv"
    lines = [
        f"800/{n}/BKD/2015;Pegawai {n}, S.T.;Diklat;01-03-2015;05-03-2015;06-03-2015;40"
        for n in range(count)
    ]
    path.write_text("\n".join(["nomor;nama;judul;mulai;selesai;terbit;jp", *lines]), "utf-8")
    with transaction(SYSTEM) as session:
        organiser = session.scalars(select(Organiser).order_by(Organiser.id)).first()
        assert organiser is not None, "the reference data name an organiser"
        import_legacy(session, path=path, organiser=organiser, write=True)
        old = session.scalars(
            select(Certificate).where(Certificate.file_id.is_(None)).order_by(Certificate.id)
        )
        for certificate in old.all():
            certificate_log.append(session, certificate=certificate, kind=certificate_log.ISSUE)


def _check(app: Flask) -> Iterable[Figure]:
    """Ask the public check for many certificates, each once."""
    codes = db.session.scalars(
        select(Certificate.code)
        .where(Certificate.state == CertificateState.ISSUED)
        .order_by(Certificate.id)
        .limit(40)
    ).all()
    logged = certificate_log.count_entries(db.session())
    client, times = app.test_client(), []
    for code in codes:
        began = time.perf_counter()
        answer = client.get(f"/s/{code}")
        times.append(1000 * (time.perf_counter() - began))
        assert answer.status_code == 200
    name = f"public check by code, {logged:,} rows in the log"
    yield Figure(f"{name}, median", statistics.median(times[3:]), "ms", 50)
    yield Figure(f"{name}, slowest", max(times[3:]), "ms", None, noisy=True)


class _Memory:
    """Looks at the memory of this process and its children until it is left."""

    def __init__(self) -> None:
        self._seen: list[float] = []
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._end.wait(_SAMPLE):
            self._seen.append(sum(map(_resident, [me, *me.children(recursive=True)])) / 1e6)

    def quarters(self) -> list[float]:
        """Return the peak of each quarter of the time."""
        step = max(len(self._seen) // QUARTERS, 1)
        parts = [self._seen[n * step : (n + 1) * step] or self._seen for n in range(QUARTERS)]
        return [max(part, default=0.0) for part in parts]


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:  # it ended between the two looks
        return 0
