"""A cookie that knows a browser in which somebody signed in before.

It opens nothing. It only keeps the failures of strangers from slowing the owner down.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.core.accounts.codes import digest
from app.web.auth.context import settings

_DAYS = 400
_MOST = 5  # people who share one browser


def known_device(login_account_id: int | None = None) -> list[tuple[int, str]]:
    """Return (account id, device id) of those who signed in here, newest first."""
    raw = request.cookies.get(_name())
    if not raw:
        return []
    try:
        value = _serializer().loads(raw, max_age=_DAYS * 86400)
    except BadSignature:
        return []
    pairs = [(int(account), str(device)) for account, device in value]
    return [pair for pair in pairs if login_account_id in (None, pair[0])]


def remember_device(response: Response, account_id: int) -> None:
    """Note in the browser that the account signed in here."""
    known = known_device()
    mine = next((pair for pair in known if pair[0] == account_id), None)
    fresh = mine or (account_id, digest(secrets.token_hex(16))[:32])
    others = [pair for pair in known if pair[0] != account_id]
    response.set_cookie(
        _name(),
        _serializer().dumps([fresh, *others][:_MOST]),
        max_age=_DAYS * 86400,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _name() -> str:
    return "__Host-ekarir-perangkat" if _is_secure() else "ekarir-perangkat"


def _serializer() -> URLSafeTimedSerializer:
    given = settings()
    keys = [*given.secret_key_fallbacks, given.secret_key]  # the last one signs
    return URLSafeTimedSerializer(keys, salt="known device")
