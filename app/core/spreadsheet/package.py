"""The zip package of a workbook, checked as a stream before any parser sees it."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from app.core.i18n import N_, Message
from app.core.spreadsheet import limits
from app.core.spreadsheet.errors import SpreadsheetError, megabytes

CHUNK = 1024 * 1024
# Longer than any cell tag that matters, so that a tag cut by a chunk border is seen whole.
OVERLAP = 256
_END_RECORD = b"PK\x05\x06"
_ENCRYPTED_FLAG = 0x1
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
)

# A cell with content (its tag is not closed at once) beyond the 256th column (IV) or at a row
# number large enough to be checked. Cells that only carry a format do not count. The pattern starts
# with a literal on purpose: that makes the search three times as fast.
_FAR_CELL = re.compile(
    rb"r=[\"'](?:([A-Z]{3}|I[W-Z]|[J-Z][A-Z])(\d+)|([A-Z]{1,2})([2-9]\d{4}|\d{6,}))[\"']"
    rb"[^<>]{0,120}(?<!/)>"
)


class PackageKind(StrEnum):
    """Kinds of zip packages told apart by the names of their parts."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    DOCX = "docx"
    PPTX = "pptx"
    ZIP = "zip"


_MARKS: tuple[tuple[str, PackageKind], ...] = (
    ("xl/workbook.xml", PackageKind.XLSX),
    ("xl/workbook.bin", PackageKind.XLSB),
    ("word/document.xml", PackageKind.DOCX),
    ("ppt/presentation.xml", PackageKind.PPTX),
    ("content.xml", PackageKind.ODS),
)


def package_kind(path: Path) -> PackageKind:
    """Return the kind of a zip package from the names in its directory.

    Raises:
        SpreadsheetError: the directory is damaged or unreasonably large.
    """
    names = {entry.filename.lower() for entry in _entries(path)}
    for name, kind in _MARKS:
        if name in names:
            return kind
    return PackageKind.ZIP


def check_package(path: Path) -> tuple[Message, ...]:
    """Check a workbook's zip package and return notices to show beside it.

    Raises:
        SpreadsheetError: damaged, encrypted, with macros, too large unpacked, with a document
            type declaration, or with cells beyond the bounds.
    """
    entries = _entries(path)
    _check_names(entries)
    _check_declared_sizes(entries)
    try:
        with zipfile.ZipFile(path) as package:
            _check_parts(package, entries)
    except _UNREADABLE as error:
        raise _damaged() from error
    if any(entry.filename.lower().startswith("xl/externallinks/") for entry in entries):
        return (
            Message(
                N_(
                    "Berkas memuat tautan ke buku kerja lain. Hanya nilai terakhir yang tersimpan "
                    "yang dibaca."
                )
            ),
        )
    return ()


def _damaged() -> SpreadsheetError:
    return SpreadsheetError(
        N_(
            "Berkas .xlsx rusak atau tidak lengkap sehingga tidak dapat dibaca. Buka dan simpan "
            "ulang di Excel, lalu unggah kembali."
        )
    )


def _entries(path: Path) -> list[zipfile.ZipInfo]:
    _check_directory_size(path)
    try:
        with zipfile.ZipFile(path) as package:
            return package.infolist()
    except _UNREADABLE as error:
        raise _damaged() from error


def _check_directory_size(path: Path) -> None:
    """Refuse a huge directory before zipfile loads it: each of its entries costs memory."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    at = tail.rfind(_END_RECORD)
    if at < 0 or len(tail) - at < 22:
        raise _damaged()
    (directory_bytes,) = struct.unpack_from("<L", tail, at + 12)
    if directory_bytes > limits.MAX_DIRECTORY_BYTES:
        raise _too_many_parts()


def _too_many_parts() -> SpreadsheetError:
    return SpreadsheetError(
        N_("Berkas berisi terlalu banyak bagian (lebih dari %(limit)s). Simpan hanya lembar data."),
        limit=limits.MAX_ENTRIES,
    )


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.MAX_ENTRIES:
        raise _too_many_parts()
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        # Two parts of one name let a checker and a reader see different workbooks.
        raise _damaged()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise SpreadsheetError(
            N_("Berkas berisi makro. Simpan sebagai Excel Workbook (.xlsx) tanpa makro.")
        )
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise SpreadsheetError(
            N_("Isi berkas dienkripsi. Hapus kata sandinya, simpan, lalu unggah kembali.")
        )


def _check_declared_sizes(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.MAX_UNPACKED_BYTES:
        raise _unpacks_too_large(unpacked)
    if unpacked > limits.RATIO_APPLIES_ABOVE and unpacked > packed * limits.MAX_RATIO:
        raise _unpacks_too_large(unpacked)


def _unpacks_too_large(unpacked: int) -> SpreadsheetError:
    return SpreadsheetError(
        N_(
            "Isi berkas membengkak menjadi %(size)s MB ketika dibuka; paling besar %(limit)s MB "
            "dengan pemampatan wajar. Salin data ke buku kerja baru, lalu unggah kembali."
        ),
        size=megabytes(unpacked),
        limit=megabytes(limits.MAX_UNPACKED_BYTES),
    )


def _check_parts(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = 0
    for entry in entries:
        name = entry.filename.lower()
        if not name.endswith((".xml", ".rels")):
            continue
        is_sheet = name.startswith("xl/worksheets/")
        for window, fresh in _windows(package, entry):
            unpacked += fresh
            if unpacked > limits.MAX_UNPACKED_BYTES:
                raise _unpacks_too_large(unpacked)
            _check_declarations(window)
            if is_sheet:
                _check_cells(window)


def _windows(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield overlapping pieces of a part with the number of bytes that are new in each."""
    rest = b""
    with package.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            window = rest + chunk
            yield window, len(chunk)
            rest = window[-OVERLAP:]


def _check_declarations(window: bytes) -> None:
    if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
        raise SpreadsheetError(
            N_(
                "Berkas memuat deklarasi XML yang tidak aman (DOCTYPE). Salin data ke buku kerja "
                "baru, lalu unggah kembali."
            )
        )


def _check_cells(window: bytes) -> None:
    for match in _FAR_CELL.finditer(window):
        far_column, far_row, column, row = match.groups()
        if far_column is not None or int(row) > limits.LAST_ROW:
            raise SpreadsheetError(
                N_(
                    "Ada isi di sel %(cell)s, di luar batas %(rows)s baris dan %(columns)s kolom. "
                    "Hapus isi yang jauh itu, atau simpan sebagai CSV."
                ),
                cell=((far_column or column) + (far_row or row)).decode(),
                rows=limits.LAST_ROW,
                columns=limits.MAX_COLUMNS,
            )
