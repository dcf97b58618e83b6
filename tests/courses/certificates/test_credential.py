"""The Open Badges 3.0 credential: right by the standard, accepted elsewhere, forgeries refused."""

import json
import re
from datetime import date
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import OKPKey
from jsonschema import Draft201909Validator, Draft202012Validator, FormatChecker
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from app.core.errors import InvalidInput
from courses.certificates import credential
from courses.certificates.facts import digest
from courses.certificates.jws import sign_token
from courses.certificates.keyring import base64url
from courses.certificates.keystore import KeyStore
from tests.courses.certificates.open_badges_schema import CREDENTIAL
from tests.courses.certificates.samples import facts_of

MINIMAL = {
    "predicate": "",
    "score": None,
    "competencies": (),
    "topics": (),
    "valid_until": None,
    "form": "",
    "place": "",
}


def token_of(store: KeyStore, **changes: Any) -> str:
    facts = facts_of(**changes)
    return credential.sign_credential(facts, key=store.seal_key, sign=store.seal)


@pytest.mark.parametrize(
    "changes", [{}, MINIMAL, {"note": "Baik."}], ids=["full", "minimal", "noted"]
)
@pytest.mark.parametrize("validator", [Draft201909Validator, Draft202012Validator])
def test_credential_follows_the_schema(changes: dict[str, Any], validator: Any) -> None:
    checker = validator(CREDENTIAL, format_checker=FormatChecker())

    assert list(checker.iter_errors(credential.build_credential(facts_of(**changes)))) == []


def test_the_schema_notices_what_does_not_belong() -> None:
    content = credential.build_credential(facts_of())
    content["credentialSubject"]["nip"] = "198001012010011001"
    del content["credentialSubject"]["achievement"]["criteria"]

    assert len(list(Draft202012Validator(CREDENTIAL).iter_errors(content))) == 2


@time_machine.travel("2026-11-01T00:00:00Z")
def test_an_independent_library_accepts_the_credential(store: KeyStore) -> None:
    public = store.seal_private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    found = OB3Verifier(pem).verify(token_of(store))

    assert found.issuer.id == "did:web:karir.contoh.go.id"
    assert found.achievement.name == facts_of().title
    assert found.identifiers[0].identity_hash == facts_of().holder


@time_machine.travel("2026-11-01T00:00:00Z")
def test_an_independent_library_finds_the_key_by_our_did_document(store: KeyStore) -> None:
    document = credential.did_document("https://karir.contoh.go.id", store.keyring)

    verifier = OB3Verifier.for_issuer_did(document["id"], lambda *_, **__: json.dumps(document))

    assert verifier.verify(token_of(store)).id == facts_of().verification_url


@time_machine.travel("2026-11-01T00:00:00Z")
def test_an_independent_library_refuses_a_changed_credential(store: KeyStore) -> None:
    head, body, signature = token_of(store).split(".")
    other = token_of(store, holder="Orang Lain").split(".")[1]
    public = store.seal_private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(OB3VerificationError):
        OB3Verifier(pem).verify(f"{head}.{other}.{signature}")


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_a_second_library_checks_the_token_with_the_published_key_set(store: KeyStore) -> None:
    [published] = store.keyring.jwks()["keys"]

    found = jws.deserialize_compact(
        token_of(store), OKPKey.import_key(published), algorithms=["EdDSA"]
    )

    assert json.loads(found.payload)["name"] == facts_of().title
    assert found.protected["kid"].endswith(published["kid"])


def test_a_note_about_one_person_is_the_narrative_of_the_credential(store: KeyStore) -> None:
    noted = facts_of(note="Peserta terbaik dari dua puluh peserta.")

    content = credential.read_credential(token_of(store, note=noted.note), store.keyring)

    assert content["credentialSubject"]["narrative"] == noted.note
    assert credential.facts_digest(content) == digest(noted)
    assert "narrative" not in credential.build_credential(facts_of())["credentialSubject"]


def test_the_credential_vouches_for_every_printed_field(store: KeyStore) -> None:
    content = credential.read_credential(token_of(store), store.keyring)

    assert credential.facts_digest(content) == digest(facts_of())


def test_the_credential_holds_no_nip_and_no_address(store: KeyStore) -> None:
    content = json.dumps(credential.read_credential(token_of(store), store.keyring))

    assert "@" not in content.replace('"@context"', "")
    assert not re.search(r"(?<![0-9a-f])\d{18}(?![0-9a-f])", content)


def test_validity_covers_whole_days_in_indonesia(store: KeyStore) -> None:
    content = credential.build_credential(facts_of())

    assert content["validFrom"] == "2026-10-12T00:00:00+09:00"
    assert content["validUntil"] == "2029-10-11T23:59:59+07:00"


def forged(store: KeyStore, foreign: KeyStore) -> dict[str, str]:
    """Return tokens that somebody else could make."""
    payload = {**credential.build_credential(facts_of()), "iss": "did:web:karir.contoh.go.id",
               "jti": facts_of().verification_url}  # fmt: skip
    kid = f"did:web:karir.contoh.go.id#{store.seal_key.key_id}"
    none = ".".join(
        base64url(json.dumps(part).encode()) for part in ({"alg": "none", "kid": kid}, payload)
    )
    own = {"kid": foreign.seal_key.key_id, "jwk": foreign.seal_key.jwk()}
    return {
        "foreign key": token_of(foreign),
        "own key in the header": sign_token(payload, header=own, sign=foreign.seal),
        "our name, foreign key": sign_token(payload, header={"kid": kid}, sign=foreign.seal),
        "no signature": none + ".",
        "not a credential": sign_token({"type": ["X"]}, header={"kid": kid}, sign=store.seal),
        "cut": token_of(store)[:-9],
        "empty": "",
    }


@pytest.mark.parametrize(
    "kind",
    ["foreign key", "own key in the header", "our name, foreign key", "no signature",
     "not a credential", "cut", "empty"],
)  # fmt: skip
def test_a_forged_credential_is_refused(store: KeyStore, foreign: KeyStore, kind: str) -> None:
    with pytest.raises(InvalidInput):
        credential.read_credential(forged(store, foreign)[kind], store.keyring)


def test_a_port_is_part_of_the_issuer_name() -> None:
    assert credential.issuer_did("http://localhost:5000") == "did:web:localhost%3A5000"


def test_the_day_of_issue_stands_in_the_file() -> None:
    assert credential.moment_of(date(2026, 10, 12)).isoformat() == "2026-10-12T00:00:00+00:00"
