"""Messages as JSON values, so that rows keep sentences that can still be translated later."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.core.i18n import Message

_PLAIN = (str, int, float, bool, type(None))


def to_json(message: Message | str) -> dict[str, Any]:
    """Return the message as a JSON object; values of other types become their text."""
    if isinstance(message, str):
        return {"text": message, "params": {}}
    return {"text": message.text, "params": {k: _value(v) for k, v in message.params.items()}}


def from_json(value: Mapping[str, Any]) -> Message:
    """Return the message that `to_json` wrote."""
    params = {key: _restore(item) for key, item in (value.get("params") or {}).items()}
    return Message(value["text"], params)


def jsonable(value: Any) -> Any:
    """Return a structure with its messages, dates and numbers as JSON values."""
    if isinstance(value, Message):
        return to_json(value)
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(item) for item in value]
    return _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return {"message": to_json(value)}
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, _PLAIN) else str(value)


def _restore(value: Any) -> Any:
    if isinstance(value, dict) and "message" in value:
        return from_json(value["message"])
    return value
