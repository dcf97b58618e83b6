"""What a dropped PDF is worth: its signature, its hash, its credential, and what was changed.

Nothing is stored and nothing is fetched. Every finding is a sentence for a person who has never
heard of signatures; `PdfCheck.genuine` is the short answer.
"""

import difflib
import hashlib
import io
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pikepdf

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from courses.certificates import credential
from courses.certificates.codes import normalise_code
from courses.certificates.facts import CertificateFacts, digest, from_json
from courses.certificates.keyring import Keyring
from courses.certificates.labels import labels_in
from courses.certificates.page_text import bounded, plain, printed_pages
from courses.certificates.render import CREDENTIAL_FILE, FACTS_FILE
from courses.certificates.template import Translate, variables
from courses.certificates.verify_signature import SignatureCheck, SignatureState, check_signature

MAX_BYTES = 5_000_000
_MAX_ATTACHMENT = 200_000
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufeff]")
_CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{6}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}")
_ON_ANY_PAGE = frozenset({"topics", "competencies"})
_log = logging.getLogger(__name__)

_SIGNATURE_PROBLEMS = {
    SignatureState.ABSENT: N_("Berkas ini tidak bersegel elektronik, atau segelnya telah dibuang."),
    SignatureState.BROKEN: N_("Isi berkas telah diubah setelah disegel."),
    SignatureState.EXTENDED: N_("Isi ditambahkan ke berkas setelah disegel."),
    SignatureState.FOREIGN: N_("Berkas ini disegel oleh pihak lain, bukan oleh penerbit."),
    SignatureState.OUT_OF_PERIOD: N_("Segel dibuat di luar masa pakai kunci penerbit."),
    SignatureState.UNREADABLE: N_("Segel elektronik pada berkas rusak dan tidak dapat dibaca."),
}
_NO_PDF = N_("Berkas ini bukan PDF yang utuh; mungkin terpotong atau rusak.")
_TOO_LARGE = N_("Berkas terlalu besar untuk sebuah sertifikat.")
_OTHER_HASH = N_("Berkas ini tidak sama dengan berkas yang diterbitkan.")
_OTHER_CERTIFICATE = N_("Berkas ini adalah sertifikat lain, bukan yang sedang diperiksa.")
_NO_CREDENTIAL = N_("Kredensial digital di dalam berkas tidak ada atau tidak sah.")
_OTHER_FACTS = N_("Data di dalam berkas berbeda dari catatan penerbit.")
_UNREADABLE_PAGE = N_("Teks halaman tidak dapat dibaca, sehingga tidak dapat dibandingkan.")


@dataclass(frozen=True)
class Difference:
    """A field that the file prints or carries differently from the record.

    `found` is what stands there instead, as far as it can be told, or an empty text.
    """

    field: str
    expected: str
    found: str


@dataclass(frozen=True)
class PdfCheck:
    """Everything that a check of one file has found."""

    is_pdf: bool
    signature: SignatureCheck
    sha256: str
    hash_matches: bool | None = None
    code: str | None = None
    credential: Mapping[str, Any] | None = None
    facts: CertificateFacts | None = None
    differences: tuple[Difference, ...] = ()
    problems: tuple[Message, ...] = ()

    @property
    def genuine(self) -> bool:
        """Tell whether the file is as it was issued, in every respect that was checked."""
        return self.is_pdf and not self.problems and not self.differences


@dataclass(frozen=True)
class _Content:
    """What a file carries, before it is judged."""

    attachments: Mapping[str, bytes]
    pages: list[list[str]] | None


def check_pdf(
    data: bytes,
    *,
    keyring: Keyring,
    expected: CertificateFacts | None = None,
    stored_sha256: str | None = None,
    translate: Translate = str,
) -> PdfCheck:
    """Check a file that somebody presents as a certificate.

    Args:
        data: the bytes of the file.
        keyring: all keys that were ever ours.
        expected: the record with which the file is compared, if it is known; without it the
            signed data in the file itself are the measure.
        stored_sha256: hash of the file as issued, if it is known.
        translate: turns labels into the language of the certificate, to find them on the page.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    content = _read(data)
    if content is None:
        reason = _TOO_LARGE if len(data) > MAX_BYTES else _NO_PDF
        return PdfCheck(
            is_pdf=False,
            signature=SignatureCheck(SignatureState.UNREADABLE),
            sha256=sha256,
            hash_matches=None if stored_sha256 is None else sha256 == stored_sha256,
            problems=(Message(reason),),
        )
    signature = check_signature(data, keyring)
    vouched = _credential(content, keyring)
    carried = _facts(content, vouched)
    code = _code(content, vouched)
    hash_matches = None if stored_sha256 is None else sha256 == stored_sha256
    intact = signature.state is SignatureState.VALID and hash_matches is not False
    truth = expected or carried
    differences = _carried_differences(expected, carried)
    if truth and not intact:
        differences += _printed_differences(truth, content.pages, translate)
    return PdfCheck(
        is_pdf=True,
        signature=signature,
        sha256=sha256,
        hash_matches=hash_matches,
        code=code,
        credential=vouched,
        facts=carried,
        differences=differences,
        problems=_problems(signature, hash_matches, vouched, carried, expected, code, content),
    )


def _problems(
    signature: SignatureCheck,
    hash_matches: bool | None,
    vouched: Mapping[str, Any] | None,
    carried: CertificateFacts | None,
    expected: CertificateFacts | None,
    code: str | None,
    content: _Content,
) -> tuple[Message, ...]:
    """Return a sentence for everything that is wrong."""
    sentences = [_SIGNATURE_PROBLEMS.get(signature.state)]
    if hash_matches is False:
        sentences.append(_OTHER_HASH)
    if vouched is None or carried is None:
        sentences.append(_NO_CREDENTIAL)
    if expected and code and code != expected.code:
        sentences.append(_OTHER_CERTIFICATE)
    elif expected and carried and digest(expected) != digest(carried):
        sentences.append(_OTHER_FACTS)
    if content.pages is None and signature.state is not SignatureState.VALID:
        sentences.append(_UNREADABLE_PAGE)
    return tuple(Message(sentence) for sentence in sentences if sentence)


def _read(data: bytes) -> _Content | None:
    """Return what a file carries, or None if it is no PDF or too large."""
    if len(data) > MAX_BYTES or b"%PDF-" not in data[:1024]:
        return None
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            if not len(document.pages):
                return None
            return _Content(_attachments(document), _pages(document))
    except Exception:
        # A hostile file can break a parser anywhere; whatever it is, it is not a whole PDF.
        _log.info("dropped file could not be opened", exc_info=True)
        return None


def _attachments(document: pikepdf.Pdf) -> dict[str, bytes]:
    """Return the two files that a certificate carries, as far as they are there."""
    found = {}
    for name in (CREDENTIAL_FILE, FACTS_FILE):
        try:
            stream = document.attachments[name].obj["/EF"]["/F"]
            found[name] = bounded(stream, _MAX_ATTACHMENT)
        except (KeyError, ValueError, TypeError, AttributeError, pikepdf.PdfError):
            _log.info("attachment %s missing or unreadable", name)
    return found


def _pages(document: pikepdf.Pdf) -> list[list[str]] | None:
    """Return the printed lines by page, or None if they cannot be read."""
    try:
        return printed_pages(document)
    except Exception:
        _log.info("text of a dropped file could not be read", exc_info=True)
        return None


def _credential(content: _Content, keyring: Keyring) -> dict[str, Any] | None:
    """Return the credential in the file if one of our keys signed it."""
    token = content.attachments.get(CREDENTIAL_FILE)
    if token is None:
        return None
    try:
        return credential.read_credential(token.decode("ascii", "replace"), keyring)
    except InvalidInput:
        return None


def _facts(content: _Content, vouched: dict[str, Any] | None) -> CertificateFacts | None:
    """Return the facts in the file if the credential vouches for them."""
    data = content.attachments.get(FACTS_FILE)
    if data is None or vouched is None:
        return None
    if hashlib.sha256(data).hexdigest() != credential.facts_digest(vouched):
        return None
    try:
        return from_json(data)
    except ValueError:
        return None


def _code(content: _Content, vouched: dict[str, Any] | None) -> str | None:
    """Return the code a file claims: by its credential, or by what it prints."""
    claimed = str(vouched["id"]).rpartition("/")[2] if vouched else ""
    if not claimed:
        match = _CODE.search(" ".join(line for page in content.pages or () for line in page))
        claimed = match.group() if match else ""
    try:
        return normalise_code(claimed)
    except InvalidInput:
        return None


def claimed_code(data: bytes, keyring: Keyring) -> str | None:
    """Return the verification code that a file claims, to find its record; it proves nothing."""
    content = _read(data)
    return _code(content, _credential(content, keyring)) if content else None


def _carried_differences(
    expected: CertificateFacts | None, carried: CertificateFacts | None
) -> tuple[Difference, ...]:
    """Return the fields of the signed data in the file that differ from the record."""
    if expected is None or carried is None or expected == carried:
        return ()
    return tuple(
        Difference(f.name, str(getattr(expected, f.name)), str(getattr(carried, f.name)))
        for f in fields(CertificateFacts)
        if getattr(expected, f.name) != getattr(carried, f.name)
    )


def _printed_differences(
    truth: CertificateFacts, pages: list[list[str]] | None, translate: Translate
) -> tuple[Difference, ...]:
    """Return the printed fields that were changed on the pages, with what stands there instead.

    A field may be printed twice and changed once, so that it is not enough that it is there
    somewhere: the front must have it, apart from topics and competencies, and a line that says
    nothing known and resembles the field is a change as well.
    """
    if not pages:
        return ()
    printed = _printed_fields(truth, translate)
    front, whole = plain("".join(pages[0])), plain("".join(sum(pages, [])))
    changed = _changed_lines(sum(pages, []), printed, translate)

    def stands(field: str, text: str) -> bool:
        place = whole if field in _ON_ANY_PAGE else front
        return plain(text) in place and plain(text) not in changed

    return tuple(
        Difference(field, text, changed.get(plain(text), ""))
        for field, text in printed
        if not stands(field, text) and not _RIGHT_TO_LEFT.search(text)
    )


def _changed_lines(
    lines: list[str], printed: list[tuple[str, str]], translate: Translate
) -> dict[str, str]:
    """Return plain field text -> the line that resembles it and says nothing that is known."""
    texts = {plain(text) for _, text in printed}
    known = sorted(texts | {plain(v) for v in labels_in(translate).values()}, key=len, reverse=True)
    changed: dict[str, str] = {}
    for line in lines:
        said = plain(line)
        if any(said in text for text in known):
            continue
        rest = said
        for text in known:
            rest = rest.replace(text, "")
        if not re.search(r"[^\W\d_]", rest):
            continue
        for part in (said, rest):
            match = difflib.get_close_matches(part, texts, n=1, cutoff=0.6)
            if match:
                changed[match[0]] = line.strip(" ·")
                break
    return changed


def _printed_fields(facts: CertificateFacts, translate: Translate) -> list[tuple[str, str]]:
    """Return (field, printed text) of everything a certificate says about its holder."""
    values = variables(facts, translate)
    names = (
        "number holder title organiser agency holder_unit role form period place result note "
        "issued_line validity code"
    )
    printed = [(name, values[name]) for name in names.split()]
    printed.append(("jp", f"{values['jp']} JP"))
    for signatory in values["signatories"]:
        printed += [("signatories", signatory["name"]), ("signatories", signatory["position"])]
    printed += [("topics", topic["name"]) for topic in values["topics"]]
    printed += [
        ("competencies", f"{c['name']}: {values['label']['level']} {c['level']}")
        for c in values["competencies"]
    ]
    return [(name, str(text)) for name, text in printed if text]
