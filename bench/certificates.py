"""How many certificates a second: signed and complete, against a plain loop, in the same run.

    python -m bench.certificates [count]

Target: 4 times the loop on two cores, aim 10; under 45 kB a file; flat memory.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psutil

from app.core import pdf
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


def plain_loop(facts: list[CertificateFacts], keys: Path) -> float:
    """Return certificates a second when each pays all costs anew in one process."""
    began = time.perf_counter()
    for person in facts:
        pdf._engine.cache_clear()
        template._compiled.cache_clear()
        store = open_keystore(keys, organisation="Kota Contoh", now=NOW)
        data = Renderer(SealSigner(store.seal_key, store.seal)).render(person)
        LocalSigner(store).sign(data, signed_at=NOW, reason="Sertifikat")
    return len(facts) / (time.perf_counter() - began)


def batch(count: int, keys: Path, workers: int) -> tuple[float, int, int, float]:
    """Return certificates a second, largest file, failures, and peak MB of all processes."""
    setup = BatchSetup(keys=keys, signed_at=NOW, organisation="Kota Contoh")
    largest = failed = done = 0
    peak = 0.0
    me = psutil.Process()
    began = time.perf_counter()
    for issued in issue_many(people(count), setup, workers=workers):
        largest, failed = max(largest, len(issued.pdf)), failed + (issued.error is not None)
        done += 1
        if done % 50 == 0:
            family = [me, *me.children(recursive=True)]
            peak = max(peak, sum(p.memory_info().rss for p in family) / 1e6)
    return done / (time.perf_counter() - began), largest, failed, peak


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder)
        open_keystore(keys, organisation="Kota Contoh", now=NOW)
        plain_loop(list(people(2)), keys)  # imports and caches of the operating system
        loop = plain_loop(list(people(20)), keys)
        one, largest, failed, peak = batch(max(count // 2, 100), keys, 1)
        two, *rest = batch(count, keys, 2)
    print(f"plain loop, one process      {loop:8.1f} certificates/s")
    print(f"batch, one process           {one:8.1f} certificates/s  {one / loop:5.1f} x")
    print(
        f"batch, two processes         {two:8.1f} certificates/s  {two / loop:5.1f} x  "
        f"({two / 2:.1f} per core, workers' start included)"
    )
    print(
        f"largest file {max(largest, rest[0])} bytes, failures {failed + rest[1]}, "
        f"peak memory {peak:.0f} MB (one process), {rest[2]:.0f} MB (all)"
    )
    if two < 4 * loop or max(largest, rest[0]) >= 45_000 or failed + rest[1]:
        raise SystemExit("a target is missed")


if __name__ == "__main__":
    main()
