"""Indonesian and English text to words, concepts and cognate forms; pure but for one table load.

What a text is compared by: light stems, concept tokens that both languages share (from the
glossary), and a spelling skeleton in which loanwords of both languages look alike.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Literal

MAX_CHARACTERS = 20_000
LONGEST_PHRASE = 4

Language = Literal["id", "en"]

_TOKEN = re.compile(r"[^\W_]+(?:[+#]+)?")
_INDONESIAN_FORM = re.compile(r"me[mn]|pe[mn]|ber|ter|di|ke.*an$|.*kan$|.*nya$")
_ENGLISH_FORM = re.compile(r"(?:ing|tion|ment|er|or|ed|ty|ght|al|ly|ble|sh)s?$")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")

STOPWORDS_ID = frozenset(
    "ada adalah agar akan antara atas atau bagi bahwa baik banyak beberapa belum berbagai "
    "berdasarkan bersama bisa dalam dan dapat dari demi dengan di dilakukan guna hal hanya hingga "
    "ia ini itu jika juga kami kepada ke kita lain lainnya lebih maka maupun melakukan melalui "
    "menjadi mereka oleh pada para per perlu pun saat saja sampai sangat secara sedang sehingga "
    "sebagai sebuah sekitar selain seluruh semua seperti serta sesuai setiap setelah suatu sudah "
    "tahun tanpa telah tentang terhadap terkait tersebut tidak untuk yaitu yakni yang".split()
)
STOPWORDS_EN = frozenset(
    "a about also an and any are as at be by can do does each either etc for from has have how if "
    "in including into is it its may more must no not of on or other others out over own related "
    "should so such than that the their them these they this those through to under up upon use "
    "used using various was we well when where which while who will with within would you your "
    "years year".split()
)

_ENGLISH_ENDINGS = (
    "ization isation ation ment ingly ing ically ical er or ied ier ness ity ed ly al e y"
).split()

_SKELETON = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ization$|isation$", "isasi"),
        (r"[ct]tions?$|ctions?$", "ksi"),
        (r"[st]ions?$|ssions?$", "si"),
        (r"ities$|ity$", "itas"),
        (r"ically$|ical$|ics$|ic$", "ik"),
        (r"ives?$", "if"),
        (r"ists?$", "is"),
        (r"ies$|y$", "i"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"ch", "k"),
        (r"qu", "ku"),
        (r"x", "ks"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"y", "i"),
        (r"v", "f"),
        (r"(.)\1+", r"\1"),
    )
)


@dataclass(frozen=True)
class Lexicon:
    """Tables that turn words of both languages into shared concepts.

    phrases[language] maps a tuple of stems to concept names; abbreviations maps one lower-case
    short form (a tuple of its words) to its Indonesian expansion.
    """

    phrases: Mapping[str, Mapping[tuple[str, ...], tuple[str, ...]]] = field(
        default_factory=lambda: {"id": {}, "en": {}}
    )
    abbreviations: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis:
    """Tokens of one text: stems of content words, shared concepts, cognate skeletons."""

    words: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    skeletons: tuple[str, ...] = ()


def tokens(text: str) -> list[str]:
    """Split a text into lower-case words, at most the first 20,000 characters of it."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()
    return _TOKEN.findall(plain)


def words_of(text: str) -> list[str]:
    """Split a text into words as they are written."""
    return _TOKEN.findall(text)


def sentences(text: str) -> list[str]:
    """Split a text into sentences."""
    return _SENTENCE.split(text)


def language_evidence(words: Iterable[str]) -> int:
    """Weigh function words and endings: positive speaks for Indonesian, negative for English."""
    evidence = 0
    for word in words:
        if word in STOPWORDS_ID:
            evidence += 2
        elif word in STOPWORDS_EN:
            evidence -= 2
        elif len(word) > 5:
            evidence += bool(_INDONESIAN_FORM.match(word)) - bool(_ENGLISH_FORM.search(word))
    return evidence


def guess_language(words: Iterable[str], context: int = 0) -> Language:
    """Guess the language of a sentence; what is unclear follows the text around it."""
    evidence = language_evidence(words)
    return "en" if (evidence or context) < 0 else "id"


@lru_cache(maxsize=1)
def _sastrawi() -> object:
    # Imported late: building its dictionary takes a moment that most callers never need.
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    return StemmerFactory().create_stemmer()


@lru_cache(maxsize=100_000)
def stem_indonesian(word: str) -> str:
    """Reduce an Indonesian word to its root; short words and numbers stay as they are."""
    if len(word) <= 4 or not word.isascii() or not word.isalpha():
        return word
    return str(_sastrawi().stem(word)) or word  # type: ignore[attr-defined]


@lru_cache(maxsize=100_000)
def stem_english(word: str) -> str:
    """Cut the plural, then one common English ending, leaving at least four letters."""
    word = _singular(word)
    for ending in _ENGLISH_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _singular(word: str) -> str:
    if len(word) <= 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


def stem(word: str, language: Language) -> str:
    """Reduce a word by the rules of its language."""
    return stem_indonesian(word) if language == "id" else stem_english(word)


@lru_cache(maxsize=100_000)
def skeleton(word: str) -> str:
    """Spell a word so that Latin loans of both languages agree (communication, komunikasi)."""
    if len(word) < 5 or not word.isascii():
        return word
    for pattern, replacement in _SKELETON:
        word = pattern.sub(replacement, word)
    return word


def build_lexicon(
    glossary: Iterable[tuple[str, str, str]], abbreviations: Iterable[tuple[str, str]]
) -> Lexicon:
    """Index glossary rows (concept, English terms, Indonesian terms) and abbreviation rows.

    Terms of one cell are separated by "|". The abbreviations are the table that an
    administrator edits: (short form, Indonesian expansion).
    """
    found: dict[str, dict[tuple[str, ...], list[str]]] = {"id": {}, "en": {}}
    for concept, english, indonesian in glossary:
        for language, cell in (("en", english), ("id", indonesian)):
            for key in _term_keys(cell, language):
                names = found[language].setdefault(key, [])
                if concept not in names:
                    names.append(concept)
    phrases = {k: {key: tuple(v) for key, v in table.items()} for k, table in found.items()}
    short = {tuple(tokens(a)): tuple(tokens(full)) for a, full in abbreviations}
    return Lexicon(phrases, {a: full for a, full in short.items() if a and full and a != full})


def _term_keys(cell: str, language: str) -> Iterator[tuple[str, ...]]:
    for term in cell.split("|"):
        words = tokens(term)
        if words:
            # Marked raw forms win over stems: Sastrawi takes "pengadaan" for "ada".
            yield tuple("=" + word for word in words)
            yield tuple(stem(word, language) for word in words)  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    """Load the glossary and the abbreviations that ship with the package."""
    glossary = [(r["concept"], r["english"], r["indonesian"]) for r in _rows("glossary.csv")]
    short = [(r["abbreviation"], r["indonesian"]) for r in _rows("abbreviations.csv")]
    return build_lexicon(glossary, short)


def _rows(name: str) -> list[dict[str, str]]:
    path = resources.files("matching").joinpath("data", name)
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def analyse(text: str, lexicon: Lexicon, beside: str = "") -> Analysis:
    """Turn a text into stems, concepts and skeletons, sentence by sentence.

    The language is guessed per sentence, since Indonesian profiles carry English phrases;
    a sentence that does not show it follows the whole text and the one `beside` it.
    """
    words: list[str] = []
    concepts: list[str] = []
    skeletons: list[str] = []
    sentences = [tokens(part) for part in _SENTENCE.split(text[:MAX_CHARACTERS])]
    context = sum(language_evidence(raw) for raw in sentences)
    context += language_evidence(tokens(beside)) if beside else 0
    for raw in sentences:
        if raw:
            language = guess_language(raw, context)
            _analyse_sentence(_expand(raw, lexicon), language, lexicon, words, concepts, skeletons)
    return Analysis(tuple(words), tuple(concepts), tuple(skeletons))


def _expand(raw: list[str], lexicon: Lexicon) -> list[str]:
    if not lexicon.abbreviations:
        return raw
    out: list[str] = []
    at = 0
    while at < len(raw):
        size, full = _longest(raw, at, lexicon.abbreviations)
        # The short form stays beside its expansion, so that equal short forms still match.
        out.extend(raw[at : at + size])
        out.extend(full)
        at += size
    return out


def _longest(
    raw: list[str], at: int, table: Mapping[tuple[str, ...], tuple[str, ...]]
) -> tuple[int, tuple[str, ...]]:
    for size in (2, 1):
        full = table.get(tuple(raw[at : at + size]))
        if full and at + size <= len(raw):
            return size, full
    return 1, ()


def _analyse_sentence(
    raw: list[str],
    language: Language,
    lexicon: Lexicon,
    words: list[str],
    concepts: list[str],
    skeletons: list[str],
) -> None:
    stopwords = STOPWORDS_ID if language == "id" else STOPWORDS_EN
    stems = [stem(word, language) for word in raw]
    for word, root in zip(raw, stems, strict=True):
        if word not in stopwords and len(word) > 1:
            words.append(root)
            skeletons.append(skeleton(word))
    concepts.extend(_concepts(raw, stems, lexicon, language, stopwords))


def _concepts(
    raw: list[str],
    stems: list[str],
    lexicon: Lexicon,
    language: Language,
    stopwords: frozenset[str],
) -> Iterator[str]:
    marked = ["=" + word for word in raw]
    other: Language = "en" if language == "id" else "id"
    at = 0
    while at < len(raw):
        size, names = phrase_at(marked, stems, at, lexicon.phrases[language])
        if not names and raw[at] not in stopwords:
            size, names = phrase_at(marked, marked, at, lexicon.phrases[other])
        yield from names
        if size > 1:
            yield from _inner(raw[at : at + size], lexicon.phrases[language])
        at += size


def _inner(raw: list[str], table: Mapping[tuple[str, ...], tuple[str, ...]]) -> Iterator[str]:
    # "network administrator" is also about networks, so a phrase adds to its words.
    for word in raw:
        yield from table.get(("=" + word,), ())


def phrase_at(
    marked: list[str],
    stems: list[str],
    at: int,
    table: Mapping[tuple[str, ...], tuple[str, ...]],
) -> tuple[int, tuple[str, ...]]:
    """Return the longest known phrase at a place: how many words, and its concepts."""
    if not table:
        return 1, ()
    for size in range(min(LONGEST_PHRASE, len(marked) - at), 0, -1):
        names = table.get(tuple(marked[at : at + size])) or table.get(tuple(stems[at : at + size]))
        if names:
            return size, names
    return 1, ()
