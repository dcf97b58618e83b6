"""The check of the catalogues finds what a reader of the other language would miss."""

import pytest
from babel.messages.catalog import Catalog

from scripts.translations import catalogues, extract, problems, read


def catalogue(**entry: object) -> Catalog:
    """Return a catalogue of one text."""
    made = Catalog(locale="en")
    made.add("Sisa %(n)s kursi", **entry)
    return made


@pytest.mark.parametrize(
    ("translated", "complaint"),
    [
        (catalogue(), "no translation"),
        (Catalog(locale="en"), "no translation"),
        (catalogue(string="%(count)s seats left"), "other placeholders"),
        (catalogue(string="%(n)s seats left", flags={"fuzzy"}), "unsure"),
    ],
)
def test_an_incomplete_catalogue_is_caught(translated: Catalog, complaint: str) -> None:
    found = list(problems(translated, catalogue()))

    assert len(found) == 1
    assert complaint in found[0]


def test_a_text_that_is_gone_is_caught() -> None:
    assert list(problems(catalogue(string="%(n)s seats left"), Catalog()))


def test_a_complete_catalogue_passes() -> None:
    assert not list(problems(catalogue(string="%(n)s seats left"), catalogue()))


def test_texts_of_code_and_pages_are_gathered() -> None:
    assert len(extract()) > 100


def test_every_catalogue_is_compiled() -> None:
    """A catalogue marked unsure as a whole is left out when compiling, without a word."""
    assert [language for language, path in catalogues() if not read(language, path).fuzzy] == ["en"]
