"""The catalogues of texts: check that they are complete, or gather new texts into them.

python -m scripts.translations            fails when a text lacks its English, or a catalogue
                                          differs from what the source says
python -m scripts.translations --update   extracts and merges; translating is left to a person
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "app/web/translations"
# Indonesian is the language of the texts themselves and needs no catalogue.
LANGUAGES = ("en",)
PACKAGES = ("app", "skills", "matching", "courses")
METHODS = [
    ("**/templates/**.html", "jinja2"),
    ("**/templates/**.txt", "jinja2"),
    ("**.py", "python"),
]
OPTIONS = {
    "**/templates/**.html": {"encoding": "utf-8"},
    "**/templates/**.txt": {"encoding": "utf-8"},
}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "_l": None,
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def extract() -> Catalog:
    """Return all texts of the source."""
    template = Catalog(project="e-karir", charset="utf-8")
    for package in PACKAGES:
        found = extract_from_dir(
            str(ROOT / package), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",)
        )
        for name, _line, text, comments, context in found:
            # Without line numbers: a catalogue that changes with every edit cannot be reviewed.
            template.add(
                text,
                locations=[(f"{package}/{name}", 0)],
                auto_comments=comments,
                context=context,
            )
    return template


def catalogues() -> Iterator[tuple[str, Path]]:
    """Yield language and file of every catalogue."""
    for language in LANGUAGES:
        yield language, FOLDER / language / "LC_MESSAGES/messages.po"


def read(language: str, path: Path) -> Catalog:
    """Return a catalogue, empty where there is no file yet."""
    if not path.exists():
        return Catalog(locale=language, project="e-karir", charset="utf-8")
    with path.open("rb") as handle:
        return read_po(handle, locale=language)


def problems(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """Yield what is missing, unsure, left over or has other placeholders than its text."""
    for message in template:
        if not message.id:
            continue
        translated = catalogue.get(message.id, message.context)
        if translated is None or not _is_complete(translated):
            yield f"no translation: {_text(message)!r}"
        elif translated.fuzzy:
            yield f"unsure translation: {_text(message)!r}"
        elif _placeholders(translated.id) != _placeholders(translated.string):
            yield f"other placeholders: {_text(message)!r}"
    for message in catalogue:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer in the source: {_text(message)!r}"


def _is_complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings)


def _text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _placeholders(texts: object) -> set[str]:
    words = texts if isinstance(texts, tuple | list) else (texts,)
    return {name for word in words for name in PLACEHOLDER.findall(str(word))}


def update() -> None:
    """Merge the texts of the source into every catalogue; what is new stays empty."""
    template = extract()
    for language, path in catalogues():
        catalogue = read(language, path)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        # A catalogue that is marked unsure as a whole is silently left out when compiling.
        catalogue.fuzzy = False
        catalogue.header_comment = "# Texts of e-karir; `make translations` gathers new ones here."
        content = io.BytesIO()
        write_po(content, catalogue, width=100, sort_output=True, include_lineno=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.getvalue())
        missing = sum(1 for _ in problems(catalogue, template))
        print(f"{path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} to translate")


def main(arguments: list[str]) -> int:
    """Check or update; return 0 when nothing is missing."""
    if arguments == ["--update"]:
        update()
        return 0
    template, failed = extract(), False
    for language, path in catalogues():
        for problem in problems(read(language, path), template):
            print(f"{language}: {problem}", file=sys.stderr)
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
