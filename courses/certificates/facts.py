"""What a certificate says, frozen at issue: the one source of page, credential, seal and check."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args
from unicodedata import normalize

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.certificates.codes import normalise_code

FACTS_VERSION = 1
LANGUAGES = ("id", "en")
MAX_NOTE = 160
# Fields that came after the first certificates were issued. They are left out of the canonical form
# while they say nothing, so that what was issued before keeps its digest and its signature.
_ADDED_LATER = {"note": ""}


class ParticipantRole(StrEnum):
    """In what capacity the holder took part; the order is fixed by the sealed payload."""

    PARTICIPANT = "peserta"
    SPEAKER = "narasumber"
    FACILITATOR = "fasilitator"
    MODERATOR = "moderator"
    COMMITTEE = "panitia"
    ASSESSOR = "penguji"

    @property
    def label(self) -> str:
        """Return the name of the role as printed, marked for translation."""
        return _ROLE_LABELS[self]


_ROLE_LABELS = {
    ParticipantRole.PARTICIPANT: N_("Peserta"),
    ParticipantRole.SPEAKER: N_("Narasumber"),
    ParticipantRole.FACILITATOR: N_("Fasilitator"),
    ParticipantRole.MODERATOR: N_("Moderator"),
    ParticipantRole.COMMITTEE: N_("Panitia"),
    ParticipantRole.ASSESSOR: N_("Penguji"),
}


@dataclass(frozen=True)
class Topic:
    """One line of the table on the second page."""

    name: str
    jp: Decimal


@dataclass(frozen=True)
class GainedCompetency:
    """A competency and the level that the course leads to."""

    name: str
    level: int


@dataclass(frozen=True)
class Signatory:
    """The official whose name stands under the certificate."""

    name: str
    position: str


@dataclass(frozen=True)
class CertificateFacts:
    """Every printed field of one certificate, and nothing that is not printed.

    Args:
        number: certificate number by the organiser's pattern.
        code: verification code, 26 characters (`codes.new_code`).
        holder: the holder's name as printed, with titles.
        jp: hours of learning (jam pelajaran), at most one decimal.
        valid_until: last day of validity, or None for a certificate without an end.
        base_url: address of the public site, without a closing slash.
        language: language of the labels, `id` or `en`.
        note: free text about this one person, at most `MAX_NOTE` characters.
    """

    number: str
    code: str
    holder: str
    title: str
    form: str
    jp: Decimal
    starts_on: date
    ends_on: date
    organiser: str
    agency: str
    issued_on: date
    base_url: str
    place: str = ""
    issued_at: str = ""
    holder_unit: str = ""
    role: ParticipantRole = ParticipantRole.PARTICIPANT
    predicate: str = ""
    score: Decimal | None = None
    signatories: tuple[Signatory, ...] = ()
    topics: tuple[Topic, ...] = ()
    competencies: tuple[GainedCompetency, ...] = ()
    valid_until: date | None = None
    language: str = "id"
    note: str = ""

    def __post_init__(self) -> None:
        """Bring the texts into one Unicode form and refuse what no certificate can say.

        Raises:
            InvalidInput: for an empty required field, dates in the wrong order or odd numbers.
        """
        for name in _TEXT_FIELDS:
            object.__setattr__(self, name, _clean(getattr(self, name)))
        object.__setattr__(self, "code", normalise_code(self.code))
        object.__setattr__(self, "base_url", self.base_url.rstrip("/"))
        for name in ("number", "holder", "title", "organiser", "agency", "base_url"):
            if not getattr(self, name):
                raise InvalidInput(
                    Message(N_("Data sertifikat belum lengkap: %(field)s."), {"field": name}),
                    field=name,
                )
        self._check_numbers()

    def _check_numbers(self) -> None:
        """Refuse dates in the wrong order and hours that the seal cannot carry."""
        if self.ends_on < self.starts_on:
            raise InvalidInput(N_("Tanggal selesai mendahului tanggal mulai."), field="ends_on")
        if self.valid_until and self.valid_until < self.issued_on:
            raise InvalidInput(
                N_("Masa berlaku berakhir sebelum tanggal terbit."), field="valid_until"
            )
        if not 0 <= self.jp <= 6553 or self.jp * 10 % 1:
            raise InvalidInput(
                N_("JP harus antara 0 dan 6553, paling banyak satu desimal."), field="jp"
            )
        if self.language not in LANGUAGES:
            raise InvalidInput(N_("Bahasa sertifikat tidak dikenal."), field="language")
        if len(self.note) > MAX_NOTE:
            raise InvalidInput(
                Message(N_("Catatan paling panjang %(most)s huruf."), {"most": MAX_NOTE}),
                field="note",
            )

    @property
    def verification_url(self) -> str:
        """Return the short public address of this certificate."""
        return f"{self.base_url}/s/{self.code}"


_TEXT_FIELDS = tuple(f.name for f in fields(CertificateFacts) if f.type is str)


def _clean(text: str) -> str:
    """Return the text in NFC with single spaces and without control characters."""
    composed = normalize("NFC", text)
    printable = "".join(" " if c.isspace() else c for c in composed)
    kept = (c for c in printable if c >= " " and not "\x7f" <= c <= "\x9f")
    return " ".join("".join(kept).split())


def to_json(facts: CertificateFacts) -> bytes:
    """Return the canonical form: UTF-8 JSON, keys sorted, no spaces, numbers as texts."""
    content = {"version": FACTS_VERSION} | {
        f.name: _plain(value)
        for f in fields(facts)
        if (value := getattr(facts, f.name)) != _ADDED_LATER.get(f.name, ...)
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it; a decimal loses its closing zeros."""
    match value:
        case Decimal():
            return f"{value.normalize():f}"
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case Topic() | GainedCompetency() | Signatory():
            return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        case _:
            return value


def digest(facts: CertificateFacts) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(to_json(facts)).hexdigest()


def from_json(data: bytes) -> CertificateFacts:
    """Read the canonical form back.

    Raises:
        ValueError: for anything that `to_json` does not write.
    """
    try:
        content = json.loads(data)
        if content.pop("version") != FACTS_VERSION:
            raise ValueError("unknown version of certificate facts")
        values = {
            f.name: _typed(f.type, content.pop(f.name))
            for f in fields(CertificateFacts)
            if f.name not in _ADDED_LATER or f.name in content
        }
        if content or any(values.get(name) == empty for name, empty in _ADDED_LATER.items()):
            raise ValueError("unknown field, or an empty one, in certificate facts")
        return CertificateFacts(**values)
    except (AttributeError, KeyError, TypeError, ArithmeticError, InvalidInput) as error:
        raise ValueError("not certificate facts") from error


def _typed(wanted: Any, value: Any) -> Any:
    """Return a JSON value as the declared type of its field."""
    options = get_args(wanted)
    if type(None) in options:
        return None if value is None else _typed(options[0], value)
    if options:
        return tuple(_typed(options[0], item) for item in value)
    if wanted is date:
        return date.fromisoformat(value)
    if wanted in (Topic, GainedCompetency, Signatory):
        return wanted(**{f.name: _typed(f.type, value[f.name]) for f in fields(wanted)})
    if wanted is int and not isinstance(value, int):
        raise TypeError("not a whole number")
    if wanted is str and not isinstance(value, str):
        raise TypeError("not a text")
    return wanted(value)
