"""Secrets that are read back (TOTP seeds, codes of slips), encrypted with the app key."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"e-karir account secrets v1"


class Unsealable(Exception):
    """No key in force opens the text: the application key was changed without its fallback."""


class Sealer:
    """Encrypt with the first key, open with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._box = MultiFernet([Fernet(_derive(key)) for key in keys if key])

    def seal(self, text: str) -> bytes:
        """Return the text encrypted and authenticated."""
        return self._box.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text.

        Raises:
            Unsealable: when no key fits.
        """
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Unsealable from error

    def renew(self, sealed: bytes) -> bytes:
        """Return the text encrypted again with the first key, after a change of key."""
        return self._box.rotate(sealed)


def _derive(key: str) -> bytes:
    raw = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(raw)
