"""Both languages meet in concepts and skeletons; any text is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import (
    Lexicon,
    analyse,
    build_lexicon,
    default_lexicon,
    guess_language,
    skeleton,
    stem_english,
    stem_indonesian,
    tokens,
)


@pytest.mark.parametrize(
    ("indonesian", "english", "concept"),
    [
        ("Mengelola jaringan komputer dan basis data", "Manage networks and databases", "network"),
        ("Merawat pasien di rumah sakit", "Care for patients in hospitals", "hospital"),
        ("Menyusun anggaran dan laporan keuangan", "Prepare budgets and statements", "budget"),
        ("Memadamkan kebakaran", "Firefighters put out a fire", "fire"),
    ],
)
def test_both_languages_share_a_concept(indonesian, english, concept):
    lexicon = default_lexicon()
    assert concept in analyse(indonesian, lexicon).concepts
    assert concept in analyse(english, lexicon).concepts


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("communication", "komunikasi"),
        ("application", "aplikasi"),
        ("inspection", "inspeksi"),
        ("statistic", "statistik"),
        ("technology", "teknologi"),
        ("university", "universitas"),
    ],
)
def test_loanwords_share_a_skeleton(english, indonesian):
    assert skeleton(english) == skeleton(indonesian)


def test_procurement_is_not_taken_for_being():
    assert "procurement" in analyse("Pengadaan barang", default_lexicon()).concepts


def test_an_abbreviation_is_expanded_by_the_given_table():
    lexicon = build_lexicon([("network", "network", "jaringan")], [("jarkom", "jaringan komputer")])
    assert analyse("teknisi jarkom", lexicon).concepts == ("network",)


def test_language_is_guessed():
    assert guess_language(tokens("mengelola data yang ada di kantor")) == "id"
    assert guess_language(tokens("manage the data of the office")) == "en"


def test_stems():
    assert stem_indonesian("mengelola") == "kelola"
    assert stem_english("repairing") == "repair"


@given(st.text(max_size=300))
def test_any_text_is_taken(text):
    found = analyse(text, default_lexicon())
    assert len(found.words) == len(found.skeletons)


def test_only_the_first_20000_characters_count():
    assert analyse("a " * 10_000 + "jaringan", Lexicon()).words == ()
