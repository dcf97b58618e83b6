"""Phrases as written behind the tokens that two texts share."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from matching.phrases import phrases
from matching.text import analyse, default_lexicon

LEXICON = default_lexicon()


def shared(query: str) -> dict[str, float]:
    found = analyse(query, LEXICON)
    return dict.fromkeys([*found.words, *found.concepts], 1.0)


def test_the_words_of_the_person_are_shown_and_not_the_stems():
    text = "Merawat kamera CCTV. Bimtek Pengelolaan Jaringan Komputer. Managing the network"

    found = phrases(text, LEXICON, shared("admin yang paham CCTV dan jaringan komputer"))

    assert "kamera CCTV" in found
    assert "Jaringan Komputer" in found
    assert "network" in found


def test_nothing_shared_gives_no_phrase():
    assert phrases("Merawat taman kota", LEXICON, {}) == []


@given(st.text(max_size=200), st.text(max_size=60))
def test_every_phrase_stands_in_the_text(text, query):
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    for phrase in phrases(text, LEXICON, shared(query)):
        assert phrase.split()[0] in plain
