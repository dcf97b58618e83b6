"""What a file holds must be what its name promises; images are drawn anew, the rest is opened."""

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from app.core.files.errors import FileRefused
from app.core.i18n import N_
from app.core.spreadsheet.probe import probe

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
MAX_PAGES = 300
MAX_PIXELS = 50_000_000  # phones take up to 50 megapixels; decoding one needs 150 MB
_LONG_SIDE = 4000  # stored images: enough to print A4 at 300 dots per inch
_PDF_SECONDS = 30
_SIGNATURES = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_CODE_IN_IMAGE = (b"<script", b"<?php", b"<html", b"<svg", b"<!doctype")

_PDF_REFUSALS = {
    "encrypted": N_(
        "PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."
    ),
    "pages": N_("PDF ini lebih dari %(limit)s halaman. Unggah bagian yang diperlukan saja."),
    "script": N_("PDF ini memuat program (JavaScript) sehingga tidak diterima. Cetak ke PDF baru."),
    "attachment": N_("PDF ini memuat lampiran yang tidak diterima. Cetak ke PDF baru."),
    "complex": N_("PDF ini terlalu rumit untuk diperiksa. Cetak ke PDF baru, lalu unggah lagi."),
    "damaged": N_(
        "PDF ini rusak sehingga tidak dapat dibuka. Simpan atau pindai ulang dokumennya."
    ),
}
_NOT_AS_NAMED = N_(
    "Isi berkas tidak sesuai dengan akhiran namanya (%(kind)s). Simpan ulang dalam jenis itu."
)
_BROKEN_IMAGE = N_("Gambar rusak atau tidak lengkap. Ambil atau simpan ulang gambarnya.")


def check(path: Path, kind: str) -> None:
    """Refuse a file whose content is not of the kind, or is harmful; images are rewritten.

    An image is decoded and written again, so that place of taking, hidden data and anything
    appended are gone from what is stored.

    Args:
        path: the upload, not yet at its final place.
        kind: pdf, jpg, png, xlsx or csv.

    Raises:
        FileRefused: with a sentence for the person.
        SpreadsheetError: the same for workbooks and CSV.
    """
    if path.stat().st_size == 0:
        raise FileRefused(N_("Berkas kosong (0 byte). Pilih berkas yang berisi data."))
    signature = _SIGNATURES.get(kind)
    if signature is None:
        _check_table(path, kind)
        return
    with path.open("rb") as stream:
        if stream.read(len(signature)) != signature:
            raise FileRefused(_NOT_AS_NAMED, kind=kind.upper())
    if kind == "pdf":
        _check_pdf(path)
    else:
        _redraw(path, kind)


def _check_table(path: Path, kind: str) -> None:
    if probe(path).kind.value != kind:
        raise FileRefused(_NOT_AS_NAMED, kind=kind.upper())


def _check_pdf(path: Path) -> None:
    code = _inspect_pdf(path).get("error")
    if code is not None:
        raise FileRefused(_PDF_REFUSALS[code], limit=MAX_PAGES)


def _inspect_pdf(path: Path) -> dict[str, Any]:
    """Open the document in a limited process: a crafted one may crash or fill the memory."""
    child = str(Path(__file__).with_name("pdf_child.py"))
    command = [sys.executable, "-I", child, str(path.resolve()), str(MAX_PAGES)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PDF_SECONDS, check=False)
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"error": "complex"}
    return answer


def _redraw(path: Path, kind: str) -> None:
    content = path.read_bytes()
    lowered = content.lower()
    if any(mark in lowered for mark in _CODE_IN_IMAGE):
        raise FileRefused(N_("Gambar ini memuat kode program. Ambil tangkapan layar baru."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            _rewrite(path, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise FileRefused(_BROKEN_IMAGE) from error


def _rewrite(path: Path, kind: str) -> None:
    names = {"jpg": "JPEG", "png": "PNG"}
    with Image.open(path, formats=[names[kind]]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.info.clear()
        upright.thumbnail((_LONG_SIDE, _LONG_SIDE))
        if kind == "jpg":
            drawn = upright if upright.mode in ("RGB", "L") else upright.convert("RGB")
            drawn.save(path, "JPEG", quality=90, optimize=True)
        else:
            upright.save(path, "PNG", optimize=False)


def _too_many_pixels() -> FileRefused:
    return FileRefused(
        N_("Ukuran gambar lebih dari %(limit)s megapiksel. Perkecil lalu unggah lagi."),
        limit=MAX_PIXELS // 1_000_000,
    )
