"""Questions out of Moodle's GIFT text. Pure: a text in, one result per question out.

Questions stand apart by blank lines. What the platform cannot ask (matching, numbers, essays,
partial credit, pictures) becomes a result with a problem and its line; what is kept in another
form (true/false, missing words, feedback of an option) becomes a remark. Nothing is dropped in
silence.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from app.core.i18n import N_, Message
from courses.questions.content import Choice, Content, QuestionKind, clean, cleaned, problems

_ESCAPED = {"n": "\n"} | {char: char for char in "~=#{}:\\"}
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{1,7})?)%")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_POINTS = re.compile(r"//\s*poin:\s*(\d{1,3})\s*$")
_TRUTH = {"t": True, "true": True, "f": False, "false": False}
_BLANK = "_____"
_RICH = frozenset({"img", "audio", "video", "table", "svg", "math", "iframe", "object", "script"})
_BREAKS = frozenset({"p", "br", "div", "li", "tr"})


class Unsupported(Exception):
    """A question that cannot be taken over, with the reason."""

    def __init__(self, text: str, **params: object) -> None:
        self.message = Message(text, params)
        super().__init__(text)


@dataclass
class Found:
    """What became of one question of the text.

    Args:
        line: line on which it begins, from 1.
        source: its first words, to recognise it.
        content: the question, or None.
        problem: why there is none.
        remarks: what was kept in another form.
    """

    line: int
    source: str
    content: Content | None = None
    problem: Message | None = None
    remarks: list[Message] = field(default_factory=list)


@dataclass(frozen=True)
class _Answer:
    """One `=` or `~` of the braces: still escaped."""

    right: bool
    weight: float | None
    text: str
    feedback: str


def read_gift(text: str) -> list[Found]:
    """Return one result per question, in the order of the text."""
    found: list[Found] = []
    topic = ""
    for line, block, points in _blocks(text):
        if block.startswith("$CATEGORY:"):
            topic = _topic(block.removeprefix("$CATEGORY:"))
            continue
        one = Found(line, " ".join(block.split())[:120])
        try:
            one.content = _question(block, one.remarks)
        except Unsupported as refused:
            one.problem = refused.message
        else:
            one.content = replace(one.content, topic=topic, points=points)
            wrong = problems(one.content)
            if wrong:
                one.content, one.problem = None, wrong[0].message
        found.append(one)
    return found


def _blocks(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield the line, the text and the points of each question and category."""
    lines: list[str] = []
    start, points = 1, 1
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            stated = _POINTS.match(bare)
            points = int(stated[1]) if stated else points
            continue
        if bare and not lines:
            start = number
        if bare and not bare.startswith("$CATEGORY:"):
            lines.append(line)
            continue
        if lines:
            yield start, "\n".join(lines).strip(), points
            lines, points = [], 1
        if bare:
            yield number, bare, 1


def _topic(path: str) -> str:
    """Return the last part of a category path; a double slash is a slash of the name."""
    parts = [part.replace("\0", "/").strip() for part in path.replace("//", "\0").split("/")]
    parts = [part for part in parts if part]
    for root in (("$course$", "$system$"), ("top",)):
        if parts and parts[0] in root:
            parts = parts[1:]
    return parts[-1] if parts else ""


def _question(block: str, remarks: list[Message]) -> Content:
    title, rest = _title(block)
    opened = _find(rest, "{")
    if opened < 0:
        raise Unsupported(N_("Tidak ada jawaban dalam kurung kurawal; keterangan tidak diimpor."))
    closed = _find(rest, "}", opened + 1)
    if closed < 0:
        raise Unsupported(
            N_("Kurung kurawal tidak ditutup. Baris kosong tidak boleh ada di dalam jawaban.")
        )
    inside, after = rest[opened + 1 : closed], rest[closed + 1 :]
    if _find(after, "{") >= 0:
        raise Unsupported(N_("Lebih dari satu bagian jawaban dalam satu soal belum didukung."))
    if 0 <= _find(inside, "{"):
        raise Unsupported(N_("Kurung kurawal di dalam jawaban harus ditulis \\{."))
    stem = rest[:opened]
    if after.strip():
        stem = f"{stem.rstrip()} {_BLANK} {after.lstrip()}"
        remarks.append(Message(N_("Kata yang hilang ditulis sebagai garis kosong.")))
    form = _FORMAT.match(stem)
    markup = form[1].lower() if form else "moodle"
    body = _words(stem[form.end() :] if form else stem, markup, remarks)
    answers, explanation = _explanation(inside, markup, remarks)
    content = _answered(body, answers, markup, remarks)
    joined = "\n".join(part for part in (explanation, content.explanation) if part)
    return cleaned(replace(content, explanation=joined, title=title))


def _title(block: str) -> tuple[str, str]:
    if not block.startswith("::"):
        return "", block
    end = _find(block, "::", 2)
    if end < 0:
        raise Unsupported(N_("Judul soal dibuka dengan :: tetapi tidak ditutup."))
    return _unescape(block[2:end]), block[end + 2 :]


def _find(text: str, wanted: str, start: int = 0) -> int:
    """Return where an unescaped sign stands, or -1."""
    place = start
    while place < len(text):
        if text[place] == "\\":
            place += 2
        elif text.startswith(wanted, place):
            return place
        else:
            place += 1
    return -1


def _unescape(text: str) -> str:
    out: list[str] = []
    place = 0
    while place < len(text):
        following = text[place + 1 : place + 2]
        if text[place] == "\\" and following in _ESCAPED and following:
            out.append(_ESCAPED[following])
            place += 2
        else:
            out.append(text[place])
            place += 1
    return "".join(out)


def _words(text: str, markup: str, remarks: list[Message]) -> str:
    """Return the plain words of an escaped text in a format."""
    plain = _unescape(text)
    if markup == "plain" or not (markup == "html" or re.search(r"<[a-zA-Z/!]|&#?\w+;", plain)):
        return clean(plain)
    reader = _Plain()
    reader.feed(plain)
    reader.close()
    if reader.refused:
        raise Unsupported(N_("Isi HTML <%(tag)s> belum didukung."), tag=reader.refused)
    if reader.dropped:
        told = Message(N_("Format HTML dihilangkan; teksnya tetap."))
        if told not in remarks:
            remarks.append(told)
    return clean(reader.text())


class _Plain(HTMLParser):
    """Words of a piece of HTML; pictures and the like are refused, layout is let go."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self.refused = ""
        self.dropped = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag; a line break is kept."""
        if tag in _RICH:
            self.refused = self.refused or tag
        self.dropped = self.dropped or tag not in _BREAKS
        if tag in _BREAKS and self._parts:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        self._parts.append(data)

    def text(self) -> str:
        """Return the words, blank lines left out."""
        lines = html.unescape("".join(self._parts)).replace("\xa0", " ").split("\n")
        return "\n".join(line.strip() for line in lines if line.strip())


def _explanation(inside: str, markup: str, remarks: list[Message]) -> tuple[str, str]:
    place = _find(inside, "####")
    if place < 0:
        return inside, ""
    return inside[:place], _marked(inside[place + 4 :], markup, remarks)


def _marked(text: str, markup: str, remarks: list[Message]) -> str:
    """Return the words of a part that may name a format of its own."""
    form = _FORMAT.match(text)
    return (
        _words(text[form.end() :], form[1].lower(), remarks)
        if form
        else _words(text, markup, remarks)
    )


def _answered(stem: str, inside: str, markup: str, remarks: list[Message]) -> Content:
    bare = inside.strip()
    if not bare:
        raise Unsupported(N_("Soal esai belum didukung; buat sebagai tugas."))
    if bare.startswith("#"):
        raise Unsupported(N_("Soal angka dengan toleransi belum didukung."))
    word, *feedback = _split(bare, "#")
    if word.strip().lower() in _TRUTH:
        return _truth(stem, _TRUTH[word.strip().lower()], feedback, markup, remarks)
    answers = list(_answers(bare))
    if any(_find(answer.text, "->") >= 0 for answer in answers if answer.right):
        raise Unsupported(N_("Soal menjodohkan belum didukung."))
    if all(answer.right for answer in answers):
        return _short(stem, answers, markup, remarks)
    return _choice(stem, answers, markup, remarks)


def _split(text: str, sign: str) -> list[str]:
    parts, start = [], 0
    while (place := _find(text, sign, start)) >= 0:
        parts.append(text[start:place])
        start = place + len(sign)
    return [*parts, text[start:]]


def _truth(
    stem: str, right: bool, feedback: list[str], markup: str, remarks: list[Message]
) -> Content:
    remarks.append(Message(N_("Soal benar/salah menjadi pilihan tunggal.")))
    # GIFT names the feedback of the wrong answer first.
    told = [_marked(part, markup, remarks) for part in reversed(feedback)]
    if any(told):
        remarks.append(Message(N_("Umpan balik pilihan dipindahkan ke pembahasan.")))
    return Content(
        QuestionKind.SINGLE,
        stem,
        (Choice("Benar", right), Choice("Salah", not right)),
        explanation="\n".join(part for part in told if part),
    )


def _answers(bare: str) -> Iterator[_Answer]:
    places = sorted({place for sign in "=~" for place in _all(bare, sign)})
    if not places or bare[: places[0]].strip():
        raise Unsupported(N_("Jawaban harus diawali dengan tanda = atau ~."))
    for start, end in zip(places, [*places[1:], len(bare)], strict=True):
        part = bare[start + 1 : end].strip()
        weighted = _WEIGHT.match(part)
        text, *feedback = _split(part[weighted.end() :] if weighted else part, "#")
        yield _Answer(
            bare[start] == "=",
            float(weighted[1]) if weighted else None,
            text,
            "#".join(feedback),
        )


def _all(text: str, sign: str) -> Iterator[int]:
    place = _find(text, sign)
    while place >= 0:
        yield place
        place = _find(text, sign, place + 1)


def _feedback(answers: list[_Answer], texts: list[str], markup: str, remarks: list[Message]) -> str:
    told = [
        f"{text}: {words}"
        for answer, text in zip(answers, texts, strict=True)
        if (words := _marked(answer.feedback, markup, remarks))
    ]
    if told:
        remarks.append(Message(N_("Umpan balik pilihan dipindahkan ke pembahasan.")))
    return "\n".join(told)


def _short(stem: str, answers: list[_Answer], markup: str, remarks: list[Message]) -> Content:
    if any(answer.weight not in (None, 100) for answer in answers):
        raise Unsupported(N_("Jawaban singkat dengan nilai sebagian belum didukung."))
    if any(re.search(r"(?<!\\)\*", answer.text) for answer in answers):
        raise Unsupported(N_("Tanda * sebagai pengganti kata belum didukung."))
    texts = [_marked(answer.text.replace("\\*", "*"), markup, remarks) for answer in answers]
    feedback = _feedback(answers, texts, markup, remarks)
    return Content(QuestionKind.TEXT, stem, accepted=tuple(texts), explanation=feedback)


def _choice(stem: str, answers: list[_Answer], markup: str, remarks: list[Message]) -> Content:
    texts = [_marked(answer.text, markup, remarks) for answer in answers]
    feedback = _feedback(answers, texts, markup, remarks)
    marked = [answer for answer in answers if answer.right]
    if len(marked) > 1:
        raise Unsupported(
            N_("Beberapa tanda = dalam soal pilihan; beri bobot pada setiap jawaban benar.")
        )
    if marked:
        _check_single(answers)
        choices = tuple(Choice(t, a.right) for t, a in zip(texts, answers, strict=True))
        return Content(QuestionKind.SINGLE, stem, choices, explanation=feedback)
    _check_multiple(answers, remarks)
    choices = tuple(
        Choice(text, (answer.weight or 0) > 0) for text, answer in zip(texts, answers, strict=True)
    )
    return Content(QuestionKind.MULTIPLE, stem, choices, explanation=feedback)


def _check_single(answers: list[_Answer]) -> None:
    if any((a.weight or 0) != 0 for a in answers if not a.right) or any(
        a.weight not in (None, 100) for a in answers if a.right
    ):
        raise Unsupported(N_("Nilai sebagian dalam pilihan tunggal belum didukung."))


def _check_multiple(answers: list[_Answer], remarks: list[Message]) -> None:
    """All right options weigh the same and make up the whole."""
    weights = [answer.weight or 0.0 for answer in answers]
    gains = [weight for weight in weights if weight > 0]
    if not gains:
        raise Unsupported(N_("Tidak ada jawaban yang benar."))
    if max(gains) - min(gains) > 0.01 or abs(sum(gains) - 100) > 0.5:
        raise Unsupported(N_("Bobot pilihan yang tidak sama besar belum didukung."))
    losses = [weight for weight in weights if weight <= 0]
    if any(abs(weight + gains[0]) > 0.01 for weight in losses):
        remarks.append(
            Message(
                N_("Bobot pengurang mengikuti aturan di sini: satu salah membatalkan satu benar.")
            )
        )
