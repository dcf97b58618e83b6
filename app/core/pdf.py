"""The only place that knows WeasyPrint: HTML in, an archival PDF out, nothing else is read.

The renderer sees the fonts of `app/core/fonts` and the bytes it is handed (`asset:name`); it can
open no file and no connection, whatever a template or a name contains.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fontTools.ttLib import TTFont
from PIL import ImageFile

FONT_FOLDER = Path(__file__).parent / "fonts"
ARCHIVE_TAGGED = "pdf/a-3a"
ACCESSIBLE = "pdf/ua-1"

# Pango's font map and the environment variable below are shared by the process.
_lock = threading.RLock()
# Marks that steer text and draw nothing need no glyph.
_INVISIBLE = frozenset("\t\n\r\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True)
class Attachment:
    """A file inside the PDF, with its relationship to the page (`Data`, `Source`)."""

    name: str
    content: bytes
    mime_type: str
    description: str
    relationship: str = "Data"


@dataclass(frozen=True)
class PdfMetadata:
    """What the file says about itself; `created` makes two renderings of one record equal."""

    title: str
    language: str
    created: datetime
    author: str = ""
    subject: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stylesheet:
    """A parsed style sheet with its page rules, kept between documents."""

    parsed: Any = field(repr=False)


@contextmanager
def _bundled_fonts() -> Iterator[None]:
    """Point fontconfig at the bundled fonts while a configuration is loaded."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(FONT_FOLDER / "fonts.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@lru_cache(maxsize=1)
def _engine() -> SimpleNamespace:
    """Import WeasyPrint on first use (two seconds) and load the fonts once per process."""
    with _lock, _bundled_fonts():
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher, URLFetcherResponse

        # Its import tells Pillow, for the whole process, to take images that end too early; the
        # check of uploads must go on refusing them.
        ImageFile.LOAD_TRUNCATED_IMAGES = False

        class AssetFetcher(URLFetcher):
            """Serve the bytes handed over under `asset:` and refuse every other address."""

            def __init__(self, assets: Mapping[str, tuple[bytes, str]]) -> None:
                super().__init__(allowed_protocols={"asset"}, allow_redirects=False)
                self.assets = assets

            def fetch(self, url: str, headers: Any = None) -> Any:
                """Return the asset named by the address.

                Raises:
                    ValueError: for any other scheme or an unknown name.
                """
                scheme, _, name = url.partition(":")
                if scheme.lower() != "asset" or name not in self.assets:
                    raise ValueError(f"address outside the document: {url[:80]}")
                content, mime_type = self.assets[name]
                return URLFetcherResponse(url, content, {"Content-Type": mime_type})

        return SimpleNamespace(
            weasyprint=weasyprint, fonts=FontConfiguration(), fetcher=AssetFetcher
        )


def parse_stylesheet(
    css: str, *, assets: Mapping[str, tuple[bytes, str]] | None = None
) -> Stylesheet:
    """Parse a style sheet once, to be used for many documents.

    Args:
        css: the text of the style sheet.
        assets: name -> (bytes, MIME type), for `url(asset:name)`.
    """
    engine = _engine()
    with _lock:
        parsed = engine.weasyprint.CSS(
            string=css,
            base_url="asset:",
            url_fetcher=engine.fetcher(assets or {}),
            font_config=engine.fonts,
        )
    return Stylesheet(parsed)


def render_pdf(
    html: str,
    *,
    metadata: PdfMetadata,
    stylesheets: Sequence[Stylesheet] = (),
    assets: Mapping[str, tuple[bytes, str]] | None = None,
    variant: str = ACCESSIBLE,
    attachments: Sequence[Attachment] = (),
    identifier: bytes | None = None,
    compressed: bool = True,
    image_cache: dict[str, Any] | None = None,
    finisher: Callable[[Any], None] | None = None,
) -> bytes:
    """Render HTML as one PDF.

    Args:
        html: a whole document; its `<title>` and `lang` give way to the metadata.
        metadata: title, language and moment of creation.
        stylesheets: parsed once by `parse_stylesheet`.
        assets: name -> (bytes, MIME type), the only things that `asset:name` can reach.
        variant: a WeasyPrint variant, `pdf/ua-1` for reports, `pdf/a-3a` for certificates.
        attachments: files put into the PDF.
        identifier: the first part of the file identifier (16 bytes), or None for a derived one.
        compressed: False leaves the streams readable, for tests.
        image_cache: keeps decoded images between documents of one batch.
        finisher: called with the PDF objects before they are written.
    """
    engine = _engine()
    with _lock:
        fetcher = engine.fetcher(assets or {})
        source = engine.weasyprint.HTML(string=html, base_url="asset:", url_fetcher=fetcher)
        options = {
            "stylesheets": [sheet.parsed for sheet in stylesheets],
            "pdf_variant": variant,
            "pdf_identifier": identifier,
            "uncompressed_pdf": not compressed,
            "cache": image_cache,
            "full_fonts": False,
        }
        document = source.render(font_config=engine.fonts, **options)
        _describe(document.metadata, metadata)
        document.metadata.attachments = []
        options["attachments"] = [_attachment(engine, item, metadata) for item in attachments]
        result: bytes = document.write_pdf(
            finisher=lambda _, pdf: _finish(pdf, finisher), **options
        )
    return result


def _describe(target: Any, metadata: PdfMetadata) -> None:
    """Replace what the page says about itself by the given metadata."""
    stamp = metadata.created.isoformat(timespec="seconds")
    target.title, target.lang = metadata.title, metadata.language
    target.authors = [metadata.author] if metadata.author else []
    target.description, target.keywords = metadata.subject, list(metadata.keywords)
    target.created = target.modified = stamp
    target.generator = "e-karir"


def _attachment(engine: SimpleNamespace, item: Attachment, metadata: PdfMetadata) -> Any:
    """Return WeasyPrint's form of an attachment.

    The media type travels in the response of a one-asset fetcher: WeasyPrint guesses it from the
    file name otherwise, and has no name for a signed credential.
    """
    fetcher = engine.fetcher({item.name: (item.content, item.mime_type)})
    return engine.weasyprint.Attachment(
        url=f"asset:{item.name}",
        url_fetcher=fetcher,
        name=item.name,
        description=item.description,
        created=metadata.created,
        modified=metadata.created,
        relationship=item.relationship,
    )


def _finish(pdf: Any, finisher: Callable[[Any], None] | None) -> None:
    """Show the title in the window, list each associated file once, drop empty resources.

    The empty resources (patterns, shadings) are allowed, but keep a checker from a verdict.
    """
    catalog = pdf.catalog
    catalog["ViewerPreferences"] = "<< /DisplayDocTitle true >>"
    if "AF" in catalog:
        once = list(dict.fromkeys(catalog["AF"]))
        catalog["AF"][:] = once
    for item in pdf.objects:
        for name in ("Pattern", "Shading"):
            if isinstance(item, dict) and item.get(name) == {}:
                del item[name]
    if finisher:
        finisher(pdf)


@lru_cache(maxsize=8)
def _advances(font: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int]:
    """Return the character map, advance widths and units per em of a bundled font."""
    with TTFont(FONT_FOLDER / f"{font}.ttf") as file:
        return file.getBestCmap(), dict(file["hmtx"].metrics), file["head"].unitsPerEm


def text_width(text: str, font: str) -> float:
    """Return the width of a text in em, without kerning; a foreign character counts as one em.

    Args:
        font: file name of a bundled font without its ending, as `NotoSerif-Bold`.
    """
    names, widths, units = _advances(font)
    return sum(widths[names[ord(c)]][0] / units if ord(c) in names else 1.0 for c in text)


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    """Return the code points that at least one bundled font draws."""
    points: set[int] = set()
    for path in sorted(FONT_FOLDER.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


def missing_glyphs(text: str) -> str:
    """Return the characters of a text that no bundled font can draw, each once, in order."""
    covered = _covered()
    absent = (c for c in text if c not in _INVISIBLE and ord(c) not in covered)
    return "".join(dict.fromkeys(absent))
