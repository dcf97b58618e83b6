"""Staff files for the import: rows of a small SIASN-like list, as bytes of XLSX or CSV."""

import io
from collections.abc import Sequence
from typing import Any

from app.core.spreadsheet.writer import ColumnKind, ColumnSpec, SheetSpec, csv_text, write_xlsx

OPD = "Dinas Kesehatan"
HEADER = (
    "NIP BARU",
    "NAMA",
    "JENIS PEGAWAI NAMA",
    "GOL AKHIR NAMA",
    "JABATAN NAMA",
    "TMT JABATAN",
    "UNOR NAMA",
    "SATUAN KERJA KERJA NAMA",
    "NIK",
    "ALAMAT",
)


def nip(number: int) -> str:
    """Return a plausible number of a PNS."""
    return f"19900101201501{1:d}{number:03d}"


def row(number: int, **changes: Any) -> list[Any]:
    """Return a row; changes by name: name, kind, golongan, position, since, unit, opd, nip."""
    cells = {
        "nip": nip(number),
        "name": f"Pegawai Uji {number:04}",
        "kind": "PNS",
        "golongan": "III/a",
        "position": "Analis Contoh",
        "since": "01-01-2020",
        "unit": "Bidang Contoh",
        "opd": OPD,
        "nik": f"617100000000{number:04d}",
        "address": f"Jalan Rahasia {number}",
    } | changes
    return list(cells.values())


def csv_file(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """Return a CSV file."""
    return csv_text(header, rows).encode()


def xlsx_file(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """Return a workbook."""
    sink = io.BytesIO()
    columns = [ColumnSpec(text, kind=ColumnKind.TEXT) for text in header]
    write_xlsx(sink, [SheetSpec("Pegawai", columns, rows)])
    return sink.getvalue()


class Importer:
    """The steps of an import through the pages, as an officer takes them."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def upload(self, content: bytes, name: str = "pegawai.csv", **fields: str) -> Any:
        """Send a file."""
        data = {"berkas": (io.BytesIO(content), name), **fields}
        return self.client.post("/pegawai/impor", data=data, content_type="multipart/form-data")

    def checked(self, content: bytes, name: str = "pegawai.csv", **fields: str) -> int:
        """Send a file, keep its columns and return the id of the batch after its dry run."""
        answer = self.upload(content, name, **fields)
        assert answer.status_code == 303, answer.text
        batch_id = int(answer.location.rsplit("/", 1)[1])
        answer = self.step(batch_id, "kolom", **fields)
        assert answer.status_code == 303, answer.text
        return batch_id

    def applied(self, content: bytes, name: str = "pegawai.csv", **fields: str) -> int:
        """Take all steps to the write."""
        batch_id = self.checked(content, name, **fields)
        assert self.step(batch_id, "terapkan").status_code == 303
        return batch_id

    def step(self, batch_id: int, step: str, **fields: str) -> Any:
        """Send the form of a step with the version that its page shows."""
        version = fields.pop("version", None) or self.version(batch_id)
        data = {"version": version, **fields}
        return self.client.post(f"/pegawai/impor/{batch_id}/{step}", data=data)

    def version(self, batch_id: int) -> str:
        """Return the version that the page of a batch shows."""
        page = self.page(batch_id)
        _before, found, after = page.partition('name="version" value="')
        return after.partition('"')[0] if found else "0"

    def page(self, batch_id: int, query: str = "") -> str:
        """Return the page of a batch."""
        answer = self.client.get(f"/pegawai/impor/{batch_id}{query}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)
