"""The phrases of a text, as they are written, behind the tokens that two texts share. Pure."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from matching.text import (
    MAX_CHARACTERS,
    STOPWORDS_EN,
    STOPWORDS_ID,
    Language,
    Lexicon,
    guess_language,
    language_evidence,
    phrase_at,
    sentences,
    stem,
    words_of,
)

LONGEST = 5  # words that are joined into one phrase


@dataclass(frozen=True)
class _Sentence:
    written: list[str]
    lower: list[str]
    language: Language


def phrases(text: str, lexicon: Lexicon, shared: Mapping[str, float], top: int = 8) -> list[str]:
    """Return the phrases of a text whose words or concepts are shared, the weightiest first.

    shared: stems and concept names with their weight; neighbouring words become one phrase.
    """
    found: dict[str, tuple[float, int, str]] = {}
    for place, (weight, phrase) in enumerate(_marked(text, lexicon, shared)):
        key = phrase.lower()
        if key not in found or found[key][0] < weight:
            first = found[key][1] if key in found else place
            found[key] = (weight, first, phrase)
    best = sorted(found.values(), key=lambda item: (-item[0], item[1]))
    return [phrase for _weight, _place, phrase in best[:top]]


def _marked(
    text: str, lexicon: Lexicon, shared: Mapping[str, float]
) -> Iterator[tuple[float, str]]:
    for sentence in _sentences(text):
        run: list[str] = []
        weight = 0.0
        for size, worth, at in _steps(sentence, lexicon, shared):
            if worth and len(run) + size <= LONGEST:
                run += sentence.written[at : at + size]
                weight += worth
                continue
            if run:
                yield weight, " ".join(run)
            run = sentence.written[at : at + size] if worth else []
            weight = worth
        if run:
            yield weight, " ".join(run)


def _sentences(text: str) -> Iterator[_Sentence]:
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    parts = [words_of(part) for part in sentences(plain)]
    lowered = [[word.lower() for word in part] for part in parts]
    context = sum(language_evidence(part) for part in lowered)
    for written, lower in zip(parts, lowered, strict=True):
        if written:
            yield _Sentence(written, lower, guess_language(lower, context))


def _steps(
    sentence: _Sentence, lexicon: Lexicon, shared: Mapping[str, float]
) -> Iterator[tuple[int, float, int]]:
    """Walk a sentence: how many words make the step, what they are worth, where they begin."""
    stopwords = STOPWORDS_ID if sentence.language == "id" else STOPWORDS_EN
    stems = [stem(word, sentence.language) for word in sentence.lower]
    marked = ["=" + word for word in sentence.lower]
    other: Language = "en" if sentence.language == "id" else "id"
    at = 0
    while at < len(marked):
        size, names = phrase_at(marked, stems, at, lexicon.phrases[sentence.language])
        if not names and sentence.lower[at] not in stopwords:
            size, names = phrase_at(marked, marked, at, lexicon.phrases[other])
        worth = max((shared.get(name, 0.0) for name in names), default=0.0)
        if not worth:
            size = 1
            own = 0.0 if sentence.lower[at] in stopwords else shared.get(stems[at], 0.0)
            worth = max(own, _long_form(sentence.lower[at], sentence.language, lexicon, shared))
        yield size, worth, at
        at += size


def _long_form(
    word: str, language: Language, lexicon: Lexicon, shared: Mapping[str, float]
) -> float:
    full = lexicon.abbreviations.get((word,), ())
    return max((shared.get(stem(part, language), 0.0) for part in full), default=0.0)
