"""PAdES signatures: made by one library, accepted by others, with keys that come and go."""

import asyncio
import hashlib
import io
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.core.errors import DomainError
from courses.certificates import keystore
from courses.certificates.cms_form import CmsForm
from courses.certificates.keyring import Keyring
from courses.certificates.keystore import KeyStore, open_keystore, read_keyring, rotate
from courses.certificates.render import Renderer
from courses.certificates.signing import LocalSigner, RemoteSigner, _RawSigner
from courses.certificates.verify_pdf import check_pdf
from courses.certificates.verify_signature import SignatureState, check_signature
from tests.courses.certificates.samples import NOW, facts_of
from tests.courses.certificates.test_pdf_conformance import run, verdict

YEAR = timedelta(days=365)


def seal_file(store: KeyStore, renderer: Renderer, moment: datetime = NOW) -> bytes:
    return LocalSigner(store).sign(renderer.render(facts_of()), signed_at=moment, reason="Uji")


def test_pdfsig_finds_the_signature_valid(signed_path: Path) -> None:
    report = run("pdfsig", "-nocert", str(signed_path))

    assert "Signature is Valid." in report
    assert "Total document signed" in report
    assert "ETSI.CAdES.detached" in report


def test_pdfsig_refuses_a_file_with_one_byte_changed(signed: bytes, tmp_path: Path) -> None:
    changed = bytearray(signed)
    changed[signed.index(b"stream") + 200] ^= 1
    (tmp_path / "c.pdf").write_bytes(changed)

    assert "Signature is Valid." not in run("pdfsig", "-nocert", str(tmp_path / "c.pdf"))


def test_pyhanko_accepts_the_signature_as_a_certification(signed: bytes, store: KeyStore) -> None:
    [signature] = PdfFileReader(io.BytesIO(signed)).embedded_signatures
    root = asn1_x509.Certificate.load(store.pdf_certificate.der)
    context = ValidationContext(trust_roots=[root], moment=NOW)

    status = validate_pdf_signature(signature, context)

    assert status.bottom_line and status.docmdp_ok
    assert signature.docmdp_level is MDPPerm.NO_CHANGES


def test_the_local_seal_says_that_it_is_not_certified(store: KeyStore, signed: bytes) -> None:
    certificate = x509.load_der_x509_certificate(store.pdf_certificate.der)

    assert "bukan tanda tangan elektronik tersertifikasi" in certificate.subject.rfc4514_string()
    assert check_signature(signed, store.keyring).certified is False


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    open_keystore(folder, organisation="Kota", now=NOW)

    assert (folder.stat().st_mode & 0o777) == 0o700
    assert {p.stat().st_mode & 0o777 for p in folder.iterdir()} == {0o600}


def test_a_second_start_takes_the_same_keys(tmp_path: Path) -> None:
    first = open_keystore(tmp_path, organisation="Kota", now=NOW)

    assert open_keystore(tmp_path, organisation="Kota", now=NOW).keyring == first.keyring


def test_the_slower_of_two_first_starts_takes_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(source: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        open_keystore(tmp_path, organisation="Kota", now=NOW)
        link(source, target)

    monkeypatch.setattr(keystore.os, "link", late)
    store = open_keystore(tmp_path, organisation="Kota", now=NOW)

    assert store.keyring == read_keyring(tmp_path)
    assert len(list(tmp_path.glob("*.pem"))) == 2


def test_a_missing_key_is_told_and_never_replaced_silently(tmp_path: Path) -> None:
    open_keystore(tmp_path, organisation="Kota", now=NOW)
    next(tmp_path.glob("seal-*.pem")).unlink()

    with pytest.raises(DomainError, match="Kunci penyegel tidak ditemukan"):
        open_keystore(tmp_path, organisation="Kota", now=NOW)


def test_a_swapped_key_is_told(tmp_path: Path) -> None:
    for name in ("a", "b"):
        open_keystore(tmp_path / name, organisation="Kota", now=NOW)
    [ours], [other] = ((tmp_path / n).glob("pdf-*.pem") for n in ("a", "b"))
    ours.write_bytes(other.read_bytes())

    with pytest.raises(DomainError, match="tidak cocok"):
        open_keystore(tmp_path / "a", organisation="Kota", now=NOW)


def test_keys_can_be_encrypted(tmp_path: Path) -> None:
    open_keystore(tmp_path, organisation="Kota", now=NOW, password=b"rahasia")

    assert open_keystore(tmp_path, organisation="Kota", now=NOW, password=b"rahasia").keyring
    with pytest.raises(DomainError):
        open_keystore(tmp_path, organisation="Kota", now=NOW)


def test_an_old_certificate_stays_good_after_the_key_is_replaced(
    tmp_path: Path, renderer: Renderer
) -> None:
    data = seal_file(open_keystore(tmp_path, organisation="Kota", now=NOW), renderer)

    later = rotate(tmp_path, organisation="Kota", now=NOW + 5 * YEAR)

    assert len(later.keyring.pdf_certificates) == len(later.keyring.seal_keys) == 2
    assert check_signature(data, later.keyring).state is SignatureState.VALID


def test_a_retired_key_cannot_sign_for_today(tmp_path: Path, renderer: Renderer) -> None:
    old = open_keystore(tmp_path, organisation="Kota", now=NOW)
    new = rotate(tmp_path, organisation="Kota", now=NOW + YEAR)

    data = seal_file(old, renderer, NOW + 2 * YEAR)

    assert check_signature(data, new.keyring).state is SignatureState.OUT_OF_PERIOD


@pytest.mark.parametrize("moment", [NOW - YEAR, NOW + 11 * YEAR])
def test_an_expired_key_refuses_to_sign(
    store: KeyStore, renderer: Renderer, moment: datetime
) -> None:
    with pytest.raises(DomainError, match="tidak lagi berlaku"):
        seal_file(store, renderer, moment)


def certificate_for(
    key: rsa.RSAPrivateKey, name: str, *, usage: x509.ObjectIdentifier | None = None
) -> x509.Certificate:
    """Return a certificate of a service that exists in tests only."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + 3 * YEAR)
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(key, hashes.SHA256())


@pytest.fixture(scope="module")
def service_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def test_a_timestamp_authority_makes_level_b_t(
    store: KeyStore, renderer: Renderer, service_key: rsa.RSAPrivateKey
) -> None:
    certificate = certificate_for(
        service_key, "Otoritas waktu uji", usage=ExtendedKeyUsageOID.TIME_STAMPING
    )
    private = service_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        fixed_dt=NOW,
    )
    signer = LocalSigner(store, stamper=stamper)

    data = signer.sign(renderer.render(facts_of()), signed_at=NOW, reason="Uji")

    found = check_signature(data, store.keyring)
    assert found.state is SignatureState.VALID and found.timestamped
    assert verdict(data) == ("pass", [])


def remote(key: rsa.RSAPrivateKey, answer: Callable[[bytes], bytes] | None = None) -> RemoteSigner:
    """Return a signer whose service is a function that sees hashes only."""

    def sign_hash(digest: bytes) -> bytes:
        assert len(digest) == 32
        return key.sign(digest, padding.PKCS1v15(), utils.Prehashed(hashes.SHA256()))

    der = certificate_for(key, "Layanan uji").public_bytes(Encoding.DER)
    return RemoteSigner((der,), answer or sign_hash, created_at=NOW)


def test_an_official_service_signs_through_the_same_interface(
    renderer: Renderer, store: KeyStore, service_key: rsa.RSAPrivateKey, tmp_path: Path
) -> None:
    signer = remote(service_key)
    keyring = Keyring(store.keyring.seal_keys, (signer.certificate,))

    data = signer.sign(renderer.render(facts_of()), signed_at=NOW, reason="Uji")
    (tmp_path / "r.pdf").write_bytes(data)

    check = check_pdf(data, keyring=keyring, expected=facts_of())
    assert check.genuine and check.signature.certified
    assert "Signature is Valid." in run("pdfsig", "-nocert", str(tmp_path / "r.pdf"))


def lost_line(digest: bytes) -> bytes:
    raise TimeoutError("no answer")


@pytest.mark.parametrize(
    "answer", [lost_line, lambda digest: b"", lambda digest: bytes(256), lambda digest: digest]
)
def test_a_service_that_fails_leaves_no_file(
    renderer: Renderer, service_key: rsa.RSAPrivateKey, answer: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(DomainError, match="tidak memberi tanda tangan"):
        remote(service_key, answer).sign(renderer.render(facts_of()), signed_at=NOW, reason="Uji")


def test_the_time_of_signing_is_the_one_given(signed: bytes, store: KeyStore) -> None:
    assert check_signature(signed, store.keyring).signed_at == datetime(
        2026, 10, 12, 3, 0, tzinfo=UTC
    )


def test_the_tools_exist_only_where_they_are_needed() -> None:
    done = subprocess.run(
        [os.sys.executable, "-c", "import sys, app.core.pdf; print('weasyprint' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def test_the_filled_container_is_that_of_the_library_byte_for_byte(store: KeyStore) -> None:
    def sign(data: bytes) -> bytes:  # not random, unlike ECDSA, so that two can be compared
        return hashlib.sha512(data).digest()

    raw = _RawSigner(store.pdf_certificate.der, sign, size=64)

    def built(digest: bytes) -> cms.ContentInfo:
        settings = PdfCMSSignedAttributes(signing_time=NOW)
        done = raw.async_sign(digest, "sha256", use_pades=True, signed_attr_settings=settings)
        return asyncio.run(done)

    form = CmsForm(built(bytes(32)))

    for word in (b"a", b"b", b"\xff" * 40):
        digest = hashlib.sha256(word).digest()
        assert form.filled(digest, sign) == built(digest).dump()
