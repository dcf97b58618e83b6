"""What a question says, whatever it came from: kinds, limits, and what is wrong with one."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.core.i18n import N_, Message

TEXT_LIMIT, CHOICE_LIMIT, TITLE_LIMIT, TOPIC_LIMIT = 4000, 1000, 200, 120
CHOICES_MIN, CHOICES_MAX, ACCEPTED_MAX, POINTS_MAX = 2, 10, 30, 100


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"  # one choice
    MULTIPLE = "multiple"  # several choices
    TEXT = "text"  # a few words


@dataclass(frozen=True)
class Choice:
    """An option and whether it is right."""

    text: str
    right: bool = False


@dataclass(frozen=True)
class Content:
    """A question without its place in a bank; texts are plain, never HTML."""

    kind: QuestionKind
    text: str
    choices: tuple[Choice, ...] = ()
    accepted: tuple[str, ...] = ()
    points: int = 1
    explanation: str = ""
    topic: str = ""
    title: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a question, and the field it belongs to."""

    field: str
    message: Message


def clean(text: str) -> str:
    """Return a text without control characters, with one kind of line end and no outer blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def one_line(text: str) -> str:
    """Return a cleaned text with every run of blanks as one space."""
    return " ".join(clean(text).split())


def fold(text: str) -> str:
    """Return a short answer as it is compared: no case, no diacritics, single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", plain).casefold().split())


def cleaned(content: Content) -> Content:
    """Return a question with all its texts cleaned and empty or repeated answers left out."""
    accepted: dict[str, str] = {}
    for answer in content.accepted:
        accepted.setdefault(fold(clean(answer)), one_line(answer))
    accepted.pop("", None)
    is_text = content.kind is QuestionKind.TEXT
    return replace(
        content,
        text=clean(content.text),
        choices=() if is_text else tuple(Choice(clean(c.text), c.right) for c in content.choices),
        accepted=tuple(accepted.values()) if is_text else (),
        explanation=clean(content.explanation),
        topic=one_line(content.topic),
        title=one_line(content.title),
    )


def problems(content: Content) -> list[Problem]:
    """Return everything that is wrong with a cleaned question; none means it can be used."""
    return [*_text_problems(content), *_answer_problems(content)]


def _text_problems(content: Content) -> Iterator[Problem]:
    if not content.text:
        yield Problem("text", Message(N_("Tulis soalnya.")))
    limits = (("text", TEXT_LIMIT), ("explanation", TEXT_LIMIT), ("topic", TOPIC_LIMIT))
    for field, limit in (*limits, ("title", TITLE_LIMIT)):
        if len(getattr(content, field)) > limit:
            yield Problem(field, _too_long(limit))
    if not 1 <= content.points <= POINTS_MAX:
        told = Message(N_("Poin harus 1 sampai %(max)s."), {"max": POINTS_MAX})
        yield Problem("points", told)


def _too_long(limit: int) -> Message:
    return Message(N_("Terlalu panjang; paling banyak %(max)s karakter."), {"max": limit})


def _answer_problems(content: Content) -> Iterator[Problem]:
    if content.kind is QuestionKind.TEXT:
        yield from _accepted_problems(content.accepted)
        return
    texts = [choice.text for choice in content.choices]
    if not CHOICES_MIN <= len(texts) <= CHOICES_MAX:
        told = N_("Soal pilihan memerlukan %(min)s sampai %(max)s pilihan.")
        yield Problem("choices", Message(told, {"min": CHOICES_MIN, "max": CHOICES_MAX}))
    if not all(texts):
        yield Problem("choices", Message(N_("Ada pilihan yang kosong.")))
    if len({fold(text) for text in texts}) < len(texts):
        yield Problem("choices", Message(N_("Ada dua pilihan yang sama.")))
    if any(len(text) > CHOICE_LIMIT for text in texts):
        yield Problem("choices", _too_long(CHOICE_LIMIT))
    right = sum(choice.right for choice in content.choices)
    if not right:
        yield Problem("choices", Message(N_("Tandai jawaban yang benar.")))
    elif content.kind is QuestionKind.SINGLE and right > 1:
        told = N_("Pilihan tunggal hanya punya satu jawaban benar.")
        yield Problem("choices", Message(told))


def _accepted_problems(accepted: tuple[str, ...]) -> Iterator[Problem]:
    if not accepted:
        yield Problem("accepted", Message(N_("Tulis paling sedikit satu jawaban yang diterima.")))
    if len(accepted) > ACCEPTED_MAX:
        told = Message(N_("Paling banyak %(max)s jawaban."), {"max": ACCEPTED_MAX})
        yield Problem("accepted", told)
    if any(len(answer) > TITLE_LIMIT for answer in accepted):
        yield Problem("accepted", _too_long(TITLE_LIMIT))


def fingerprint(content: Content) -> str:
    """Return a digest of what is asked; two questions that ask the same have the same one."""
    asked: Iterable[str] = sorted(fold(choice.text) for choice in content.choices)
    value = json.dumps([content.kind, fold(content.text), *asked], ensure_ascii=False)
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()


def to_json(content: Content) -> dict[str, Any]:
    """Return a question as JSON values."""
    return {
        **{name: getattr(content, name) for name in ("kind", "text", "points", "explanation")},
        "topic": content.topic,
        "title": content.title,
        "choices": [[choice.text, choice.right] for choice in content.choices],
        "accepted": list(content.accepted),
    }


def from_json(value: Mapping[str, Any]) -> Content:
    """Return the question that `to_json` wrote."""
    return Content(
        kind=QuestionKind(value["kind"]),
        text=str(value["text"]),
        choices=tuple(Choice(str(text), bool(right)) for text, right in value["choices"]),
        accepted=tuple(str(answer) for answer in value["accepted"]),
        points=int(value["points"]),
        explanation=str(value["explanation"]),
        topic=str(value["topic"]),
        title=str(value["title"]),
    )
