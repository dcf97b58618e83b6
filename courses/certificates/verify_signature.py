"""Is the signature in a PDF whole, over the whole file, and ours?"""

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import cms, parser, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from app.core import clock
from courses.certificates.keyring import Keyring, PdfCertificate

_log = logging.getLogger(__name__)


class SignatureState(StrEnum):
    """What the signature of a file proves."""

    VALID = "valid"
    ABSENT = "absent"
    BROKEN = "broken"
    EXTENDED = "extended"
    FOREIGN = "foreign"
    OUT_OF_PERIOD = "out_of_period"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class SignatureCheck:
    """The state of a signature, who signed and when by their own word.

    `timestamped` tells whether a timestamp authority stands behind the time, `certified` whether
    the certificate is from an official service rather than the local test seal.
    """

    state: SignatureState
    signer: str = ""
    signed_at: datetime | None = None
    timestamped: bool = False
    certified: bool = False


def check_signature(data: bytes, keyring: Keyring) -> SignatureCheck:
    """Check the first signature of a file against our certificates, without any connection."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        signatures = reader.embedded_regular_signatures
        if not signatures:
            return SignatureCheck(SignatureState.ABSENT)
        return _judge(signatures[0], data, keyring)
    except Exception:
        # A hostile file can break a parser anywhere; whatever it is, nothing is proven by it.
        _log.info("signature of a dropped file could not be read", exc_info=True)
        return SignatureCheck(SignatureState.UNREADABLE)


def _judge(signature: EmbeddedPdfSignature, data: bytes, keyring: Keyring) -> SignatureCheck:
    """Return the state of one signature."""
    found = signature.signer_cert
    ours = next((c for c in keyring.pdf_certificates if c.der == found.dump()), None)
    signed_at = signature.self_reported_timestamp
    context = ValidationContext(
        trust_roots=[found],
        moment=signed_at or clock.now(),
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    status = validate_pdf_signature(signature, signer_validation_context=context)
    if not (status.intact and status.valid and _room_is_empty(signature)):
        state = SignatureState.BROKEN
    elif ours is not None and not ours.certified and not _envelope_is_ours(signature, data):
        state = SignatureState.BROKEN
    elif ours is None:
        state = SignatureState.FOREIGN
    elif not _covers_all(signature, data) and not _only_proofs(signature, status):
        state = SignatureState.EXTENDED
    elif not _in_period(ours, signed_at):
        state = SignatureState.OUT_OF_PERIOD
    else:
        state = SignatureState.VALID
    stamp = status.timestamp_validity
    return SignatureCheck(
        state,
        signer=_common_name(found),
        signed_at=signed_at,
        timestamped=bool(stamp and stamp.intact and stamp.valid),
        certified=bool(ours and ours.certified),
    )


def _room_is_empty(signature: EmbeddedPdfSignature) -> bool:
    """Tell whether the room kept for the signature holds nothing behind it.

    It is the one part of the file that no signature covers.
    """
    room = signature.pkcs7_content
    return not any(room[parser.peek(room) :])


def _envelope_is_ours(signature: EmbeddedPdfSignature, data: bytes) -> bool:
    """Tell whether the signature's own bytes are those the local seal writes for its content.

    No signature covers its own container (RFC 5652): a version, an algorithm list or the case of a
    hexadecimal digit could be changed and the signature would still hold. The container is built
    again from what is proven and compared byte for byte. A service's container has its own form.
    """
    content, signer = signature.pkcs7_content, signature.signer_info
    start, first, rest, _ = (int(number) for number in signature.byte_range)
    if data[start + first : rest] != b"<" + content.hex().upper().encode() + b">":
        return False
    algorithm = {"algorithm": signer["digest_algorithm"]["algorithm"].native}
    certificate = signature.signer_cert
    name = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": name}),
        "digest_algorithm": algorithm,
        "signed_attrs": signer["signed_attrs"],
        "signature_algorithm": {"algorithm": signer["signature_algorithm"]["algorithm"].native},
        "signature": signer["signature"],
    }
    if signer["unsigned_attrs"]:  # a time stamp, which is signed by its own authority
        info["unsigned_attrs"] = signer["unsigned_attrs"]
    expected = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": [algorithm],
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [certificate],
                    "signer_infos": [cms.SignerInfo(info)],
                }
            ),
        }
    ).dump(force=True)
    return bool(content[: parser.peek(content)] == expected)


def _covers_all(signature: EmbeddedPdfSignature, data: bytes) -> bool:
    """Tell whether the signed ranges reach from the first byte to the last."""
    start, _, rest, length = (int(number) for number in signature.byte_range)
    return start == 0 and rest + length == len(data)


def _only_proofs(signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> bool:
    """Tell whether what was appended later is nothing but long-term validation data."""
    return (
        signature.signed_revision + 1 < signature.reader.xrefs.total_revisions
        and status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        and status.modification_level == ModificationLevel.LTA_UPDATES
        and bool(status.docmdp_ok)
    )


def _in_period(ours: PdfCertificate, signed_at: datetime | None) -> bool:
    """Tell whether a signature says a time at which its key was in use."""
    if signed_at is None or signed_at < ours.created_at.replace(microsecond=0):
        return False
    return ours.retired_at is None or signed_at <= ours.retired_at


def _common_name(certificate: x509.Certificate) -> str:
    """Return the name in a certificate."""
    return str(certificate.subject.native.get("common_name", ""))
