"""Public keys, present and past, with which a certificate of any age is checked.

A key that has been replaced stays here for good: a certificate is shown for decades.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def base64url(data: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Return the bytes of a base64url text without padding.

    Raises:
        ValueError: for anything else.
    """
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


@dataclass(frozen=True)
class SealKey:
    """An Ed25519 public key (32 bytes) of credentials, seals and revocation lists."""

    raw: bytes
    created_at: datetime
    retired_at: datetime | None = None

    @property
    def short_id(self) -> bytes:
        """Return the four bytes by which a seal names its key."""
        return hashlib.sha256(self.raw).digest()[:4]

    @property
    def key_id(self) -> str:
        """Return the JWK thumbprint (RFC 7638, RFC 8037) by which a token names its key."""
        canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{base64url(self.raw)}"}}'
        return base64url(hashlib.sha256(canonical.encode()).digest())

    def jwk(self) -> dict[str, str]:
        """Return the key as a JSON Web Key."""
        return {
            "kty": "OKP",
            "crv": "Ed25519",
            "x": base64url(self.raw),
            "kid": self.key_id,
            "use": "sig",
            "alg": "EdDSA",
        }

    def accepts(self, signature: bytes, message: bytes) -> bool:
        """Tell whether the signature over the message is by this key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class PdfCertificate:
    """An X.509 certificate (DER) whose signatures on PDF files are ours."""

    der: bytes
    created_at: datetime
    retired_at: datetime | None = None
    certified: bool = False

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 of the certificate in hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()


@dataclass(frozen=True)
class Keyring:
    """All keys that were ever ours."""

    seal_keys: tuple[SealKey, ...] = ()
    pdf_certificates: tuple[PdfCertificate, ...] = ()

    def seal_key(self, short_id: bytes) -> SealKey | None:
        """Return the key that a seal names, if it is ours."""
        return next((k for k in self.seal_keys if k.short_id == short_id), None)

    def token_key(self, key_id: str) -> SealKey | None:
        """Return the key that a token names by its thumbprint, if it is ours."""
        return next((k for k in self.seal_keys if k.key_id == key_id), None)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the key set to publish."""
        return {"keys": [key.jwk() for key in self.seal_keys]}
