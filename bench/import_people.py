"""How long a staff import takes end to end: read, dry run, write, result file; and how much memory.

Runs on SQLite, and on PostgreSQL where the server's programs are installed.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx
from bench.import_read import HEADERS, PLACE, staff_row
from bench.run import Figure

OPDS = ("Dinas Kesehatan", "Dinas Pendidikan dan Kebudayaan", "Dinas Komunikasi dan Informatika")
LIMITS = {5_000: 5.0, 100_000: 60.0}
KINDS = ("xlsx", "csv")


def rows(count: int, *, changed: bool = False) -> Iterator[list[Any]]:
    """Yield staff rows with distinct NIP; `changed` moves a third of them to another golongan."""
    for number in range(count):
        row = staff_row(number)
        sequence, birthday = divmod(number, 9_000)
        birth = date(1968, 1, 1) + timedelta(days=birthday)
        sex = 1 + number % 2
        row[PLACE["NIP BARU"]] = f"{birth:%Y%m%d}201001{sex}{1 + sequence:03d}"
        row[PLACE["TANGGAL LAHIR"]] = f"{birth:%d-%m-%Y}"
        row[PLACE["TMT CPNS"]] = "01-01-2010"
        row[PLACE["SATUAN KERJA KERJA NAMA"]] = OPDS[number % 3]
        row[PLACE["UNOR NAMA"]] = f"Bidang {number % 40}"
        row[PLACE["UNOR ID"]] = f"U{number % 3}-{number % 40}"
        row[PLACE["JABATAN NAMA"]] = f"Pranata Contoh {number % 60} Ahli Muda"
        if changed and number % 3 == 0:
            row[PLACE["GOL AKHIR NAMA"]] = "IV/b"
        yield row


def measure(*, quick: bool) -> Iterable[Figure]:
    """Yield seconds and memory of imports of two sizes on both databases."""
    sizes = (("xlsx", 5_000),) if quick else (("xlsx", 5_000), ("csv", 5_000), ("csv", 100_000))
    with tempfile.TemporaryDirectory() as folder:
        files = {size: _file(Path(folder), *size) for size in sizes}
        for database, address in _databases(Path(folder)):
            yield from _measure(database, address, files)


def _measure(
    database: str, address: str, files: dict[tuple[str, int], tuple[Path, Path]]
) -> Iterator[Figure]:
    for (kind, count), paths in files.items():
        figures = _in_child(address, paths)
        most = LIMITS[count]
        steps = (("new", most), ("reload", most), ("result file", None), ("undo", None))
        for step, limit in steps:
            name = f"{step} {count:,} rows {kind} on {database}"
            yield Figure(name, figures[step], "s", limit)
        # A larger file must not need more memory; the reader of workbooks has a child of its own.
        yield Figure(f"memory {count:,} rows {kind} on {database}", figures["mb"], "MB", 400.0)


def _file(folder: Path, kind: str, count: int) -> tuple[Path, Path]:
    paths = (folder / f"new-{count}.{kind}", folder / f"reload-{count}.{kind}")
    columns = [ColumnSpec(header, kind=ColumnKind.TEXT) for header in HEADERS]
    for path, changed in zip(paths, (False, True), strict=True):
        if kind == "csv":
            write_csv(path, HEADERS, rows(count, changed=changed))
        else:
            write_xlsx(path, [SheetSpec("Pegawai", columns, rows(count, changed=changed))])
    return paths


@contextmanager
def _server() -> Iterator[Any]:
    from tests.support import postgres

    binaries = postgres.find_binaries()
    if binaries is None:
        yield None
        return
    with postgres.PostgresServer(binaries) as server:
        yield server


def _databases(folder: Path) -> Iterator[tuple[str, str]]:
    from tests.support import postgres

    yield "SQLite", f"sqlite:///{folder}/{{name}}.db"
    with _server() as server:
        if server is not None:
            names = (f"bench{number}" for number in range(9))
            for name in names:
                postgres.create_database(server.url, name)
            address = postgres.create_database(server.url, "bench")
            yield "PostgreSQL", address.replace("/bench?", "/{name}?")


def _in_child(address: str, paths: tuple[Path, Path]) -> dict[str, float]:
    """Run one case in a process of its own, so that its memory can be told."""
    _in_child.number += 1  # type: ignore[attr-defined]
    url = address.format(name=f"bench{_in_child.number}")  # type: ignore[attr-defined]
    command = [sys.executable, "-m", "bench.import_people", url, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


_in_child.number = 0  # type: ignore[attr-defined]


def child(url: str, new: str, reload: str) -> dict[str, float]:
    """Migrate a database, import both files, undo the second; return seconds and peak memory."""
    from app.core.db import db
    from tests.support.database import build_test_app, run_command

    with tempfile.TemporaryDirectory() as folder:
        app = build_test_app(Path(folder), url)
        run_command(app, "db", "upgrade")
        run_command(app, "reference", "load")
        with app.app_context():
            figures = {"new": _import(Path(new))[0]}
            figures["reload"], batch_id, figures["result file"] = _import(Path(reload))
            figures["undo"] = _undo(batch_id)
            db.engine.dispose()
    figures["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


def _import(path: Path) -> tuple[float, int, float]:
    """Return the seconds of reading, dry run and write, the batch, and those of the result file."""
    from app.commands import people
    from app.core.actor import SYSTEM
    from app.core.db import transaction
    from skills.models import ImportBatch
    from skills.services import imports

    began = time.perf_counter()
    batch_id = people._prepare(path, False, None)
    people._check(batch_id, False)
    people._apply(batch_id)
    written = time.perf_counter()
    with transaction(SYSTEM) as session:
        batch = session.get_one(ImportBatch, batch_id)
        counts = dict(batch.summary["counts"])
        imports.close_applied(session, batch=batch, actor=SYSTEM)
    done = time.perf_counter()
    print(counts, file=sys.stderr)
    return written - began, batch_id, done - written


def _undo(batch_id: int) -> float:
    from app.core.actor import SYSTEM
    from skills.services.import_run import DirectRun
    from skills.services.import_undo import undo_file

    began = time.perf_counter()
    undo_file(DirectRun(SYSTEM), batch_id=batch_id)
    return time.perf_counter() - began


if __name__ == "__main__":
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    print(json.dumps(child(*sys.argv[1:])))
