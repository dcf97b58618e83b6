"""The compact signed payload of the QR code, readable without the server, and the signed list of
what happened to certificates after they were printed: withdrawn, or valid until another day.

The QR code holds `<base>/s/<code>#<seal>`. A browser sends nothing after `#` to the server, so the
online check sees the code alone, and the offline check reads the seal. Bytes of the seal:

    0       layout, 1
    1-4     first four bytes of SHA-256 of the signing key's 32 public bytes
    5-12    issued on, valid until (0 = no end), starts on, ends on: days since 2000-01-01, 16 bit
    13-14   JP in tenths, 16 bit
    15      index of the role in `ParticipantRole`
    16-     number, holder, title, predicate: one byte length, then UTF-8, cut with an ellipsis
    last 64 Ed25519 signature over `e-karir seal 1\\n` + code + `\\n` + all bytes before it

All numbers are big-endian; the whole is written in base 32 (`codes.ALPHABET`).
`app/web/static/js/offline-verify.js` reads the same layout.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import segno
from segno import encoder

from app.core.errors import InvalidInput
from app.core.i18n import N_
from courses.certificates.codes import decode32, encode32, normalise_code
from courses.certificates.facts import CertificateFacts, ParticipantRole
from courses.certificates.jws import read_token, sign_token
from courses.certificates.keyring import Keyring, SealKey

SEAL_LAYOUT = 1
# Bytes of number, holder, title and predicate: the QR code stays readable at 25 mm.
FIELD_LIMITS = (48, 72, 100, 24)
_DOMAIN = b"e-karir seal 1\n"
_EPOCH = date(2000, 1, 1)
_HEAD = struct.Struct(">B4sHHHHHB")
_SIGNATURE = 64
_LIST_TYPE = "ekarir-revocations+jwt"


@dataclass(frozen=True)
class SealedFacts:
    """What a seal says; long texts end in an ellipsis."""

    code: str
    number: str
    holder: str
    title: str
    predicate: str
    role: ParticipantRole
    jp: Decimal
    starts_on: date
    ends_on: date
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True)
class Withdrawal:
    """One certificate that no longer stands: `revoked` or `replaced`, since when, by which.

    The one that replaces it is named by its number, which opens nothing.
    """

    code: str
    state: str
    on: date
    replaced_by: str = ""


@dataclass(frozen=True)
class NewLastDay:
    """A certificate whose last day of validity is another than the printed one; None for none."""

    code: str
    until: date | None


@dataclass(frozen=True)
class RevocationList:
    """A list that was signed at one moment and promises a newer one by another."""

    sequence: int
    issued_at: datetime
    next_update: datetime
    entries: dict[str, tuple[str, date, str]]
    last_days: dict[str, date | None]

    def state_of(self, code: str) -> tuple[str, date, str] | None:
        """Return (state, date, number of its replacement) of a withdrawn certificate, or None."""
        return self.entries.get(_entry_key(code))

    def last_day(self, code: str, printed: date | None) -> date | None:
        """Return until when a certificate is valid, given what it prints."""
        return self.last_days.get(_entry_key(code), printed)

    def is_stale(self, moment: datetime) -> bool:
        """Tell whether a newer list should exist by now."""
        return moment > self.next_update


def make_seal(facts: CertificateFacts, *, key: SealKey, sign: Callable[[bytes], bytes]) -> str:
    """Return the seal of a certificate in base 32.

    Args:
        facts: the printed fields.
        key: the public key, by which the seal names its signer.
        sign: Ed25519 signature over bytes by that key.
    """
    head = _HEAD.pack(
        SEAL_LAYOUT,
        key.short_id,
        _days(facts.issued_on),
        _days(facts.valid_until) if facts.valid_until else 0,
        _days(facts.starts_on),
        _days(facts.ends_on),
        int(facts.jp * 10),
        list(ParticipantRole).index(facts.role),
    )
    texts = (facts.number, facts.holder, facts.title, facts.predicate)
    body = head + b"".join(map(_text_field, texts, FIELD_LIMITS))
    return encode32(body + sign(_message(facts.code, body)))


def sealed_url(facts: CertificateFacts, seal: str) -> str:
    """Return the text of the QR code."""
    return f"{facts.verification_url}#{seal}"


def open_seal(text: str, keyring: Keyring) -> SealedFacts:
    """Read the text of a QR code and check its signature.

    Raises:
        InvalidInput: if it is no QR code of a certificate, or not signed by a key of ours.
    """
    address, _, seal = text.strip().partition("#")
    code = normalise_code(address.rstrip("/").rpartition("/")[2])
    try:
        data = decode32(seal.upper())
        body, signature = data[:-_SIGNATURE], data[-_SIGNATURE:]
        sealed = _parse(code, body)
    except (ValueError, IndexError, struct.error, OverflowError) as error:
        raise InvalidInput(N_("Kode QR ini tidak memuat data sertifikat yang utuh.")) from error
    key = keyring.seal_key(body[1:5])
    if key is None:
        raise InvalidInput(N_("Kode QR ini tidak disegel dengan kunci penerbit."))
    if not key.accepts(signature, _message(code, body)):
        raise InvalidInput(N_("Segel pada kode QR tidak cocok: isinya telah diubah."))
    return sealed


def qr_matrix(url: str, *, border: int = 4) -> list[bytes]:
    """Return the rows of the QR code (1 = dark), with error correction M and its quiet zone.

    The code and the seal are written in alphanumeric mode, a third smaller than bytes.
    """
    address, _, seal = url.partition("#")
    base, _, code = address.rpartition("/")
    segments: list[Any] = [(f"{base}/", encoder.consts.MODE_BYTE), (code, _ALPHANUMERIC)]
    if seal:
        segments += [("#", encoder.consts.MODE_BYTE), (seal, _ALPHANUMERIC)]
    # A fixed mask: the seal looks random, so that choosing among the eight (20 ms) gains nothing.
    make: Any = segno.make_qr  # its annotation leaves out the list of segments that it accepts
    symbol = make(segments, error="m", boost_error=False, mask=_MASK)
    blank, side = bytes(len(symbol.matrix) + 2 * border), bytes(border)
    rows = [side + bytes(row) + side for row in symbol.matrix]
    return [blank] * border + rows + [blank] * border


_MASK = 3
_ALPHANUMERIC = encoder.consts.MODE_ALPHANUMERIC


def sign_revocations(
    withdrawals: Iterable[Withdrawal],
    changed: Iterable[NewLastDay] = (),
    *,
    sequence: int,
    issued_at: datetime,
    next_update: datetime,
    key: SealKey,
    sign: Callable[[bytes], bytes],
) -> str:
    """Return the signed list of later changes as a compact token, the same for the same changes.

    A certificate is named by the first 12 bytes of SHA-256 of its code, so that the list gives no
    code away. Members: `seq`, `iat`, `nxt` (seconds since 1970), `rev` {key: [state, date] or
    [state, date, number of the replacement]} and `val` {key: last day or null}.
    """
    entries = {
        _entry_key(w.code): [w.state, w.on.isoformat(), *([w.replaced_by] if w.replaced_by else [])]
        for w in withdrawals
    }
    last_days = {_entry_key(c.code): c.until.isoformat() if c.until else None for c in changed}
    payload = {
        "seq": sequence,
        "iat": int(issued_at.timestamp()),
        "nxt": int(next_update.timestamp()),
        "rev": dict(sorted(entries.items())),
        "val": dict(sorted(last_days.items())),
    }
    return sign_token(payload, header={"typ": _LIST_TYPE, "kid": key.key_id}, sign=sign)


def read_revocations(token: str, keyring: Keyring) -> RevocationList:
    """Return the content of a signed list.

    Raises:
        InvalidInput: if it is not a list signed by a key of ours.
    """
    try:
        payload, _ = read_token(token, keyring)
        issued, following = (
            datetime.fromtimestamp(payload[name], tz=UTC) for name in ("iat", "nxt")
        )
        entries = {
            name: (state, date.fromisoformat(on), "".join(number))
            for name, (state, on, *number) in payload["rev"].items()
        }
        last_days = {
            name: None if day is None else date.fromisoformat(day)
            for name, day in payload["val"].items()
        }
        return RevocationList(int(payload["seq"]), issued, following, entries, last_days)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InvalidInput(N_("Daftar pencabutan tidak sah.")) from error


def _entry_key(code: str) -> str:
    """Return the name of a certificate in the list of withdrawals."""
    return sha256(code.encode()).hexdigest()[:24]


def _message(code: str, body: bytes) -> bytes:
    """Return the bytes that a seal signs."""
    return _DOMAIN + code.encode() + b"\n" + body


def _days(day: date) -> int:
    """Return days since 2000-01-01; an earlier date counts as the first."""
    return max((day - _EPOCH).days, 0)


def _text_field(text: str, limit: int) -> bytes:
    """Return length and UTF-8 of a text, cut at a character with an ellipsis if it is too long."""
    data = text.encode()
    if len(data) > limit:
        data = data[: limit - 3].decode(errors="ignore").encode() + "…".encode()
    return bytes([len(data)]) + data


def _parse(code: str, body: bytes) -> SealedFacts:
    """Return the fields of a seal's body.

    Raises:
        ValueError, IndexError, struct.error, OverflowError: if the bytes follow another layout.
    """
    layout, _, issued, until, starts, ends, jp, role = _HEAD.unpack_from(body)
    if layout != SEAL_LAYOUT:
        raise ValueError("unknown layout")
    texts, place = [], _HEAD.size
    for _ in FIELD_LIMITS:
        end = place + 1 + body[place]
        texts.append(body[place + 1 : end].decode())
        place = end
    if place != len(body):
        raise ValueError("wrong length")
    number, holder, title, predicate = texts
    day = [_EPOCH + timedelta(days=value) for value in (starts, ends, issued, until)]
    return SealedFacts(
        code=code,
        number=number,
        holder=holder,
        title=title,
        predicate=predicate,
        role=list(ParticipantRole)[role],
        jp=Decimal(jp) / 10,
        starts_on=day[0],
        ends_on=day[1],
        issued_on=day[2],
        valid_until=day[3] if until else None,
    )
