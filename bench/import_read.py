"""How long reading and understanding a staff file takes, and how much memory."""

import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from app.core.spreadsheet.reader import Cell, read_table
from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, write_csv, write_xlsx
from bench.run import Figure
from skills.siasn.columns import SIASN_COLUMNS
from skills.siasn.mapping import guess_mapping
from skills.siasn.rows import parse_rows

HEADERS = [column.header for column in SIASN_COLUMNS]
PLACE = {header: place for place, header in enumerate(HEADERS)}
GOLONGAN = ("II/c", "III/a", "III/b", "III/c", "III/d", "IV/a")
LEVELS = ("SLTA", "Diploma III/Sarjana Muda", "S-1/Sarjana", "S-2")


def staff_row(number: int) -> list[Cell]:
    """Return one row of a SIASN export with every one of the 69 cells filled."""
    row: list[Cell] = [f"{header[:6]}-{number % 97:04d}" for header in HEADERS]
    birth = date(1966, 1, 1) + timedelta(days=number % 12_000)
    start = date(2000 + number % 20, 1 + number % 12, 1)
    sex = 1 + number % 2
    cells: dict[str, Cell] = {
        "NIP BARU": f"{birth:%Y%m%d}{start:%Y%m}{sex}{1 + number % 998:03d}",
        "NIP LAMA": f"{500000000 + number}",
        "NAMA": f"Pegawai Contoh {number}",
        "GELAR DEPAN": "",
        "GELAR BELAKANG": "S.Kom",
        "TANGGAL LAHIR": f"{birth:%d-%m-%Y}",
        "JENIS KELAMIN": "LP"[sex - 1],
        "EMAIL GOV": f"pegawai{number}@contoh.go.id",
        "JENIS PEGAWAI NAMA": "PNS Daerah",
        "KEDUDUKAN HUKUM NAMA": "Aktif",
        "STATUS CPNS PNS": "PNS",
        "TMT CPNS": f"{start:%d-%m-%Y}",
        "GOL AKHIR NAMA": GOLONGAN[number % 6],
        "TMT GOLONGAN": f"01-04-{2010 + number % 12}",
        "JENIS JABATAN NAMA": "Jabatan Fungsional Tertentu",
        "TMT JABATAN": f"01-{1 + number % 12:02d}-{2012 + number % 10}",
        "TINGKAT PENDIDIKAN NAMA": LEVELS[number % 4],
        "TAHUN LULUS": f"{1990 + number % 30}",
        "ESELON NAMA": "Non Eselon",
    }
    for header, cell in cells.items():
        row[PLACE[header]] = cell
    return row


def staff_rows(count: int) -> Iterator[list[Cell]]:
    """Yield so many rows."""
    return map(staff_row, range(count))


def measure(*, quick: bool = False) -> Iterator[Figure]:
    """Yield times and peak memory of 5,000 rows as XLSX and CSV and of 100,000 as CSV."""
    many = 10_000 if quick else 100_000
    columns = [ColumnSpec(header, kind=ColumnKind.TEXT) for header in HEADERS]
    with tempfile.TemporaryDirectory() as folder:
        workbook, small, large = (Path(folder) / name for name in ("a.xlsx", "a.csv", "b.csv"))
        began = time.perf_counter()
        write_xlsx(workbook, [SheetSpec("Pegawai", columns, staff_rows(5_000))])
        yield Figure(f"write 5,000 x {len(HEADERS)} XLSX", time.perf_counter() - began, "s", 5)
        write_csv(small, HEADERS, staff_rows(5_000))
        write_csv(large, HEADERS, staff_rows(many))
        # The dry run and the writing share the 5 s and 60 s promised for a whole import.
        yield from figures_of("5,000 XLSX", workbook, limit=2.5)
        yield from figures_of("5,000 CSV", small, limit=2.5)
        yield from figures_of(f"{many:,} CSV", large, limit=30)


def figures_of(label: str, path: Path, *, limit: float) -> Iterator[Figure]:
    """Read a file, understand its rows, and yield seconds and peak memory."""
    began = time.perf_counter()
    table = read_table(path)
    mapping = guess_mapping(table.head())
    rows = sum(1 for _ in table)
    read = time.perf_counter()
    good = sum(row.is_ok for row in parse_rows(table, mapping, today=date(2026, 1, 1)))
    done = time.perf_counter()
    if good != rows - 1:  # the header is a row too
        raise RuntimeError(f"{label}: only {good} of {rows} rows were understood")
    yield Figure(f"read {label}", read - began, "s", limit)
    yield Figure(f"read and understand {label}", done - read, "s", limit)
    for name, who in (("own", resource.RUSAGE_SELF), ("reading child", resource.RUSAGE_CHILDREN)):
        peak = resource.getrusage(who).ru_maxrss / 1024
        yield Figure(f"peak memory after {label}, {name}", peak, "MB", 512)
