"""Questions as rows of a spreadsheet: one layout for import and export. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.i18n import N_, Message
from courses.questions.content import (
    CHOICES_MAX,
    Choice,
    Content,
    QuestionKind,
    cleaned,
    fold,
    problems,
)

LETTERS = "ABCDEFGHIJ"[:CHOICES_MAX]
KIND_WORDS = {
    QuestionKind.SINGLE: "tunggal",
    QuestionKind.MULTIPLE: "ganda",
    QuestionKind.TEXT: "isian",
}
_KINDS = {word: kind for kind, word in KIND_WORDS.items()} | {
    "single": QuestionKind.SINGLE,
    "multiple": QuestionKind.MULTIPLE,
    "text": QuestionKind.TEXT,
    "pilihan ganda": QuestionKind.SINGLE,
    "isian singkat": QuestionKind.TEXT,
}
HEADERS = (
    "Jenis",
    "Topik",
    "Judul",
    "Soal",
    "Poin",
    *(f"Pilihan {letter}" for letter in LETTERS),
    "Kunci",
    "Pembahasan",
)
_NEEDED = ("Jenis", "Soal", "Kunci")
_BAR = "|"


@dataclass
class SheetRow:
    """What became of one row, counted as a spreadsheet program counts."""

    line: int
    source: str
    content: Content | None = None
    problem: Message | None = None


class SheetProblem(Exception):
    """The sheet has no header that can be understood."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(str(message))


def read_rows(rows: Iterable[Sequence[Any]]) -> Iterator[SheetRow]:
    """Yield one result per row that says something.

    Raises:
        SheetProblem: a needed column is missing.
    """
    columns: dict[str, int] | None = None
    for line, row in enumerate(rows, start=1):
        if columns is None:
            columns = _columns(row)
            if columns is None and line >= 20:
                break
            continue
        cells = {name: _text(row[place]) for name, place in columns.items() if place < len(row)}
        if any(cells.values()):
            yield _row(line, cells)
    if columns is None:
        needed = {"columns": ", ".join(_NEEDED)}
        raise SheetProblem(Message(N_("Tidak ada baris judul dengan kolom %(columns)s."), needed))


def _columns(row: Sequence[Any]) -> dict[str, int] | None:
    known = {fold(name): name for name in HEADERS}
    found = {
        known[fold(_text(cell))]: n for n, cell in enumerate(row) if fold(_text(cell)) in known
    }
    return found if all(name in found for name in _NEEDED) else None


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _row(line: int, cells: dict[str, str]) -> SheetRow:
    found = SheetRow(line, cells.get("Soal", "")[:120])
    kind = _KINDS.get(fold(cells.get("Jenis", "")))
    points = cells.get("Poin") or "1"
    if kind is None:
        words = {"words": ", ".join(KIND_WORDS.values())}
        found.problem = Message(N_("Jenis soal harus salah satu dari: %(words)s."), words)
        return found
    if not (points.isascii() and points.isdigit() and len(points) < 5):
        found.problem = Message(N_("Poin harus bilangan bulat."))
        return found
    content = cleaned(_content(kind, int(points), cells))
    wrong = _unknown_letters(content, cells) or next(
        (problem.message for problem in problems(content)), None
    )
    found.content, found.problem = (None, wrong) if wrong else (content, None)
    return found


def _content(kind: QuestionKind, points: int, cells: dict[str, str]) -> Content:
    key = cells.get("Kunci", "")
    shown = [(letter, cells.get(f"Pilihan {letter}", "")) for letter in LETTERS]
    right = _letters(key)
    return Content(
        kind=kind,
        text=cells.get("Soal", ""),
        choices=tuple(Choice(text, letter in right) for letter, text in shown if text),
        accepted=tuple(_accepted(key)),
        points=points,
        explanation=cells.get("Pembahasan", ""),
        topic=cells.get("Topik", ""),
        title=cells.get("Judul", ""),
    )


def _letters(key: str) -> set[str]:
    return {part for part in key.upper().replace(";", ",").replace(" ", ",").split(",") if part}


def _unknown_letters(content: Content, cells: dict[str, str]) -> Message | None:
    if content.kind is QuestionKind.TEXT:
        return None
    known = {letter for letter in LETTERS if cells.get(f"Pilihan {letter}")}
    unknown = sorted(_letters(cells.get("Kunci", "")) - known)
    if not unknown:
        return None
    told = N_("Kunci menyebut pilihan yang tidak ada: %(letters)s.")
    return Message(told, {"letters": ", ".join(unknown)[:40]})


def _accepted(key: str) -> Iterator[str]:
    """Yield the answers between bars; a doubled bar is a bar."""
    for part in key.replace(_BAR * 2, "\0").split(_BAR):
        yield part.replace("\0", _BAR)


def to_row(content: Content) -> list[str | int]:
    """Return a question as the cells of `HEADERS`."""
    texts = [choice.text for choice in content.choices] + [""] * CHOICES_MAX
    right = [LETTERS[n] for n, choice in enumerate(content.choices) if choice.right]
    key = f" {_BAR} ".join(answer.replace(_BAR, _BAR * 2) for answer in content.accepted)
    return [
        KIND_WORDS[content.kind],
        content.topic,
        content.title,
        content.text,
        content.points,
        *texts[:CHOICES_MAX],
        key if content.kind is QuestionKind.TEXT else ", ".join(right),
        content.explanation,
    ]
