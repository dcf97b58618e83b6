"""What the text of a certificate says where it says it plainly: number, title, dates, hours.

Only what stands beside its own word is taken; a guess would be copied into a profile by somebody
in a hurry. The person confirms every field.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_SECONDS = 12
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb pebruari",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DATE = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([A-Za-z]{3,9})\.?,?[\s\-]+(\d{4})\b"
    r"|\b(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})\b"
)
_NUMBER = re.compile(
    r"\b(?:nomor|no\.|number|nomer)\s*(?:sertifikat|certificate|surat)?\s*[:.]?\s*"
    r"([A-Z0-9][A-Z0-9 ./\-–_]{3,80}[A-Z0-9])",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(\d{1,4})\s*(?:\(\s*[a-z ]+\s*\)\s*)?(?:jp\b|jam\s+pe?lajaran|jam\s+latihan|jpl\b)",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:berlaku\s+(?:sampai(?:\s+dengan)?|hingga|s\.?\s?/?\s?d\.?)|valid\s+(?:until|thru)|"
    r"expir(?:y|es)(?:\s+date)?|berakhir)\b",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"\b(?:tanggal\s+(?:terbit|dikeluarkan)|diterbitkan|dikeluarkan|issued(?:\s+on)?|"
    r"date\s+of\s+issue)\b",
    re.IGNORECASE,
)
_TITLE_LEAD = re.compile(
    r"^(?:telah\s+)?(?:mengikuti|menyelesaikan|lulus)\b|"
    r"\b(?:has\s+(?:successfully\s+)?completed|for\s+completing)\b|"
    r"^(?:pada|dalam)\s+(?:kegiatan|pelatihan)\b",
    re.IGNORECASE,
)
_TITLE_WORD = re.compile(
    r"\b(?:pelatihan|bimbingan teknis|bimtek|lokakarya|workshop|diklat|kursus|course|training|"
    r"seminar|webinar|uji kompetensi|sertifikasi)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class EvidenceFields:
    """What was read; None where the text does not say it plainly."""

    title: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    jp: int | None = None

    @property
    def found(self) -> dict[str, object]:
        """The fields that were read."""
        return {name: value for name, value in vars(self).items() if value is not None}


def read_evidence(path: Path, media_type: str) -> EvidenceFields:
    """Read the fields of a stored file; an image or a scan gives none.

    Args:
        path: where the bytes lie.
        media_type: as the store found it.
    """
    if media_type != "application/pdf":
        return EvidenceFields()
    return fields_of(_lines(path))


def _lines(path: Path) -> list[str]:
    child = str(Path(__file__).with_name("evidence_child.py"))
    command = [sys.executable, "-I", child, str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        found = json.loads(done.stdout).get("lines", [])
    except (subprocess.TimeoutExpired, ValueError):
        return []  # killed or starved: the person fills the form without help
    return [str(line) for line in found]


def fields_of(lines: Sequence[str]) -> EvidenceFields:
    """Return the fields that the lines of a document say plainly.

    Args:
        lines: from top to bottom.
    """
    text = "\n".join(lines)
    number = _NUMBER.search(text)
    hours = {int(found) for found in _HOURS.findall(text)}
    until = _date_after(text, _END)
    issued = _date_after(text, _ISSUED) or _place_and_date(lines)
    if issued and until and until < issued:
        issued = until = None
    return EvidenceFields(
        title=_title(lines),
        document_number=" ".join(number[1].split())[:120] if number else None,
        issued_on=issued,
        valid_until=until,
        jp=hours.pop() if len(hours) == 1 and 0 < max(hours) <= 2000 else None,
    )


def _date_after(text: str, word: re.Pattern[str]) -> date | None:
    for match in word.finditer(text):
        found = _DATE.search(text, match.end(), match.end() + 60)
        if found:
            return _as_date(found)
    return None


def _place_and_date(lines: Sequence[str]) -> date | None:
    """Return the date of a line like `Pontianak, 4 Maret 2025`, where only one such stands."""
    found = set()
    for line in lines:
        match = None if _END.search(line) else _DATE.search(line)
        if match and re.fullmatch(r"[A-Z][A-Za-z. ]{2,30},?\s*", line[: match.start()]):
            if match.end() == len(line.rstrip(" .")) and (day := _as_date(match)):
                found.add(day)
    return found.pop() if len(found) == 1 else None


def _as_date(match: re.Match[str]) -> date | None:
    try:
        if match[2]:
            month = _MONTHS.get(match[2].lower())
            return date(int(match[3]), month, int(match[1])) if month else None
        return date(int(match[6]), int(match[5]), int(match[4]))
    except ValueError:
        return None


def _title(lines: Sequence[str]) -> str | None:
    """Return the line that names the training: after `telah mengikuti`, or the only such line."""
    for place, line in enumerate(lines):
        if _TITLE_LEAD.search(line):
            for following in lines[place : place + 3]:
                if _names_training(following):
                    return _tidy(following)
    named = {_tidy(line) for line in lines if _names_training(line)}
    return named.pop() if len(named) == 1 else None


def _names_training(line: str) -> bool:
    words = _tidy(line).split()
    if re.search(r"\b(?:peserta|kepada|penyelenggara|participant)\b", line, re.IGNORECASE):
        return False
    return bool(_TITLE_WORD.search(line)) and 2 <= len(words) <= 20 and not _HOURS.search(line)


def _tidy(line: str) -> str:
    bare = re.sub(
        r"^(?:telah\s+)?(?:mengikuti|menyelesaikan|lulus)\s+(?:kegiatan\s+)?", "", line, flags=re.I
    )
    return bare.strip(" .,:;\"“”'")[:250]
