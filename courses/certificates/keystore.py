"""The private keys of this installation and their keyring, in one folder that only we may read.

Made at first run: a P-256 key with a certificate of its own for PDF files, and an Ed25519 key for
credentials, seals and revocation lists. Both are plainly marked as a test seal, which a certified
electronic signature is not. `rotate` makes new keys and keeps the old public ones for ever.
"""

import json
import os
import tempfile
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from app.core.errors import DomainError
from app.core.i18n import N_
from courses.certificates.keyring import Keyring, PdfCertificate, SealKey

TEST_SEAL_NAME = "Segel uji – bukan tanda tangan elektronik tersertifikasi"
LIFETIME = timedelta(days=3653)
_KEYRING = "keyring.json"
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")


@dataclass(frozen=True)
class KeyStore:
    """The active private keys, and every public key this installation ever had."""

    pdf_key: ec.EllipticCurvePrivateKey
    pdf_certificate: PdfCertificate
    seal_private: Ed25519PrivateKey
    seal_key: SealKey
    keyring: Keyring

    def seal(self, message: bytes) -> bytes:
        """Return the Ed25519 signature over a message."""
        return self.seal_private.sign(message)


def open_keystore(
    folder: Path, *, organisation: str, now: datetime, password: bytes | None = None
) -> KeyStore:
    """Load the keys, or make them at first run.

    Two processes may start at once: the keyring is put in place whole, and the slower one takes
    what is there.

    Args:
        folder: private folder of the installation, made if it is missing.
        organisation: name that stands in the certificate.
        now: when new keys begin to be valid.
        password: encrypts the private keys, or None to rely on the rights of the file.

    Raises:
        DomainError: if the keyring is there and a key is missing or cannot be read.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / _KEYRING).exists():
        entries = _make_keys(folder, organisation, now, password)
        _put(folder, entries, only_if_absent=True)
    return _load(folder, password)


def rotate(
    folder: Path, *, organisation: str, now: datetime, password: bytes | None = None
) -> KeyStore:
    """Make new keys active; the old public keys stay in the keyring with their end date."""
    entries = _read(folder)
    for entry in (*entries["seal"], *entries["pdf"]):
        entry["retired"] = entry["retired"] or now.isoformat()
    fresh = _make_keys(folder, organisation, now, password)
    _put(folder, {kind: [*fresh[kind], *entries[kind]] for kind in entries})
    return _load(folder, password)


def read_keyring(folder: Path) -> Keyring:
    """Return the public keys alone, for checks in a process that never signs."""
    return _keyring(_read(folder))


def _make_keys(
    folder: Path, organisation: str, now: datetime, password: bytes | None
) -> dict[str, list[dict[str, Any]]]:
    """Write two fresh private keys and return their entries for the keyring."""
    pdf_key = ec.generate_private_key(ec.SECP256R1())
    der = _certificate(pdf_key, organisation, now).public_bytes(Encoding.DER)
    seal_private = Ed25519PrivateKey.generate()
    raw = seal_private.public_key().public_bytes_raw()
    certificate, seal_key = PdfCertificate(der, now), SealKey(raw, now)
    names = {
        "pdf": f"pdf-{certificate.fingerprint[:16]}.pem",
        "seal": f"seal-{seal_key.short_id.hex()}.pem",
    }
    _write_private(folder / names["pdf"], pdf_key, password)
    _write_private(folder / names["seal"], seal_private, password)
    common = {"created": now.isoformat(), "retired": None}
    return {
        "seal": [{"x": b64encode(raw).decode(), "file": names["seal"], **common}],
        "pdf": [{"der": b64encode(der).decode(), "file": names["pdf"], **common}],
    }


def _certificate(
    key: ec.EllipticCurvePrivateKey, organisation: str, now: datetime
) -> x509.Certificate:
    """Return a certificate signed by its own key, whose name says what it is not."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, TEST_SEAL_NAME),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _write_private(path: Path, key: Any, password: bytes | None) -> None:
    """Write a private key that nobody but this user can read, never over another file."""
    encryption = BestAvailableEncryption(password) if password else NoEncryption()
    content = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put(folder: Path, entries: dict[str, Any], *, only_if_absent: bool = False) -> None:
    """Put the keyring in place whole."""
    # A file of mkstemp belongs to us alone (mode 0600) and has a name of its own.
    handle, name = tempfile.mkstemp(dir=folder, prefix=".keyring-")
    draft = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(entries, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    try:
        if only_if_absent:
            os.link(draft, folder / _KEYRING)
        else:
            draft.replace(folder / _KEYRING)
    except FileExistsError:
        # Another process was first; its keyring counts and our fresh keys are of no use.
        for entry in (*entries["seal"], *entries["pdf"]):
            (folder / entry["file"]).unlink()
    finally:
        draft.unlink(missing_ok=True)


def _read(folder: Path) -> dict[str, Any]:
    """Return the entries of the keyring.

    Raises:
        DomainError: if there is none that can be read.
    """
    try:
        entries: dict[str, Any] = json.loads((folder / _KEYRING).read_text("utf-8"))
        return entries
    except (OSError, ValueError) as error:
        raise DomainError(N_("Daftar kunci penyegel tidak dapat dibaca.")) from error


def _keyring(entries: dict[str, Any]) -> Keyring:
    """Return the public keys of keyring entries."""

    def period(entry: dict[str, Any]) -> tuple[datetime, datetime | None]:
        retired = entry["retired"]
        return (
            datetime.fromisoformat(entry["created"]),
            datetime.fromisoformat(retired) if retired else None,
        )

    return Keyring(
        tuple(SealKey(b64decode(e["x"]), *period(e)) for e in entries["seal"]),
        tuple(PdfCertificate(b64decode(e["der"]), *period(e)) for e in entries["pdf"]),
    )


def _load(folder: Path, password: bytes | None) -> KeyStore:
    """Load the first, active entry of each kind.

    Raises:
        DomainError: if a private key is missing, or does not belong to its public key.
    """
    entries = _read(folder)
    keyring = _keyring(entries)
    try:
        pdf_key, seal_private = (
            load_pem_private_key((folder / entries[kind][0]["file"]).read_bytes(), password)
            for kind in ("pdf", "seal")
        )
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise DomainError(N_("Kunci penyegel tidak ditemukan atau tidak dapat dibuka.")) from error
    certificate = x509.load_der_x509_certificate(keyring.pdf_certificates[0].der)
    if (
        not isinstance(pdf_key, ec.EllipticCurvePrivateKey)
        or not isinstance(seal_private, Ed25519PrivateKey)
        or pdf_key.public_key() != certificate.public_key()
        or seal_private.public_key().public_bytes_raw() != keyring.seal_keys[0].raw
    ):
        raise DomainError(N_("Kunci penyegel tidak cocok dengan daftar kunci."))
    return KeyStore(
        pdf_key, keyring.pdf_certificates[0], seal_private, keyring.seal_keys[0], keyring
    )
