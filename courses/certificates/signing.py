"""PAdES signatures on certificate files: a local test seal, or an official service.

The signature is the last thing that happens to a file: an invisible certification signature that
permits no further change, level B-B, or B-T when a timestamp authority is set. Long-term validation
data may still be added later as a further revision (ISO 32000-2, 12.8.2.2).
"""

import asyncio
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.core.errors import DomainError
from app.core.i18n import N_
from courses.certificates.cms_form import CmsForm
from courses.certificates.keyring import PdfCertificate
from courses.certificates.keystore import KeyStore

FIELD_NAME = "Segel"
# Hexadecimal digits kept free for the signature: what a P-256 signature with one certificate needs
# (2.7 kB), and for a chain with a timestamp token.
_ROOM, _ROOM_WITH_TIMESTAMP, _ROOM_REMOTE = 3072, 20480, 16384


class Signer(Protocol):
    """Signs a finished certificate file."""

    @property
    def certificate(self) -> PdfCertificate:
        """Return the certificate whose key signs."""

    def sign(self, data: bytes, *, signed_at: datetime, reason: str) -> bytes:
        """Return the file with its signature.

        Raises:
            DomainError: if the key has expired, or the service does not answer properly.
        """


class _RawSigner(signers.Signer):
    """Puts a signature made elsewhere (a loaded key, a service) into the form that PDF wants."""

    def __init__(
        self,
        certificate: bytes,
        sign_raw: Callable[[bytes], bytes],
        size: int,
        chain: tuple[bytes, ...] = (),
    ) -> None:
        store = SimpleCertificateStore()
        store.register_multiple([asn1_x509.Certificate.load(der) for der in chain])
        super().__init__(signing_cert=asn1_x509.Certificate.load(certificate), cert_registry=store)
        self._sign_raw, self._size = sign_raw, size

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Return the signature over the signed attributes."""
        return bytes(self._size) if dry_run else self.sign_raw(data)

    def sign_raw(self, data: bytes) -> bytes:
        """Return the signature over some bytes."""
        return self._sign_raw(data)


class _PdfSeal:
    """What both signers share: the checks before and the form of the signature."""

    def __init__(
        self, certificate: PdfCertificate, raw: _RawSigner, room: int, stamper: TimeStamper | None
    ) -> None:
        self._certificate, self._raw, self._stamper = certificate, raw, stamper
        self._room = max(room, _ROOM_WITH_TIMESTAMP) if stamper else room
        self._parsed = x509.load_der_x509_certificate(certificate.der)
        self._form: tuple[datetime, CmsForm] | None = None

    @property
    def certificate(self) -> PdfCertificate:
        """Return the certificate whose key signs."""
        return self._certificate

    def sign(self, data: bytes, *, signed_at: datetime, reason: str) -> bytes:
        """Return the file with its signature; see `Signer`."""
        start, end = self._parsed.not_valid_before_utc, self._parsed.not_valid_after_utc
        if not start <= signed_at.replace(microsecond=0) <= end:
            raise DomainError(N_("Kunci penyegel belum atau tidak lagi berlaku; buat kunci baru."))
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD_NAME,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            reason=reason,
            name=self._raw.subject_name,
        )
        pdf_signer = signers.PdfSigner(
            metadata,
            signer=self._raw,
            timestamper=self._stamper,
            new_field_spec=SigFieldSpec(FIELD_NAME, box=(0, 0, 0, 0), on_page=0),
        )
        return self._embed(pdf_signer, data, signed_at)

    def _embed(self, pdf_signer: signers.PdfSigner, data: bytes, signed_at: datetime) -> bytes:
        """Append the signature as one revision."""
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        session = pdf_signer.init_signing_session(writer)
        session.system_time = signed_at
        # For PAdES pyHanko raises the version to 2.0, which PDF/A-3 (6.1.2) forbids; 1.7 suffices.
        writer.root.pop("/Version", None)
        document = session.prepare_tbs_document(validation_info=None, bytes_reserved=self._room)
        output = io.BytesIO()
        prepared, _ = document.digest_tbs_document(output=output)
        digest = prepared.document_digest
        if self._stamper is None:
            filled = self._form_of(signed_at).filled(digest, self._raw.sign_raw)
            prepared.fill_with_cms(output, filled)
        else:
            attributes = PdfCMSSignedAttributes(signing_time=signed_at)
            asyncio.run(document.perform_signature(digest, attributes))
        return output.getvalue()

    def _form_of(self, signed_at: datetime) -> CmsForm:
        """Return the container of signatures of one moment, made by the library once."""
        if self._form is None or self._form[0] != signed_at:
            model = asyncio.run(
                self._raw.async_sign(
                    bytes(32),
                    "sha256",
                    dry_run=True,
                    use_pades=True,
                    signed_attr_settings=PdfCMSSignedAttributes(signing_time=signed_at),
                )
            )
            self._form = signed_at, CmsForm(model)
        return self._form[1]


class LocalSigner(_PdfSeal):
    """Signs with the key of this installation: a seal for tests and demonstrations."""

    def __init__(self, store: KeyStore, *, stamper: TimeStamper | None = None) -> None:
        key = store.pdf_key

        def sign_raw(data: bytes) -> bytes:
            return key.sign(data, ec.ECDSA(hashes.SHA256()))

        raw = _RawSigner(store.pdf_certificate.der, sign_raw, size=72)
        super().__init__(store.pdf_certificate, raw, _ROOM, stamper)


def signer_with(store: KeyStore, *, timestamp_url: str = "") -> Signer:
    """Return the local signer, with a timestamp authority where an address is given."""
    if not timestamp_url:
        return LocalSigner(store)
    from pyhanko.sign.timestamps import HTTPTimeStamper

    return LocalSigner(store, stamper=HTTPTimeStamper(timestamp_url))


class RemoteSigner(_PdfSeal):
    """Signs through an official service, which gets a hash and never the file.

    Args:
        chain: certificates (DER), that of the signer first.
        sign_hash: sends a SHA-256 digest and returns the raw signature; any `OSError` or
            `ValueError` it raises becomes a refusal that can be tried again.
        stamper: timestamp authority of the service, or None.
    """

    def __init__(
        self,
        chain: tuple[bytes, ...],
        sign_hash: Callable[[bytes], bytes],
        *,
        created_at: datetime,
        stamper: TimeStamper | None = None,
    ) -> None:
        public = x509.load_der_x509_certificate(chain[0]).public_key()

        def sign_raw(data: bytes) -> bytes:
            hasher = hashes.Hash(hashes.SHA256())
            hasher.update(data)
            try:
                signature = sign_hash(hasher.finalize())
                _check_raw(public, signature, data)
            except (OSError, ValueError, InvalidSignature) as error:
                raise DomainError(
                    N_("Layanan tanda tangan elektronik tidak memberi tanda tangan yang sah.")
                ) from error
            return signature

        raw = _RawSigner(chain[0], sign_raw, size=512, chain=chain[1:])
        certificate = PdfCertificate(chain[0], created_at, certified=True)
        super().__init__(certificate, raw, _ROOM_REMOTE, stamper)


def _check_raw(public: Any, signature: bytes, data: bytes) -> None:
    """Check what a service returned before it goes into a file.

    Raises:
        InvalidSignature: if it does not belong to the certificate and the data.
        ValueError: for a kind of key that is not supported.
    """
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(public, ec.EllipticCurvePublicKey):
        public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    else:
        raise ValueError("unsupported key")
