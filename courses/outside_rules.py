"""Pure rules of learning from other platforms: columns, rows, and when two are the same."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message

REQUIRED = ("nip", "judul", "selesai", "jp")
OPTIONAL = ("penyelenggara", "bentuk", "mulai", "nomor")
HIGHEST_JP = 1500  # leadership trainings run to about 900 hours; more is a slip
_DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")


@dataclass(frozen=True)
class Completion:
    """Somebody completed something elsewhere."""

    nip: str
    title: str
    ended_on: date
    jp: int
    organiser: str = ""
    form_code: str = ""
    started_on: date | None = None
    number: str = ""

    @property
    def key(self) -> str:
        """Return what makes it the same completion however often it is sent."""
        text = "\n".join((self.nip, " ".join(self.title.lower().split()), str(self.ended_on)))
        return "outside:" + hashlib.sha256(text.encode()).hexdigest()[:40]


def header_of(rows: Sequence[Sequence[object]]) -> tuple[int, dict[str, int]]:
    """Return the place of the header and the columns by name.

    Raises:
        InvalidInput: a required column is missing.
    """
    for place, row in enumerate(rows[:20]):
        names = [re.sub(r"[_\s]+", " ", str(cell or "")).strip().lower() for cell in row]
        if all(name in names for name in REQUIRED):
            return place, {n: names.index(n) for n in (*REQUIRED, *OPTIONAL) if n in names}
    raise InvalidInput(
        Message(N_("Kolom yang harus ada: %(names)s."), {"names": ", ".join(REQUIRED)})
    )


def completion_of(
    values: Mapping[str, object], forms: Mapping[str, object], today: date
) -> Completion:
    """Return a row as a completion.

    Raises:
        InvalidInput: what is wrong with it.
    """
    nip = re.sub(r"\D", "", _text(values.get("nip")))
    if len(nip) != 18:
        raise InvalidInput(N_("NIP harus 18 angka."))
    title = _text(values.get("judul"))[:250]
    if not title:
        raise InvalidInput(N_("Judul kosong."))
    ended = _day(values.get("selesai"))
    if ended is None or ended > today:
        raise InvalidInput(N_("Tanggal selesai kosong atau belum lewat."))
    started = _day(values.get("mulai")) or ended
    if started > ended:
        raise InvalidInput(N_("Tanggal selesai mendahului tanggal mulai."))
    form = _text(values.get("bentuk")).upper()
    if form and form not in forms:
        raise InvalidInput(Message(N_("Bentuk %(code)s tidak dikenal."), {"code": form}))
    return Completion(
        nip=nip,
        title=title,
        ended_on=ended,
        jp=_hours(values.get("jp")),
        organiser=_text(values.get("penyelenggara"))[:200],
        form_code=form,
        started_on=started,
        number=_text(values.get("nomor"))[:120],
    )


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value if value is not None else "").split())


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(value)
    if not text:
        return None
    for pattern in _DATES:
        try:
            return datetime.strptime(text[:10], pattern).date()
        except ValueError:
            continue
    raise InvalidInput(Message(N_("Tanggal “%(text)s” tidak dikenal."), {"text": text[:30]}))


def _hours(value: object) -> int:
    text = _text(value)
    if not text.isdecimal() or not 1 <= int(text[:6]) <= HIGHEST_JP:
        raise InvalidInput(
            Message(N_("JP harus bilangan bulat 1 sampai %(most)s."), {"most": HIGHEST_JP})
        )
    return int(text)
