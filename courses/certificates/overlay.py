"""Many certificates of one session: the common page once, the personal text laid over it.

The lines that differ between people are laid out together in one harvest document by the same
renderer and style sheet; each person's file is a copy of one of them in which those text runs,
the QR code, the attachments and the metadata are replaced. Tags, fonts and drawings stay as they
are, so that a file equals its full rendering (a test compares tags and pixels, and the first other
person of every group is compared at run time). Whoever does not fit the pattern, such as a name
that needs a second line, is rendered in full.
"""

import hashlib
import io
import logging
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape  # nosec B406 - writes text, parses nothing

import pikepdf
from lxml import html as lxml_html

from app.core import pdf
from courses.certificates.facts import CertificateFacts
from courses.certificates.page_text import bounded, plain, unicode_map
from courses.certificates.personal_lines import (
    Tree,
    clearest,
    element_at,
    line_texts,
    personal_places,
)
from courses.certificates.render import Renderer, metadata, qr_png, refuse_missing_glyphs
from courses.certificates.template import fill, static_assets

GROUP_SIZE = 100
_WORTH_IT = 5
_log = logging.getLogger(__name__)
_RUN = re.compile(
    rb"1 0 0 -1 (?P<x>\S+) (?P<y>\S+) Tm\n/(?P<font>\S+) (?P<size>\S+) Tf\n\[(?P<shown>[^\]]*)\] TJ"
)
_GLYPHS = re.compile(rb"<([0-9a-fA-F]*)>")
_IMAGE = re.compile(rb"/i[0-9a-f]{32,}\S* Do")

_PNG = "image/png"
_EXTENTS = ("margin", "padding", "border")

RunKey = tuple[bytes, bytes, str]


@dataclass(frozen=True)
class _Run:
    """A shown text: where it begins and its glyphs with their distances."""

    x: bytes
    shown: bytes


@dataclass(frozen=True)
class _Placed:
    """A run in its place on the common page."""

    key: RunKey
    y: bytes
    run: _Run


class Overlay:
    """One group of people whose pages differ in single lines of text only."""

    def __init__(self, renderer: Renderer, group: Sequence[CertificateFacts]) -> None:
        """Render one person in full, and harvest the lines of all others."""
        self._renderer = renderer
        self._facts = {f.code: f for f in group}
        trees = {f.code: _parse(renderer, f) for f in group}
        self._places = personal_places(list(trees.values()))
        first = self._first = clearest(group, trees, self._places or [])
        self._trees = {first.code: trees.pop(first.code), **trees}
        self._file = pikepdf.open(io.BytesIO(renderer.render(first)))
        self._xmp = bounded(self._file.Root.Metadata)
        self._pieces = [
            list(_pieces(bounded(page.obj.Contents), _codes(page))) for page in self._file.pages
        ]
        self._windows: dict[tuple[RunKey, ...], tuple[_Run, ...] | None] = {}
        self._lines = self._find_lines() if self._places is not None else None
        if self._lines:
            self._harvest(list(self._trees.values()))

    def personal(self, facts: CertificateFacts) -> bytes | None:
        """Return a person's unsigned file, or None if it takes a full rendering."""
        if not self._lines:
            return None
        contents = self._replaced(facts)
        if contents is None:
            return None
        for page, content in zip(self._file.pages, contents, strict=True):
            page.obj.Contents.write(content)
        self._replace_code(facts)
        self._replace_attachments(facts)
        self._replace_metadata(facts)
        target = io.BytesIO()
        self._file.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()

    def is_faithful(self) -> bool:
        """Tell whether another's pages are those of a full rendering, operator by operator."""
        others = (code for code in self._trees if code != self._first.code)
        other = next(others, None)
        return other is not None and self.equals_full(self._facts[other])

    def equals_full(self, facts: CertificateFacts) -> bool:
        """Tell whether a person's pages are those of a full rendering, operator by operator."""
        contents = self._replaced(facts) if self._lines else None
        with pikepdf.open(io.BytesIO(self._renderer.render(facts))) as full:
            pages = [bounded(page.obj.Contents) for page in full.pages]
        return contents is not None and list(map(_normal, contents)) == list(map(_normal, pages))

    def _harvest(self, trees: list[Tree]) -> None:
        """Lay out everybody's personal lines at once; keep the runs and the fonts of all."""
        document = deepcopy(trees[0])
        blocks = [element_at(document, place) for place in self._places or ()]
        for place, block in zip(self._places or (), blocks, strict=True):
            for tree in reversed(trees[1:]):
                other = deepcopy(element_at(tree, place))
                other.tail = None
                other.set("class", f"{other.get('class', '')} harvested")
                block.addnext(other)
        data = pdf.render_pdf(
            _html(document),
            metadata=metadata(self._first, self._renderer.translate),
            stylesheets=[self._renderer.stylesheet, _harvested()],
            assets={**static_assets(), "qr.png": (qr_png(self._first.verification_url), _PNG)},
            variant=pdf.ARCHIVE_TAGGED,
        )
        with pikepdf.open(io.BytesIO(data)) as harvest:
            fonts = harvest.pages[0].resources.Font
            pieces = [
                list(_pieces(bounded(page.obj.Contents), _codes(page))) for page in harvest.pages
            ]
            for length in {len(keys) for _, _, keys in (self._lines or {}).values()}:
                for _, _, window in _windows_of(pieces, length):
                    keys, runs = tuple(p.key for p in window), tuple(p.run for p in window)
                    # The same line at two places would be ambiguous: better no answer.
                    known = self._windows.setdefault(keys, runs)
                    self._windows[keys] = runs if known == runs else None
            own = self._file.pages[0].resources.Font
            for name in own.keys():
                own[name] = self._file.copy_foreign(fonts[name])

    def _replaced(self, facts: CertificateFacts) -> list[bytes] | None:
        """Return the page contents with a person's runs, or None if a line is not as harvested."""
        tree = self._trees[facts.code]
        exchanged: dict[tuple[int, int], _Run] = {}
        for place, (page, start, keys) in (self._lines or {}).items():
            texts = line_texts(element_at(tree, place))
            wanted = tuple((font, size, t) for (font, size, _), t in zip(keys, texts, strict=False))
            runs = self._windows.get(wanted) if len(texts) == len(keys) else None
            if runs is None:
                return None
            exchanged.update({(page, start + 2 * n): run for n, run in enumerate(runs)})
        return [
            b"".join(_written(piece, exchanged.get((page, n))) for n, piece in enumerate(pieces))
            for page, pieces in enumerate(self._pieces)
        ]

    def _find_lines(self) -> dict[tuple[int, ...], tuple[int, int, tuple[RunKey, ...]]] | None:
        """Return where the runs of each personal block stand: page, first run, keys.

        Longer lines are placed first, so that a name alone does not take the name in a line.
        """
        first = self._trees[self._first.code]
        lines: dict[tuple[int, ...], tuple[int, int, tuple[RunKey, ...]]] = {}
        taken: set[tuple[int, int]] = set()
        order = sorted(self._places or (), key=lambda p: -len(line_texts(element_at(first, p))))
        for place in order:
            texts = line_texts(element_at(first, place))
            for page, start, window in _windows_of(self._pieces, len(texts)):
                spots = {(page, start + 2 * n) for n in range(len(texts))}
                if tuple(piece.key[2] for piece in window) == texts and not spots & taken:
                    taken |= spots
                    lines[place] = (page, start, tuple(piece.key for piece in window))
                    break
            else:
                return None
        return lines

    def _replace_code(self, facts: CertificateFacts) -> None:
        """Put a person's QR code in the place of the first one."""
        image = next(
            item
            for item in self._file.pages[0].resources.XObject.values()
            if item.Subtype == pikepdf.Name.Image
        )
        png = qr_png(self._renderer.sealed_url(facts))
        image.Width = image.Height = int.from_bytes(png[16:20])
        image.DecodeParms = pikepdf.Dictionary(Predictor=15, Columns=int(image.Width))
        start = png.index(b"IDAT") + 4
        length = int.from_bytes(png[start - 8 : start - 4])
        image.write(
            png[start : start + length],
            filter=pikepdf.Name.FlateDecode,
            decode_parms=image.DecodeParms,
        )

    def _replace_attachments(self, facts: CertificateFacts) -> None:
        """Put a person's credential and facts in the place of the first ones."""
        for item in self._renderer.attachments(facts):
            stream = self._file.attachments[item.name].obj.EF.F
            stream.write(item.content)
            stream.Params.Size = len(item.content)
            stream.Params.CheckSum = pikepdf.String(
                hashlib.md5(item.content, usedforsecurity=False).digest()
            )

    def _replace_metadata(self, facts: CertificateFacts) -> None:
        """Write title and subject, which name the person, in both places."""
        old = metadata(self._first, self._renderer.translate)
        new = metadata(facts, self._renderer.translate)
        xmp = self._xmp
        for before, after in ((old.title, new.title), (old.subject, new.subject)):
            xmp = xmp.replace(escape(before).encode(), escape(after).encode())
        self._file.Root.Metadata.write(xmp)
        self._file.docinfo["/Title"], self._file.docinfo["/Subject"] = new.title, new.subject


@lru_cache(maxsize=1)
def _harvested() -> pdf.Stylesheet:
    """Return rules that lay a line of another person over the first, without moving anything."""
    sides = "".join(f"{p}-{s}: 0 !important;" for p in _EXTENTS for s in ("top", "bottom"))
    return pdf.parse_stylesheet(f".harvested {{ height: 0 !important; {sides} }}")


def render_many(
    renderer: Renderer, facts: Sequence[CertificateFacts]
) -> Iterator[tuple[CertificateFacts, bytes | Exception]]:
    """Yield each certificate with its unsigned file, or with what is wrong with it.

    People of one group must differ in their pages by single lines; everybody else, and a group
    whose first member does not come out as in a full rendering, is rendered in full.
    """
    for group in _groups(renderer, facts):
        overlay = _overlay_of(renderer, group)
        for person in group:
            try:
                refuse_missing_glyphs(person)
                data = overlay.personal(person) if overlay else None
                yield person, data or renderer.render(person)
            except Exception as error:
                # One person's certificate that cannot be made must not stop those of the others.
                yield person, error


def _overlay_of(renderer: Renderer, group: Sequence[CertificateFacts]) -> Overlay | None:
    """Return the overlay of a group, or None if full renderings are the safe way."""
    if len(group) < _WORTH_IT:
        return None
    try:
        overlay = Overlay(renderer, group)
        return overlay if overlay.is_faithful() else None
    except Exception:
        # An overlay is a short cut only; where it cannot be built, the long way gives the answer.
        _log.warning("no common page for a group of certificates", exc_info=True)
        return None


def _groups(
    renderer: Renderer, facts: Sequence[CertificateFacts]
) -> Iterator[list[CertificateFacts]]:
    """Yield groups of people whose pages have the same elements, in the order of the first."""
    found: dict[Any, list[CertificateFacts]] = {}
    for person in facts:
        try:
            refuse_missing_glyphs(person)
            shape: Any = _shape(_parse(renderer, person))
        except Exception:
            shape = person.code  # told when it is its turn
        found.setdefault(shape, []).append(person)
        if len(found[shape]) == GROUP_SIZE:
            yield found.pop(shape)
    yield from found.values()


def _parse(renderer: Renderer, facts: CertificateFacts) -> Tree:
    """Return the page of a person as a tree."""
    return lxml_html.document_fromstring(
        fill(renderer.template, facts, translate=renderer.translate)
    )


def _html(tree: Tree) -> str:
    """Return a tree as a page."""
    return "<!DOCTYPE html>" + str(lxml_html.tostring(tree, encoding="unicode"))


def _shape(tree: Tree) -> tuple[Any, ...]:
    """Return the elements and attributes of a page without its texts."""
    return tuple((element.tag, tuple(element.attrib.items())) for element in tree.iter())


def _codes(page: pikepdf.Page) -> dict[str, dict[int, str]]:
    """Return font name -> glyph code -> text for the fonts of a page."""
    return {
        name.removeprefix("/"): unicode_map(page, name) or {} for name in page.resources.Font.keys()
    }


def _shown_text(shown: bytes, codes: dict[int, str] | None) -> str:
    """Return the text of a run."""
    glyphs = b"".join(_GLYPHS.findall(shown)).decode()
    return "".join(
        (codes or {}).get(int(glyphs[i : i + 4], 16), "\ufffd") for i in range(0, len(glyphs), 4)
    )


def _pieces(content: bytes, codes: dict[str, dict[int, str]]) -> Iterator["bytes | _Placed"]:
    """Yield a page's content cut into text runs and what stands between them."""
    end = 0
    for match in _RUN.finditer(content):
        yield content[end : match.start()]
        text = plain(_shown_text(match["shown"], codes.get(match["font"].decode())))
        key = (match["font"], match["size"], text)
        yield _Placed(key, match["y"], _Run(match["x"], match["shown"]))
        end = match.end()
    yield content[end:]


def _windows_of(
    pages: list[list["bytes | _Placed"]], length: int
) -> Iterator[tuple[int, int, list[_Placed]]]:
    """Yield every so many runs in a row: page, number of the first piece, the runs.

    Runs and what stands between them take turns in the pieces of a page.
    """
    for number, pieces in enumerate(pages):
        for start in range(1, len(pieces) - 2 * (length - 1), 2):
            window = pieces[start : start + 2 * length : 2]
            yield number, start, [piece for piece in window if isinstance(piece, _Placed)]


def _written(piece: "bytes | _Placed", run: _Run | None) -> bytes:
    """Return a piece of page content, with another run in its place if there is one."""
    if isinstance(piece, bytes):
        return piece
    (font, size, _), own = piece.key, run or piece.run
    return b"1 0 0 -1 %b %b Tm\n/%b %b Tf\n[%b] TJ" % (own.x, piece.y, font, size, own.shown)


def _normal(content: bytes) -> bytes:
    """Return page content without the name of the QR code's image, which is made of its bytes."""
    return _IMAGE.sub(b"/image Do", content)
