"""Names that people give to files: kept as data, never used as a path."""

import unicodedata

from app.core.files.errors import FileRefused
from app.core.i18n import N_

MAX_NAME = 150
# Extension -> kind of content it promises.
EXTENSIONS = {
    "pdf": "pdf",
    "jpg": "jpg",
    "jpeg": "jpg",
    "png": "png",
    "xlsx": "xlsx",
    "csv": "csv",
}
# An ending before the last one that a web server or a desktop might run (`ijazah.php.pdf`).
_RUNNABLE = frozenset(
    "asp aspx bat cgi cmd com dll exe hta htm html jar js jsp lnk mht mjs msi php php3 php5 phar "
    "phtml pl ps1 py scr sh shtml svg svgz vbs wsf xhtml xml".split()
)


def clean_name(name: str) -> str:
    """Return the last part of a name without control signs, at most 150 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    # Cc and Cf hold NUL, line breaks and the signs that turn the direction of writing around.
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    text = " ".join(unicodedata.normalize("NFC", kept).split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if dot and len(text) > MAX_NAME:
        text = stem[: MAX_NAME - len(ending) - 1] + dot + ending
    return text[:MAX_NAME] or "berkas"


def promised_kind(name: str, allowed: frozenset[str]) -> str:
    """Return the kind that a cleaned name promises.

    Args:
        name: as `clean_name` returns it.
        allowed: kinds among pdf, jpg, png, xlsx, csv.

    Raises:
        FileRefused: no extension, one that is not accepted here, or one that hides a program.
    """
    parts = [part.strip().lower() for part in name.split(".")]
    kind = EXTENSIONS.get(parts[-1]) if len(parts) > 1 else None
    if kind is None or kind not in allowed:
        raise FileRefused(
            N_("Jenis berkas ini tidak diterima. Unggah berkas %(kinds)s."),
            kinds=", ".join(sorted(allowed)).upper(),
        )
    if _RUNNABLE.intersection(parts[1:-1]):
        raise FileRefused(
            N_("Nama berkas memuat akhiran program (%(name)s). Ganti namanya lalu unggah lagi."),
            name=name,
        )
    return kind
