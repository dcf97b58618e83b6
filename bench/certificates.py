"""How many certificates a second, signed and complete, against a plain loop in the same run.

The plain loop pays every cost anew for each certificate in one process. Rates by the clock suffer
from whatever else the machine does, so the CPU time of each is measured as well: the gain by CPU
time is what the batch saves, and two cores double it.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil

from app.core import pdf
from bench.run import Figure
from courses.certificates import template
from courses.certificates.batch import BatchSetup, issue_many
from courses.certificates.codes import new_code
from courses.certificates.facts import CertificateFacts, GainedCompetency, Signatory, Topic
from courses.certificates.keystore import open_keystore
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.signing import LocalSigner

NOW = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
NAMES = "Sari Bima Agung Dewi Rangga Lestari Pratama Wulan Yudha Fitri Hartono Kusuma".split()
TITLES = ("", ", S.E.", ", S.Kom., M.T.", ", A.Md.", ", S.I.P., M.Si.")


def people(count: int) -> Iterator[CertificateFacts]:
    """Yield certificates of one session for people who do not exist."""
    chance = random.Random(5)
    for number in range(count):
        name = " ".join(chance.sample(NAMES, chance.randint(2, 4))) + chance.choice(TITLES)
        yield CertificateFacts(
            number=f"800.2/{number + 1:04}/BKPSDM/2026",
            code=new_code(),
            holder=name,
            title="Pelatihan Teknis Tata Kelola Data dan Interoperabilitas Layanan",
            form="Pelatihan teknis",
            jp=Decimal(32),
            starts_on=date(2026, 10, 5),
            ends_on=date(2026, 10, 9),
            organiser="Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
            agency="Pemerintah Kota Contoh",
            issued_on=date(2026, 10, 12),
            base_url="https://karir.contoh.go.id",
            place="Aula Balai Kota",
            issued_at="Kota Contoh",
            predicate=chance.choice(("Memuaskan", "Sangat Memuaskan", "Baik")),
            score=Decimal(chance.randint(700, 1000)) / 10,
            signatories=(Signatory("Drs. Contoh Prasetyo, M.Si.", "Kepala Badan"),),
            topics=tuple(Topic(f"Materi bagian ke-{n}", Decimal(4)) for n in range(1, 9)),
            competencies=(GainedCompetency("Tata kelola data", 3),),
            valid_until=date(2029, 10, 11),
        )


def plain_loop(facts: list[CertificateFacts], keys: Path) -> None:
    """Make each certificate as if it were the only one."""
    for person in facts:
        pdf._engine.cache_clear()
        template._compiled.cache_clear()
        store = open_keystore(keys, organisation="Kota Contoh", now=NOW)
        data = Renderer(SealSigner(store.seal_key, store.seal)).render(person)
        LocalSigner(store).sign(data, signed_at=NOW, reason="Sertifikat")


def batch(count: int, keys: Path, workers: int) -> tuple[int, int, float]:
    """Return the largest file, failures, and the peak MB of all processes."""
    setup = BatchSetup(keys=keys, signed_at=NOW, organisation="Kota Contoh")
    largest = failed = 0
    peak = 0.0
    me = psutil.Process()
    for done, issued in enumerate(issue_many(people(count), setup, workers=workers)):
        largest, failed = max(largest, len(issued.pdf)), failed + (issued.error is not None)
        if done % 50 == 0:
            family = [me, *me.children(recursive=True)]
            peak = max(peak, sum(p.memory_info().rss for p in family) / 1e6)
    return largest, failed, peak


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Return seconds by the clock, seconds of CPU with finished children, and the result."""
    before, began = os.times(), time.perf_counter()
    result = work()
    elapsed, after = time.perf_counter() - began, os.times()
    return elapsed, sum(after[:4]) - sum(before[:4]), result


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield rates, gains, file size and memory."""
    few, many = (5, 200) if quick else (20, 1000)
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder)
        open_keystore(keys, organisation="Kota Contoh", now=NOW)
        plain_loop(list(people(1)), keys)  # imports
        loop, loop_cpu, _ = timed(lambda: plain_loop(list(people(few)), keys))
        two, two_cpu, (largest, failed, peak) = timed(lambda: batch(many, keys, 2))
    loop, loop_cpu, two, two_cpu = loop / few, loop_cpu / few, two / many, two_cpu / many
    yield Figure("certificates, plain loop, one process", 1 / loop, "/s", None, True, noisy=True)
    yield Figure("certificates, batch, two processes", 1 / two, "/s", None, True, noisy=True)
    yield Figure("certificates, batch, for each core", 1 / two_cpu, "/s CPU", None, True, True)
    yield Figure("gain by the clock on two cores", loop / two, "times", 4, True, noisy=True)
    yield Figure("gain by CPU time on one core", loop_cpu / two_cpu, "times", 2, True, noisy=True)
    yield Figure("largest certificate file", largest / 1000, "kB", 45)
    yield Figure("certificates that failed", failed, "of them", 0)
    yield Figure("memory of a certificate job, all processes", peak, "MB", 700, noisy=True)
