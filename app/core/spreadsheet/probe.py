"""What a file really is, decided by its content; its name and declared type are never believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from app.core.i18n import N_, Message
from app.core.spreadsheet import limits
from app.core.spreadsheet.errors import SpreadsheetError, megabytes
from app.core.spreadsheet.package import PackageKind, check_package, package_kind
from app.core.spreadsheet.text import TextShape, shape_of_text

HEAD_BYTES = 4096


class FileKind(StrEnum):
    """Kinds of content that people upload where a spreadsheet is asked for."""

    XLSX = "xlsx"
    CSV = "csv"
    XLS = "xls"
    ENCRYPTED = "encrypted"
    OLE = "ole"
    ZIP = "zip"
    XLSB = "xlsb"
    ODS = "ods"
    DOCX = "docx"
    PPTX = "pptx"
    PDF = "pdf"
    IMAGE = "image"
    MARKUP = "markup"
    RTF = "rtf"
    ARCHIVE = "archive"
    PROGRAM = "program"


@dataclass(frozen=True)
class Probe:
    """A file that may be read: its kind, size in bytes, text shape (CSV) and notices to show."""

    kind: FileKind
    size: int
    text: TextShape | None = None
    notices: tuple[Message, ...] = ()


_SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF", FileKind.PDF),
    (b"\x89PNG\r\n\x1a\n", FileKind.IMAGE),
    (b"\xff\xd8\xff", FileKind.IMAGE),
    (b"GIF8", FileKind.IMAGE),
    (b"RIFF", FileKind.IMAGE),
    (b"II*\x00", FileKind.IMAGE),
    (b"MM\x00*", FileKind.IMAGE),
    (b"{\\rtf", FileKind.RTF),
    (b"\x1f\x8b", FileKind.ARCHIVE),
    (b"Rar!", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"MZ\x90", FileKind.PROGRAM),
    (b"\x7fELF", FileKind.PROGRAM),
    (b"\x09\x08\x10\x00", FileKind.XLS),
)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head", b"<style")

_OF_PACKAGE: Mapping[PackageKind, FileKind] = MappingProxyType(
    {kind: FileKind(kind.value) for kind in PackageKind}
)

_REFUSALS: Mapping[FileKind, str] = MappingProxyType(
    {
        FileKind.XLS: N_(
            "Berkas ini memakai format Excel lama (.xls). Buka di Excel lalu simpan sebagai "
            "Excel Workbook (.xlsx), kemudian unggah kembali."
        ),
        FileKind.ENCRYPTED: N_(
            "Berkas ini dikunci dengan kata sandi. Buka, hapus kata sandinya, simpan, "
            "lalu unggah kembali."
        ),
        FileKind.OLE: N_(
            "Berkas ini dokumen Office lama, bukan lembar kerja. Unggah berkas .xlsx atau .csv."
        ),
        FileKind.ZIP: N_(
            "Berkas ini arsip ZIP, bukan lembar kerja. Ekstrak isinya lalu unggah berkas .xlsx "
            "atau .csv di dalamnya."
        ),
        FileKind.XLSB: N_(
            "Berkas ini buku kerja biner (.xlsb). Simpan sebagai Excel Workbook (.xlsx), "
            "lalu unggah kembali."
        ),
        FileKind.ODS: N_(
            "Berkas ini memakai format OpenDocument. Simpan sebagai .xlsx atau .csv, "
            "lalu unggah kembali."
        ),
        FileKind.DOCX: N_("Berkas ini dokumen Word. Unggah berkas .xlsx atau .csv."),
        FileKind.PPTX: N_("Berkas ini presentasi PowerPoint. Unggah berkas .xlsx atau .csv."),
        FileKind.PDF: N_("Berkas ini PDF, bukan lembar kerja. Unggah berkas .xlsx atau .csv."),
        FileKind.IMAGE: N_("Berkas ini gambar, bukan lembar kerja. Unggah berkas .xlsx atau .csv."),
        FileKind.MARKUP: N_(
            "Berkas ini halaman web atau XML yang diberi nama lembar kerja. Buka di Excel, "
            "simpan sebagai Excel Workbook (.xlsx), lalu unggah kembali."
        ),
        FileKind.RTF: N_("Berkas ini dokumen teks kaya (RTF). Unggah berkas .xlsx atau .csv."),
        FileKind.ARCHIVE: N_(
            "Berkas ini arsip terkompresi. Ekstrak isinya lalu unggah berkas .xlsx atau .csv."
        ),
        FileKind.PROGRAM: N_("Berkas ini program, bukan lembar kerja. Unggah .xlsx atau .csv."),
    }
)


def identify(path: Path) -> FileKind:
    """Return the kind of a file from its content alone.

    Raises:
        SpreadsheetError: the file is empty, or a zip too large or damaged.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise SpreadsheetError(N_("Berkas kosong (0 byte). Pilih berkas yang berisi data."))
    if head.startswith(_ZIP_SIGNATURES):
        _check_size(path.stat().st_size, limits.MAX_XLSX_BYTES)
        return _OF_PACKAGE[package_kind(path)]
    if head.startswith(_OLE_SIGNATURE):
        return _kind_of_ole(path)
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP_STARTS):
        return FileKind.MARKUP
    return FileKind.CSV


def probe(path: Path, *, max_bytes: int | None = None) -> Probe:
    """Decide whether a file may be read as a spreadsheet, and how.

    Args:
        path: the uploaded file.
        max_bytes: bound for a CSV file; none by default because CSV is streamed.

    Raises:
        SpreadsheetError: wrong kind, too large, damaged, encrypted, with macros, or a trap.
    """
    kind = identify(path)
    if kind in _REFUSALS:
        raise SpreadsheetError(_REFUSALS[kind])
    size = path.stat().st_size
    if kind is FileKind.XLSX:
        return Probe(kind, size, notices=check_package(path))
    if max_bytes is not None:
        _check_size(size, max_bytes)
    return Probe(kind, size, text=shape_of_text(path))


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise SpreadsheetError(
            N_(
                "Berkas terlalu besar: %(size)s MB, paling besar %(limit)s MB. Hapus gambar dan "
                "kolom yang tidak perlu, atau simpan sebagai CSV."
            ),
            size=megabytes(size),
            limit=megabytes(limit),
        )


def _kind_of_ole(path: Path) -> FileKind:
    """Tell a locked workbook and an old .xls apart by the stream names in the container."""
    with path.open("rb") as stream:
        content = stream.read(limits.MAX_XLSX_BYTES)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return FileKind.ENCRYPTED
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return FileKind.XLS
    return FileKind.OLE
