"""Where to go after signing in: only to a page of this application."""

from urllib.parse import unquote, urlsplit

_NEVER = ("/masuk", "/keluar")


def safe_next(target: str | None, default: str = "/") -> str:
    """Return the target when it is a path of ours, else the default.

    Browsers read `/\\host` and `//host` as another host and drop tabs and line breaks, so that
    anything with those in it, written out or percent-encoded, is refused.
    """
    if not target or not target.startswith("/") or len(target) > 2000:
        return default
    for form in (target, unquote(target)):
        if form.startswith(("//", "/\\")) or "\\" in form or not form.isprintable():
            return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path in _NEVER:
        return default
    return target
