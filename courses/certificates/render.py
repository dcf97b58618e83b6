"""From facts to the unsigned archive file: page, QR code, credential and facts in one PDF/A-3a.

A `Renderer` pays the fixed costs (fonts, style sheet, drawings, template) once and makes any number
of certificates. The file has to be signed last (`signing`).
"""

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core import pdf
from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.certificates import credential, seal
from courses.certificates.facts import CertificateFacts, to_json
from courses.certificates.keyring import SealKey
from courses.certificates.template import (
    TemplateSource,
    Translate,
    default_template,
    fill,
    static_assets,
)

CREDENTIAL_FILE = "credential.jwt"
FACTS_FILE = "facts.json"
_GREY = bytes([255, 0]) + bytes(254)


@dataclass(frozen=True)
class SealSigner:
    """The Ed25519 key of credentials and seals: its public part and its signing function."""

    key: SealKey
    sign: Callable[[bytes], bytes]


class Renderer:
    """Makes unsigned certificate files from one template."""

    def __init__(
        self,
        sealer: SealSigner,
        *,
        template: TemplateSource | None = None,
        translate: Translate = str,
    ) -> None:
        """Parse the style sheet and keep the images.

        Args:
            sealer: signs credentials and seals.
            template: the template version, or None for the one that comes with the application.
            translate: turns a label into the certificate's language.
        """
        self.sealer, self.translate = sealer, translate
        self.template = template or default_template()
        self.stylesheet = pdf.parse_stylesheet(self.template.css, assets=static_assets())
        self._images: dict[str, Any] = {}

    def render(
        self, facts: CertificateFacts, *, preview: bool = False, compressed: bool = True
    ) -> bytes:
        """Return the unsigned file of a certificate.

        Raises:
            InvalidInput: if the template is broken, or a text has letters no font can draw.
        """
        refuse_missing_glyphs(facts)
        html = fill(self.template, facts, translate=self.translate, preview=preview)
        url = facts.verification_url if preview else self.sealed_url(facts)
        # The QR code differs each time: decoded images of earlier ones must not be kept.
        kept = {n: image for n, image in self._images.items() if not n.startswith("asset:qr")}
        data = pdf.render_pdf(
            html,
            metadata=metadata(facts, self.translate),
            stylesheets=[self.stylesheet],
            assets={**static_assets(), "qr.png": (qr_png(url), "image/png")},
            variant=pdf.ARCHIVE_TAGGED,
            attachments=() if preview else self.attachments(facts),
            identifier=hashlib.md5(facts.code.encode(), usedforsecurity=False).digest(),
            compressed=compressed,
            image_cache=kept,
        )
        self._images = kept
        return data

    def sealed_url(self, facts: CertificateFacts) -> str:
        """Return the text of the QR code with its seal."""
        sealed = seal.make_seal(facts, key=self.sealer.key, sign=self.sealer.sign)
        return seal.sealed_url(facts, sealed)

    def attachments(self, facts: CertificateFacts) -> tuple[pdf.Attachment, ...]:
        """Return the credential and the canonical facts as associated files."""
        token = credential.sign_credential(facts, key=self.sealer.key, sign=self.sealer.sign)
        return (
            pdf.Attachment(
                CREDENTIAL_FILE, token.encode(), credential.MEDIA_TYPE, "Open Badges 3.0"
            ),
            pdf.Attachment(
                FACTS_FILE,
                to_json(facts),
                "application/json",
                "Printed fields in canonical form",
                relationship="Source",
            ),
        )


def metadata(facts: CertificateFacts, translate: Translate) -> pdf.PdfMetadata:
    """Return title, author and date of the file."""
    return pdf.PdfMetadata(
        title=f"{facts.title} – {facts.holder}",
        language=facts.language,
        created=credential.moment_of(facts.issued_on),
        author=facts.organiser,
        subject=f"{translate('Sertifikat')} {facts.number}",
    )


def refuse_missing_glyphs(facts: CertificateFacts) -> None:
    """Refuse a certificate on which a letter would be an empty box.

    Raises:
        InvalidInput: naming the field and the letters.
    """
    texts = {
        "holder": facts.holder,
        "title": facts.title,
        "holder_unit": facts.holder_unit,
        "place": facts.place,
        "organiser": facts.organiser,
        "form": facts.form,
        "predicate": facts.predicate,
        "note": facts.note,
        "topics": " ".join(t.name for t in facts.topics),
        "signatories": " ".join(f"{s.name} {s.position}" for s in facts.signatories),
    }
    for field, text in texts.items():
        if missing := pdf.missing_glyphs(text):
            raise InvalidInput(unprintable(missing), field=field)


def unprintable(letters: str) -> Message:
    """Return the sentence about letters that no bundled font draws."""
    return Message(
        N_("Huruf %(letters)s tidak dapat dicetak; tuliskan dengan huruf Latin."),
        {"letters": " ".join(letters[:10])},
    )


def qr_png(url: str) -> bytes:
    """Return the QR code as a PNG of one grey byte for each module."""
    rows = seal.qr_matrix(url)
    pixels = b"".join(b"\0" + row.translate(_GREY) for row in rows)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
