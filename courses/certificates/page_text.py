"""The text that a PDF shows, line by line, within limits that a hostile file cannot stretch."""

import re
import zlib
from collections.abc import Iterator
from typing import Any
from unicodedata import normalize

import pikepdf

MAX_STREAM = 4_000_000
MAX_PAGES = 20
_SPACES = re.compile(r"[\s\u00ad\u200b-\u200f]+")


def plain(text: str) -> str:
    """Return a text without spaces, ligatures and letter case, for comparing what is printed."""
    return _SPACES.sub("", normalize("NFKC", text)).casefold()


def bounded(stream: Any, limit: int = MAX_STREAM) -> bytes:
    """Return the content of a stream without unpacking more than a limit.

    Raises:
        ValueError: if it is longer, or packed in a way that certificates do not use.
    """
    raw = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is None:
        content = raw
    elif packing == pikepdf.Name.FlateDecode and "/DecodeParms" not in stream:
        content = zlib.decompressobj().decompress(raw, limit + 1)
    else:
        raise ValueError("packed in an unexpected way")
    if len(content) > limit:
        raise ValueError("too long")
    return content


def printed_pages(document: pikepdf.Pdf) -> list[list[str]]:
    """Return the lines of text of the first pages, page by page, in drawing order.

    Raises:
        ValueError, pikepdf.PdfError, zlib.error: if a page cannot be read.
    """
    return [
        [line for line in _lines_of(page) if line.strip()] for page in document.pages[:MAX_PAGES]
    ]


def _lines_of(page: pikepdf.Page) -> Iterator[str]:
    """Yield the lines of a page; text at the same height belongs together."""
    contents = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    data = b"\n".join(bounded(part) for part in parts if isinstance(part, pikepdf.Stream))
    fonts: dict[str, dict[int, str] | None] = {}
    scratch = pikepdf.new()
    holder = pikepdf.Stream(scratch, data)
    line, font, height = "", "", None
    for instruction in pikepdf.parse_content_stream(holder):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "Tf":
            font = str(operands[0])
            if font not in fonts:
                fonts[font] = unicode_map(page, font)
        elif name == "Tm" and height != (height := round(float(operands[5]), 1)):
            yield line
            line = ""
        elif name in ("Td", "TD", "T*", "ET"):
            yield line
            line, height = "", None
        elif name in ("Tj", "TJ", "'", '"'):
            line += _shown(operands[-1], fonts.get(font))
    yield line


def _shown(operand: Any, codes: dict[int, str] | None) -> str:
    """Return the text of a showing operator's strings."""
    strings = operand if isinstance(operand, pikepdf.Array) else [operand]
    text = ""
    for item in strings:
        if isinstance(item, pikepdf.String):
            data = bytes(item)
            if codes is None:
                text += data.decode("latin-1")
            else:
                pairs = (data[i : i + 2] for i in range(0, len(data), 2))
                text += "".join(codes.get(int.from_bytes(pair), "\ufffd") for pair in pairs)
    return text


def unicode_map(page: pikepdf.Page, font: str) -> dict[int, str] | None:
    """Return code -> text of a font with two-byte codes, or None for another font."""
    resource = page.resources.get("/Font", pikepdf.Dictionary()).get(font)
    table = resource.get("/ToUnicode") if isinstance(resource, pikepdf.Dictionary) else None
    if not isinstance(table, pikepdf.Stream):
        return None
    codes: dict[int, str] = {}
    content = bounded(table).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", content, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            codes[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be", "replace")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", content, re.S):
        for low, high, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for offset in range(min(int(high, 16) - int(low, 16) + 1, 0x10000)):
                codes[int(low, 16) + offset] = chr(int(text, 16) + offset)
    return codes
