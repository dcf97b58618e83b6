"""The alphabet of verification codes and sealed payloads, and the codes themselves.

Crockford's base 32 (no I, L, O, U) is readable aloud, safe in an address, and costs 5.5 bits a
character in the alphanumeric mode of a QR code.
"""

import re
import secrets

from app.core.errors import InvalidInput
from app.core.i18n import N_

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 26  # 130 bits
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """Return a fresh verification code of 130 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def normalise_code(text: str) -> str:
    """Return a typed or scanned code in its stored form.

    Raises:
        InvalidInput: if it cannot be a verification code.
    """
    code = re.sub(r"[\s.\-–]+", "", text).upper().translate(_LOOKALIKES)
    if len(code) != CODE_LENGTH or any(c not in _VALUES for c in code):
        raise InvalidInput(N_("Kode verifikasi terdiri dari 26 huruf dan angka."), field="code")
    return code


def display_code(code: str) -> str:
    """Return the code in groups of five or six characters, as it is printed."""
    return "-".join((code[:6], code[6:11], code[11:16], code[16:21], code[21:]))


def encode32(data: bytes) -> str:
    """Return bytes as base 32, most significant bit first, the last group filled with zeros."""
    bits, length = int.from_bytes(data), len(data) * 8
    fill = -length % 5
    bits <<= fill
    return "".join(ALPHABET[(bits >> shift) & 31] for shift in range(length + fill - 5, -1, -5))


def decode32(text: str) -> bytes:
    """Return the bytes of a base 32 text.

    Raises:
        ValueError: for a foreign character, or bits left over that are not zero.
    """
    bits = 0
    for character in text:
        if character not in _VALUES:
            raise ValueError("not base 32")
        bits = bits << 5 | _VALUES[character]
    fill = len(text) * 5 % 8
    if fill >= 5 or bits & ((1 << fill) - 1):
        raise ValueError("not a whole number of bytes")
    return (bits >> fill).to_bytes(len(text) * 5 // 8)
