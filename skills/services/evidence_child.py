"""The process that reads the text of an uploaded PDF and may die of it; started, never imported.

It imports nothing of ours. It prints one JSON object: `lines`, from top to bottom of the first
pages. A scan has no text and gives an empty list.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

PAGES = 3
SPANS = 4000
DEPTH = 3
Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Span:
    """Words drawn at a place: height, left and right edge in points, size of the letters."""

    y: float
    left: float
    right: float
    size: float
    text: str


class Font:
    """What is needed to turn the codes of a font into letters and to know their widths."""

    def __init__(self, resource_: Any) -> None:
        self.wide = str(resource_.get("/Subtype", "")) == "/Type0"
        self.letters = _letters(resource_.get("/ToUnicode"))
        self.default = 0.5
        self.widths = self._cid_widths(resource_) if self.wide else self._widths(resource_)

    @staticmethod
    def _widths(resource_: Any) -> dict[int, float]:
        first = int(resource_.get("/FirstChar", 0))
        listed = list(resource_.get("/Widths", []))[:512]
        return {first + n: float(width) / 1000 for n, width in enumerate(listed)}

    def _cid_widths(self, resource_: Any) -> dict[int, float]:
        below = resource_.get("/DescendantFonts", [])
        if not len(below):
            return {}
        self.default = float(below[0].get("/DW", 1000)) / 1000
        found: dict[int, float] = {}
        parts = list(below[0].get("/W", []))[:6000]
        while len(parts) >= 2:
            first, second = int(parts[0]), parts[1]
            if hasattr(second, "__len__"):
                found.update({first + n: float(w) / 1000 for n, w in enumerate(second)})
                parts = parts[2:]
            elif len(parts) > 2:
                last = min(int(second), first + 2000)
                found.update(dict.fromkeys(range(first, last + 1), float(parts[2]) / 1000))
                parts = parts[3:]
            else:
                break
        return found

    def read(self, data: bytes) -> tuple[str, float]:
        """Return the letters of some codes and their width in em."""
        step = 2 if self.wide else 1
        codes = [int.from_bytes(data[n : n + step], "big") for n in range(0, len(data), step)]
        text = "".join(self.letters.get(code, self._plain(code)) for code in codes)
        return text, sum(self.widths.get(code, self.default) for code in codes)

    def _plain(self, code: int) -> str:
        return "" if self.wide or code > 255 else bytes([code]).decode("cp1252", "replace")


def _letters(table: Any) -> dict[int, str]:
    if table is None or not hasattr(table, "read_bytes"):
        return {}
    content = table.read_bytes().decode("latin-1")[:1_000_000]
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", content, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = _utf16(text)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", content, re.S):
        for low, high, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(low, 16)
            for offset in range(min(int(high, 16) - start + 1, 0x10000)):
                found[start + offset] = chr(min(int(text, 16) + offset, 0x10FFFF))
        for low, listed in re.findall(r"<(\w+)>\s*<\w+>\s*\[(.*?)\]", block, re.S):
            for offset, text in enumerate(re.findall(r"<([0-9A-Fa-f]+)>", listed)):
                found[int(low, 16) + offset] = _utf16(text)
    return found


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2)).decode("utf-16-be", "replace")


def _times(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


class Reader:
    """Follows the drawing operators of a page as far as text needs."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.fonts: dict[Any, Font] = {}
        self.font: Font | None = None
        self.size = 1.0
        self.leading = 0.0
        self.line = self.text = UNIT

    def page(self, content: Any, resources: Any, base: Matrix, depth: int = 0) -> None:
        """Read a page or a form drawn on it."""
        import pikepdf

        matrix, stack = base, []
        for instruction in pikepdf.parse_content_stream(content):
            operands, operator = instruction.operands, instruction.operator
            name = str(operator)
            if len(self.spans) > SPANS:
                return
            if name == "q":
                stack.append(matrix)
            elif name == "Q" and stack:
                matrix = stack.pop()
            elif name == "cm":
                matrix = _times(_matrix(operands), matrix)
            elif name == "Do" and depth < DEPTH:
                self._form(operands[0], resources, matrix, depth)
            elif name == "Tf":
                self._choose(resources, operands)
            elif name in ("Tj", "TJ", "'", '"'):
                self._show(name, operands, matrix)
            else:
                self._move(name, operands)

    def _form(self, name: Any, resources: Any, matrix: Matrix, depth: int) -> None:
        form = resources.get("/XObject", {}).get(str(name))
        if form is not None and str(form.get("/Subtype", "")) == "/Form":
            own = form.get("/Resources", resources)
            inner = _times(_matrix(form.get("/Matrix", UNIT)), matrix)
            self.page(form, own, inner, depth + 1)

    def _choose(self, resources: Any, operands: Any) -> None:
        resource_ = resources.get("/Font", {}).get(str(operands[0]))
        self.size = float(operands[1])
        if resource_ is None:
            self.font = None
            return
        key = resource_.objgen if resource_.is_indirect else str(operands[0])
        if key not in self.fonts:
            self.fonts[key] = Font(resource_)
        self.font = self.fonts[key]

    def _move(self, name: str, operands: Any) -> None:
        if name == "BT":
            self.line = self.text = UNIT
        elif name == "Tm":
            self.line = self.text = _matrix(operands)
        elif name == "TL":
            self.leading = float(operands[0])
        elif name in ("Td", "TD"):
            across, up = float(operands[0]), float(operands[1])
            if name == "TD":
                self.leading = -up
            self.line = self.text = _times((1, 0, 0, 1, across, up), self.line)
        elif name == "T*":
            self.line = self.text = _times((1, 0, 0, 1, 0, -self.leading), self.line)

    def _show(self, name: str, operands: Any, matrix: Matrix) -> None:
        if name in ("'", '"'):
            self._move("T*", ())
        if self.font is None:
            return
        shown = operands[-1]
        text, advance = "", 0.0
        for part in shown if name == "TJ" else [shown]:
            if hasattr(part, "__bytes__") and not isinstance(part, int | float):
                letters, width = self.font.read(bytes(part))
                text, advance = text + letters, advance + width
            else:
                shift = -float(part) / 1000
                text += " " if shift > 0.18 and not text.endswith(" ") else ""
                advance += shift
        place = _times(self.text, matrix)
        end = _times(_times((1, 0, 0, 1, advance * self.size, 0), self.text), matrix)
        size = abs(self.size * place[3]) or 1.0
        if text.strip():
            self.spans.append(Span(round(place[5], 1), place[4], end[4], size, text))
        self.text = _times((1, 0, 0, 1, advance * self.size, 0), self.text)


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)
    return a, b, c, d, e, f


def lines(spans: list[Span]) -> Iterator[str]:
    """Yield the lines from top to bottom; a gap wider than a narrow letter is a space."""
    row: list[Span] = []
    for span in sorted(spans, key=lambda one: (-one.y, one.left)):
        if row and abs(row[0].y - span.y) > max(row[0].size, span.size) * 0.35:
            yield _join(row)
            row = []
        row.append(span)
    if row:
        yield _join(row)


def _join(row: list[Span]) -> str:
    row = sorted(row, key=lambda one: one.left)
    text = row[0].text
    for before, span in zip(row, row[1:], strict=False):
        gap = span.left - before.right
        text += (" " if gap > 0.15 * span.size and not text.endswith(" ") else "") + span.text
    return " ".join(text.split())


def main(path: str) -> dict[str, Any]:
    """Return the lines of the first pages."""
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (8, 9))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    import pikepdf

    found: list[str] = []
    try:
        with pikepdf.open(path, attempt_recovery=False, suppress_warnings=True) as document:
            for page in document.pages[:PAGES]:
                reader = Reader()
                reader.page(page, page.resources, UNIT)
                found += lines(reader.spans)
    except (pikepdf.PdfError, MemoryError, RecursionError, ValueError, TypeError, KeyError):
        return {"lines": found}
    except (AttributeError, IndexError, RuntimeError, OverflowError):
        return {"lines": found}
    return {"lines": [line for line in found if line][:400]}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1])))
