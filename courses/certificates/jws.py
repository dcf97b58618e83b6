"""Compact JSON Web Signatures with one algorithm, Ed25519, and our keys only.

The header of a token chooses nothing: the algorithm is fixed, and the key is looked up in the
keyring by its name. A key that a token brings along (`jwk`, `x5c`, `jku`) is never used.
The name of the algorithm is `EdDSA` (RFC 8037), which verifiers of Open Badges understand today.
"""

import json
from collections.abc import Callable
from typing import Any

from courses.certificates.keyring import Keyring, SealKey, base64url, from_base64url

Sign = Callable[[bytes], bytes]


def sign_token(payload: dict[str, Any], *, header: dict[str, Any], sign: Sign) -> str:
    """Return a compact token over a JSON payload.

    Args:
        payload: any JSON object.
        header: at least `kid`; `alg` is set here.
        sign: Ed25519 signature over bytes.
    """
    parts = ({**header, "alg": "EdDSA"}, payload)
    encoded = [
        base64url(json.dumps(p, ensure_ascii=False, separators=(",", ":")).encode()) for p in parts
    ]
    message = ".".join(encoded)
    return f"{message}.{base64url(sign(message.encode()))}"


def read_token(token: str, keyring: Keyring) -> tuple[dict[str, Any], SealKey]:
    """Return the payload of a token and the key of ours that signed it.

    The key name may carry the issuer before a `#`.

    Raises:
        ValueError: if it is no token, is not by a key of ours, or was changed.
    """
    message, _, signature = token.strip().rpartition(".")
    header_text, _, payload_text = message.partition(".")
    header, payload = _object(header_text), _object(payload_text)
    if header.get("alg") != "EdDSA":
        raise ValueError("another algorithm")
    key = keyring.token_key(str(header.get("kid", "")).rpartition("#")[2])
    if key is None:
        raise ValueError("not signed by a key of ours")
    if not key.accepts(from_base64url(signature), message.encode()):
        raise ValueError("changed after signing")
    return payload, key


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object in a base64url part.

    Raises:
        ValueError: if there is none.
    """
    content = json.loads(from_base64url(text))
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content
