"""The process that opens an uploaded PDF and may die of it; started by `checks`, never imported.

It imports nothing of ours. It prints one JSON object: `pages`, or `error` with a code.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

SCRIPTS = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute"}
HARMLESS = (".json", ".jsonld", ".xml", ".txt", ".csv", ".pdf")
MAX_OBJECTS = 200_000


class _Refusal(Exception):
    """Carries the code of a refusal."""


def main(path: str, max_pages: int) -> dict[str, Any]:
    """Return what is wrong with the document, or its number of pages."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 21))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pikepdf

    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
            return _look(document, max_pages)
    except pikepdf.PasswordError:
        return {"error": "encrypted"}
    except _Refusal as refusal:
        return {"error": str(refusal)}
    except MemoryError:
        return {"error": "complex"}
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError, RuntimeError):
        return {"error": "damaged"}


def _look(document: Any, max_pages: int) -> dict[str, Any]:
    if document.is_encrypted:
        raise _Refusal("encrypted")
    pages = len(document.pages)
    if pages == 0:
        raise _Refusal("damaged")
    if pages > max_pages:
        raise _Refusal("pages")
    if len(document.objects) > MAX_OBJECTS:
        raise _Refusal("complex")
    for dictionary in _dictionaries(document):
        _check(dictionary)
    return {"pages": pages}


def _dictionaries(document: Any) -> Iterator[Any]:
    """Yield every dictionary of the document, also those written inside others."""
    import pikepdf

    for root in document.objects:
        stack = [root]
        while stack:
            thing = stack.pop()
            if isinstance(thing, pikepdf.Array):
                stack += [part for part in thing if _is_direct(part)]
            elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                yield thing
                stack += [part for _, part in thing.items() if _is_direct(part)]


def _is_direct(part: Any) -> bool:
    import pikepdf

    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _check(dictionary: Any) -> None:
    if "/JS" in dictionary or "/JavaScript" in dictionary:
        raise _Refusal("script")
    if str(dictionary.get("/S", "")) in SCRIPTS:
        raise _Refusal("script")
    if "/EF" in dictionary:
        name = str(dictionary.get("/UF", dictionary.get("/F", ""))).lower()
        if not name.endswith(HARMLESS):
            raise _Refusal("attachment")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
