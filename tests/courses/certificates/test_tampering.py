"""A dropped file is judged by signature, hash and fields, and every fault is told."""

import io
import random
from typing import Any

import pikepdf
import pytest

from courses.certificates.codes import new_code
from courses.certificates.facts import CertificateFacts, Signatory
from courses.certificates.keystore import KeyStore
from courses.certificates.render import CREDENTIAL_FILE, FACTS_FILE, Renderer, SealSigner
from courses.certificates.signing import LocalSigner
from courses.certificates.verify_pdf import PdfCheck, check_pdf, claimed_code
from courses.certificates.verify_signature import SignatureState
from tests.courses.certificates.samples import NOW, facts_of


def judge(data: bytes, store: KeyStore, expected: CertificateFacts | None = None) -> PdfCheck:
    return check_pdf(data, keyring=store.keyring, expected=expected or facts_of())


def resign(data: bytes, store: KeyStore) -> bytes:
    return LocalSigner(store).sign(data, signed_at=NOW, reason="Palsu")


def saved(document: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def stripped(data: bytes) -> bytes:
    """Return the file as somebody saves it who throws the signature away."""
    with pikepdf.open(io.BytesIO(data)) as document:
        for name in ("/AcroForm", "/Perms"):
            del document.Root[name]
        del document.pages[0].obj["/Annots"]
        return saved(document)


def repainted(data: bytes, renderer: Renderer, **changes: Any) -> bytes:
    """Return the file with a front page that says something else."""
    other = renderer.render(facts_of(**changes))
    with pikepdf.open(io.BytesIO(data)) as document, pikepdf.open(io.BytesIO(other)) as forged:
        page, model = document.pages[0].obj, forged.pages[0].obj
        page.Contents = document.copy_foreign(model.Contents)
        page.Resources = document.copy_foreign(model.Resources)
        return saved(document)


def test_the_file_as_issued_is_genuine(signed: bytes, store: KeyStore) -> None:
    check = judge(signed, store)

    assert check.genuine and check.signature.state is SignatureState.VALID
    assert check.facts == facts_of() and check.code == facts_of().code
    assert check_pdf(signed, keyring=store.keyring, stored_sha256=check.sha256).hash_matches


def test_500_changed_bytes_are_all_noticed(signed: bytes, store: KeyStore) -> None:
    chance = random.Random(3)
    for _ in range(500):
        place = chance.randrange(len(signed))
        flipped = signed[place] ^ chance.randrange(1, 256)
        changed = signed[:place] + bytes([flipped]) + signed[place + 1 :]

        check = judge(changed, store)

        assert not check.genuine, place
        assert all(str(problem) for problem in check.problems)


def test_a_change_in_the_room_behind_the_signature_is_noticed(
    signed: bytes, store: KeyStore
) -> None:
    end = signed.index(b">", signed.index(b"/Contents <"))

    check = judge(signed[: end - 8] + b"c0ffee00" + signed[end:], store)

    assert check.signature.state is SignatureState.BROKEN


def test_a_stripped_signature_is_told(signed: bytes, store: KeyStore) -> None:
    check = judge(stripped(signed), store)

    assert check.signature.state is SignatureState.ABSENT
    assert "tidak bersegel" in str(check.problems[0])
    assert check.differences == ()


def test_an_appended_revision_is_told(signed: bytes, store: KeyStore) -> None:
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    writer.root["/Lang"] = pdf_string("en")
    writer.root[pdf_name("/PageMode")] = pdf_name("/UseNone")
    writer.update_root()
    target = io.BytesIO()
    writer.write(target)

    check = judge(target.getvalue(), store)

    assert check.signature.state is SignatureState.EXTENDED
    assert "ditambahkan" in str(check.problems[0])


def test_bytes_after_the_end_are_told(signed: bytes, store: KeyStore) -> None:
    for added in (b"\n", b"\n% catatan\n", b" " * 500):
        assert judge(signed + added, store).signature.state is SignatureState.EXTENDED
    assert not judge(signed + b"\0" * 4000, store).genuine


def test_a_foreign_signature_is_told(signed: bytes, store: KeyStore, foreign: KeyStore) -> None:
    check = judge(resign(stripped(signed), foreign), store)

    assert check.signature.state is SignatureState.FOREIGN
    assert "pihak lain" in str(check.problems[0])


@pytest.mark.parametrize(
    ("field", "changes", "found"),
    [
        ("holder", {"holder": "Dr. Contoh Wulandari Kusumaningrum, S.Kom., M.M."}, "Kusumaningrum"),
        ("result", {"predicate": "Memuaskan"}, ""),
        ("jp", {"jp": 320}, ""),
        ("number", {"number": "800.2/0999/BKPSDM/2026"}, "0999"),
        ("validity", {"valid_until": None}, ""),
        ("period", {"ends_on": facts_of().issued_on}, ""),
        ("signatories", {"signatories": (Signatory("Drs. Lain", "Kepala Badan"),)}, ""),
    ],
)
def test_an_edited_field_is_named(
    signed: bytes,
    store: KeyStore,
    renderer: Renderer,
    field: str,
    changes: dict[str, Any],
    found: str,
) -> None:
    check = judge(repainted(signed, renderer, **changes), store)

    named = {difference.field: difference for difference in check.differences}
    assert check.signature.state is SignatureState.BROKEN
    assert field in named and found in named[field].found


def test_an_edited_note_about_a_person_is_named(store: KeyStore, renderer: Renderer) -> None:
    note = "Memimpin kelompok kerja data dengan hasil baik."
    issued = resign(renderer.render(facts_of(note=note)), store)
    changes = {"edited": "Memimpin kelompok kerja data dengan hasil istimewa.", "removed": ""}

    for said in changes.values():
        check = judge(repainted(issued, renderer, note=said), store, facts_of(note=note))
        [difference] = check.differences
        assert (difference.field, difference.expected) == ("note", note)
        assert difference.found == said
    assert judge(issued, store, facts_of(note=note)).genuine


def test_the_file_itself_tells_what_was_changed_when_the_record_is_unknown(
    signed: bytes, store: KeyStore, renderer: Renderer
) -> None:
    check = check_pdf(repainted(signed, renderer, holder="Orang Lain"), keyring=store.keyring)

    assert "holder" in {difference.field for difference in check.differences}


def test_an_edited_and_resigned_file_is_still_not_ours(
    signed: bytes, store: KeyStore, foreign: KeyStore, renderer: Renderer
) -> None:
    forged = resign(repainted(stripped(signed), renderer, holder="Orang Lain"), foreign)

    check = judge(forged, store)

    assert check.signature.state is SignatureState.FOREIGN
    assert "holder" in {difference.field for difference in check.differences}


def test_a_whole_certificate_of_another_issuer_is_refused(
    store: KeyStore, foreign: KeyStore
) -> None:
    theirs = Renderer(SealSigner(foreign.seal_key, foreign.seal)).render(facts_of())

    check = judge(resign(theirs, foreign), store)

    assert check.credential is None and check.facts is None
    assert [str(p)[:20] for p in check.problems] == ["Berkas ini disegel o", "Kredensial digital d"]


def test_another_certificate_of_ours_is_not_this_one(store: KeyStore, renderer: Renderer) -> None:
    other = resign(renderer.render(facts_of(code=new_code(), holder="Orang Lain")), store)

    check = judge(other, store)

    assert check.signature.state is SignatureState.VALID and not check.genuine
    assert any("sertifikat lain" in str(problem) for problem in check.problems)


def test_a_record_that_was_changed_behind_the_file_shows(signed: bytes, store: KeyStore) -> None:
    check = judge(signed, store, facts_of(predicate="Memuaskan"))

    assert [d.field for d in check.differences] == ["predicate"]
    assert any("catatan penerbit" in str(problem) for problem in check.problems)


@pytest.mark.parametrize("name", [CREDENTIAL_FILE, FACTS_FILE])
def test_swapped_attachments_prove_nothing(
    signed: bytes, store: KeyStore, renderer: Renderer, name: str
) -> None:
    other = renderer.attachments(facts_of(code=new_code(), holder="Orang Lain"))
    swapped = next(item for item in other if item.name == name)
    with pikepdf.open(io.BytesIO(signed)) as document:
        spec = document.attachments[name].obj
        spec.EF.F = document.make_stream(swapped.content)
        data = saved(document)

    check = judge(data, store)

    assert check.facts is None and not check.genuine


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_refused_in_words(signed: bytes, store: KeyStore, share: float) -> None:
    check = judge(signed[: int(len(signed) * share)], store)

    assert not check.genuine and check.problems


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"PK\x03\x04 not a pdf", b"%PDF-1.7\n" + b"\0" * 2000, b"x" * 5_000_001],
    ids=["empty", "head", "zip", "zeros", "large"],
)
def test_what_is_no_pdf_is_refused_in_words(store: KeyStore, data: bytes) -> None:
    check = judge(data, store)

    assert not check.is_pdf and len(check.problems) == 1
    assert claimed_code(data, store.keyring) is None


def test_a_packed_giant_is_not_unpacked(signed: bytes, store: KeyStore) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        document.pages[0].obj.Contents = document.make_stream(b" " * 50_000_000)
        data = saved(document)

    assert any("tidak dapat dibaca" in str(problem) for problem in judge(data, store).problems)


def test_the_code_is_found_in_the_text_when_the_credential_is_gone(
    signed: bytes, store: KeyStore
) -> None:
    with pikepdf.open(io.BytesIO(signed)) as document:
        del document.attachments[CREDENTIAL_FILE]
        data = saved(document)

    assert claimed_code(data, store.keyring) == facts_of().code


def test_every_byte_of_the_signature_itself_is_guarded(signed: bytes, store: KeyStore) -> None:
    """What no signature covers: the case of its digits, its version, its lists of algorithms."""
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    letters = [place for place in range(start, start + 400) if signed[place] in b"ABCDEF"]
    lists = range(start + 50, start + 86)

    for place in (*letters[:20], *lists):
        changed = signed[:place] + bytes([signed[place] ^ 0x20]) + signed[place + 1 :]
        assert not judge(changed, store).genuine, place
        changed = signed[:place] + bytes([signed[place] ^ 0x03]) + signed[place + 1 :]
        assert not judge(changed, store).genuine, place
