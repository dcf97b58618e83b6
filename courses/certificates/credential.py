"""The certificate as an Open Badges 3.0 credential, signed as VC-JWT (section 8.2 of the standard).

The payload of the token is the credential itself. It names the holder as printed and no NIP, no
e-mail address. Trust comes from the published keys (`/.well-known/did.json`, JWKS), never from a
key that a token brings along.
Source: https://www.imsglobal.org/spec/ob/v3p0/ and https://www.w3.org/TR/vc-data-model-2.0/
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from app.core.errors import InvalidInput
from app.core.i18n import N_
from courses.certificates.facts import CertificateFacts, digest
from courses.certificates.jws import read_token, sign_token
from courses.certificates.keyring import Keyring, SealKey

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
MEDIA_TYPE = "application/vc+jwt"


def issuer_did(base_url: str) -> str:
    """Return the did:web identifier of a site; a port is written as %3A."""
    return "did:web:" + urlsplit(base_url).netloc.replace(":", "%3A")


def build_credential(facts: CertificateFacts) -> dict[str, Any]:
    """Return the credential of a certificate as JSON content."""
    credential: dict[str, Any] = {
        "@context": CONTEXTS,
        "id": facts.verification_url,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": facts.title,
        "issuer": {
            "id": issuer_did(facts.base_url),
            "type": ["Profile"],
            "name": facts.organiser,
            "url": facts.base_url,
        },
        "validFrom": _start_of(facts.issued_on),
        "awardedDate": _start_of(facts.issued_on),
        "credentialSubject": _subject(facts),
        "evidence": [
            {
                "id": f"urn:sha256:{digest(facts)}",
                "type": ["Evidence"],
                "name": "facts.json",
                "description": "SHA-256 of the printed fields in their canonical form.",
            }
        ],
    }
    if facts.valid_until:
        credential["validUntil"] = _end_of(facts.valid_until)
    return credential


def _subject(facts: CertificateFacts) -> dict[str, Any]:
    """Return the holder and the achievement."""
    subject: dict[str, Any] = {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": facts.holder,
                "identityType": "ext:fullName",
            }
        ],
        "activityStartDate": _start_of(facts.starts_on),
        "activityEndDate": _end_of(facts.ends_on),
        "creditsEarned": float(facts.jp),
        "licenseNumber": facts.number,
        "role": facts.role.value,
        "achievement": _achievement(facts),
    }
    results = [
        {"type": ["Result"], "value": value}
        for value in (facts.predicate, None if facts.score is None else f"{facts.score:f}")
        if value
    ]
    if results:
        subject["result"] = results
    if facts.note:
        subject["narrative"] = facts.note
    return subject


def _achievement(facts: CertificateFacts) -> dict[str, Any]:
    """Return what was achieved: the training, its topics and the levels it leads to."""
    topics = "; ".join(f"{t.name} ({t.jp:f} JP)" for t in facts.topics)
    achievement: dict[str, Any] = {
        "id": f"{facts.verification_url}#achievement",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": facts.title,
        "description": ". ".join(part for part in (facts.form, facts.title, topics) if part),
        "creditsAvailable": float(facts.jp),
        "criteria": {
            "narrative": f"{facts.form or facts.title}, {facts.jp:f} JP, {facts.organiser}."
        },
    }
    if facts.competencies:
        achievement["tag"] = [f"{c.name}: level {c.level}" for c in facts.competencies]
    return achievement


def sign_credential(
    facts: CertificateFacts, *, key: SealKey, sign: Callable[[bytes], bytes]
) -> str:
    """Return the credential as a signed token (VC-JWT)."""
    credential = build_credential(facts)
    did = credential["issuer"]["id"]
    claims = {
        "iss": did,
        "jti": credential["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    header = {"typ": "vc+jwt", "cty": "vc", "kid": f"{did}#{key.key_id}"}
    return sign_token({**credential, **claims}, header=header, sign=sign)


def read_credential(token: str, keyring: Keyring) -> dict[str, Any]:
    """Return the credential in a token signed by a key of ours; its dates are not judged here.

    Raises:
        InvalidInput: if it is not a credential, or by another issuer, or was changed.
    """
    try:
        payload, _ = read_token(token, keyring)
        if "OpenBadgeCredential" not in payload["type"] or payload["jti"] != payload["id"]:
            raise ValueError("not an Open Badge")
        if payload["iss"] != payload["issuer"]["id"]:
            raise ValueError("two issuers")
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(N_("Kredensial tidak ditandatangani oleh penerbit ini.")) from error
    return payload


def facts_digest(credential: dict[str, Any]) -> str:
    """Return the digest of the printed fields that a credential vouches for, or an empty text."""
    for item in credential.get("evidence", []):
        if item.get("name") == "facts.json":
            return str(item.get("id", "")).removeprefix("urn:sha256:")
    return ""


def did_document(base_url: str, keyring: Keyring) -> dict[str, Any]:
    """Return the document to publish at `/.well-known/did.json`, with every key ever used."""
    did = issuer_did(base_url)
    methods = [
        {
            "id": f"{did}#{key.key_id}",
            "type": "JsonWebKey2020",
            "controller": did,
            "publicKeyJwk": key.jwk(),
        }
        for key in keyring.seal_keys
    ]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/jws-2020/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _start_of(day: date) -> str:
    """Return the first moment of a day in Indonesia: it begins in the east (WIT)."""
    return f"{day.isoformat()}T00:00:00+09:00"


def _end_of(day: date) -> str:
    """Return the last second of a day in Indonesia: it ends in the west (WIB)."""
    return f"{day.isoformat()}T23:59:59+07:00"


def _seconds(stamp: str) -> int:
    """Return seconds since 1970 of a stamp written above."""
    return int(datetime.fromisoformat(stamp).timestamp())


def moment_of(day: date) -> datetime:
    """Return the moment that stands for a day of issue in file metadata."""
    return datetime.combine(day, time(0), UTC)
