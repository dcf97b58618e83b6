"""Certificate templates: HTML and CSS with documented variables, run in a sandbox.

A template sees texts and nothing else. It can load no other template, call no method that is not
plain text handling, build no giant, and its page reaches only the assets listed in `STATIC_ASSETS`
and the certificate's own QR code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import ChainableUndefined, StrictUndefined, Template, TemplateError, Undefined, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from app.core.pdf import text_width
from courses.certificates.codes import display_code
from courses.certificates.facts import CertificateFacts
from courses.certificates.labels import NO_END, PREDICATE_AND_SCORE, VALID_UNTIL, labels_in

FOLDER = Path(__file__).parent / "templates"
Translate = Callable[[str], str]

VARIABLES = {
    "agency": N_("Pemerintah daerah"),
    "organiser": N_("Penyelenggara"),
    "number": N_("Nomor sertifikat"),
    "holder": N_("Nama pemegang dengan gelar"),
    "holder_size": N_("Kelas ukuran huruf nama: fit1 sampai fit5"),
    "holder_unit": N_("Perangkat daerah pemegang"),
    "role": N_("Peran pemegang"),
    "title": N_("Nama kegiatan"),
    "title_size": N_("Kelas ukuran huruf nama kegiatan: fit1 sampai fit5"),
    "form": N_("Bentuk pengembangan kompetensi"),
    "period": N_("Tanggal pelaksanaan"),
    "place": N_("Tempat pelaksanaan"),
    "jp": N_("Jumlah JP"),
    "result": N_("Predikat dan nilai"),
    "note": N_("Catatan tentang pemegang"),
    "signatories": N_("Penanda tangan: name, position"),
    "topics": N_("Materi: name, jp"),
    "topics_jp": N_("Jumlah JP seluruh materi"),
    "competencies": N_("Kompetensi: name, level"),
    "issued_line": N_("Tempat dan tanggal terbit"),
    "validity": N_("Masa berlaku"),
    "check_address": N_("Alamat pemeriksaan"),
    "code": N_("Kode verifikasi"),
    "language": N_("Bahasa sertifikat"),
    "label": N_("Teks tetap dalam bahasa sertifikat"),
}
ESSENTIALS = ("number", "holder", "title", "code")

_FILTERS = frozenset(
    "abs capitalize count default d e escape first float int join last length list lower "
    "max min reverse round sort sum title trim unique upper".split()
)
_MAX_HTML = 1_000_000
_FITS = (("fit1", 29), ("fit2", 24), ("fit3", 19), ("fit4", 15), ("fit5", 12))
_TITLE_FITS = (("fit1", 17), ("fit2", 15), ("fit3", 13), ("fit4", 11.5), ("fit5", 10))


@dataclass(frozen=True)
class TemplateSource:
    """The text of a template version."""

    html: str
    css: str
    name: str = "default"


class _Visible(ChainableUndefined):
    """An unknown variable that shows its name on the preview instead of vanishing."""

    def __str__(self) -> str:
        return f"⟦{self._undefined_name}?⟧"

    __html__ = __str__

    def __getattr__(self, name: str) -> "_Visible":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Visible(name=f"{self._undefined_name}.{name}")

    def __getitem__(self, name: object) -> "_Visible":  # type: ignore[override]
        return _Visible(name=f"{self._undefined_name}.{name}")


class _Sandbox(ImmutableSandboxedEnvironment):
    """A sandbox without loops over giants: repetition and powers are refused, filters are few."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Multiply numbers only, so that no text can be blown up."""
        if operator != "*" or not all(isinstance(v, int | float | Decimal) for v in (left, right)):
            raise SecurityError(f"operator {operator} is not allowed here")
        return super().call_binop(context, operator, left, right)


def _environment(undefined: type[Undefined]) -> _Sandbox:
    """Return an environment with escaping on and no loader."""
    environment = _Sandbox(autoescape=True, undefined=undefined, loader=None)
    environment.filters = {n: f for n, f in environment.filters.items() if n in _FILTERS}
    environment.globals = {}
    return environment


@lru_cache(maxsize=32)
def _compiled(html: str, visible: bool) -> Template:
    """Return the compiled template; batches and previews use the same text again and again."""
    return _environment(_Visible if visible else StrictUndefined).from_string(html)


@lru_cache(maxsize=1)
def default_template() -> TemplateSource:
    """Return the template that comes with the application."""
    return TemplateSource(
        html=(FOLDER / "default.html").read_text("utf-8"),
        css=(FOLDER / "default.css").read_text("utf-8"),
    )


@lru_cache(maxsize=1)
def static_assets() -> dict[str, tuple[bytes, str]]:
    """Return the drawings that every template may use, by name."""
    return {p.name: (p.read_bytes(), "image/svg+xml") for p in sorted(FOLDER.glob("*.svg"))}


def fill(
    source: TemplateSource,
    facts: CertificateFacts,
    *,
    translate: Translate = str,
    preview: bool = False,
    overrides: Mapping[str, Any] | None = None,
) -> str:
    """Return the HTML of a certificate.

    Args:
        source: the template.
        facts: the printed fields; every text is escaped.
        translate: turns an Indonesian label into the certificate's language.
        preview: show unknown variables by name and mark the page as not valid.
        overrides: values that replace variables, for a template's own samples.

    Raises:
        InvalidInput: if the template is broken or asks for something it may not have.
    """
    values = {**variables(facts, translate), **(overrides or {})}
    try:
        parts, size = [], 0
        for part in _compiled(source.html, preview).generate(values):
            size += len(part)
            if size > _MAX_HTML:
                raise SecurityError("the page is too long")
            parts.append(part)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise InvalidInput(
            Message(N_("Templat sertifikat tidak dapat dipakai: %(reason)s"), {"reason": error}),
            field="html",
        ) from error
    html = "".join(parts)
    if preview:
        mark = f'<p class="preview">{values["label"]["preview"]}</p>'
        html = html.replace("</section>", f"{mark}</section>", 1)
    return html


def missing_essentials(source: TemplateSource) -> list[str]:
    """Return the fields that every certificate must print and this template does not use.

    Raises:
        InvalidInput: if the template cannot be read.
    """
    used = used_variables(source)
    missing = [name for name in ESSENTIALS if name not in used]
    return missing if "asset:qr.png" in source.html else [*missing, "qr"]


def used_variables(source: TemplateSource) -> set[str]:
    """Return the variables that a template asks for.

    Raises:
        InvalidInput: if the template cannot be read.
    """
    try:
        return meta.find_undeclared_variables(_environment(Undefined).parse(source.html))
    except TemplateError as error:
        raise InvalidInput(
            Message(N_("Templat sertifikat tidak dapat dipakai: %(reason)s"), {"reason": error}),
            field="html",
        ) from error


def variables(facts: CertificateFacts, translate: Translate = str) -> dict[str, Any]:
    """Return the values of `VARIABLES` as they are printed."""
    return {
        "agency": facts.agency,
        "organiser": facts.organiser,
        "number": facts.number,
        "holder": facts.holder,
        "holder_size": fit_class(facts.holder, _FITS, width_mm=226),
        "holder_unit": facts.holder_unit,
        "role": translate(facts.role.label),
        "title": facts.title,
        "title_size": fit_class(facts.title, _TITLE_FITS, width_mm=222),
        "form": facts.form,
        "period": period(facts.starts_on, facts.ends_on, facts.language),
        "place": facts.place,
        "jp": number(facts.jp, facts.language),
        "result": result(facts, translate),
        "note": facts.note,
        "signatories": [{"name": s.name, "position": s.position} for s in facts.signatories],
        "topics": [{"name": t.name, "jp": number(t.jp, facts.language)} for t in facts.topics],
        "topics_jp": number(sum((t.jp for t in facts.topics), Decimal(0)), facts.language),
        "competencies": [{"name": c.name, "level": c.level} for c in facts.competencies],
        "issued_line": ", ".join(
            part for part in (facts.issued_at, long_date(facts.issued_on, facts.language)) if part
        ),
        "validity": validity(facts, translate),
        "check_address": facts.base_url.partition("://")[2] + "/s",
        "code": display_code(facts.code),
        "language": facts.language,
        "label": labels_in(translate),
    }


def fit_class(text: str, fits: tuple[tuple[str, float], ...], *, width_mm: float) -> str:
    """Return the largest size class in which a text stays on one line, or in two if none does."""
    em = text_width(text, "NotoSerif-Bold")
    points = width_mm / 25.4 * 72 * 0.97
    for lines in (1, 1.9):
        for name, size in fits[:3] if lines == 1 else fits[2:]:
            if em * size <= points * lines:
                return name
    return fits[-1][0]


def long_date(day: date, language: str) -> str:
    """Return a date in words: 24 November 2026."""
    return str(format_date(day, "d MMMM y", locale=language))


def period(starts_on: date, ends_on: date, language: str) -> str:
    """Return a span of days without repeating what both share."""
    last = long_date(ends_on, language)
    if starts_on == ends_on:
        return last
    if (starts_on.year, starts_on.month) == (ends_on.year, ends_on.month):
        return f"{starts_on.day}–{last}"
    pattern = "d MMMM" if starts_on.year == ends_on.year else "d MMMM y"
    return f"{format_date(starts_on, pattern, locale=language)} – {last}"


def number(value: Decimal, language: str) -> str:
    """Return a number with the language's decimal sign and no closing zeros."""
    return str(format_decimal(value, locale=language))


def result(facts: CertificateFacts, translate: Translate) -> str:
    """Return predicate and score, or one of them, or an empty text."""
    score = "" if facts.score is None else number(facts.score, facts.language)
    if facts.predicate and score:
        return translate(PREDICATE_AND_SCORE) % {"predicate": facts.predicate, "score": score}
    return facts.predicate or score


def validity(facts: CertificateFacts, translate: Translate) -> str:
    """Return until when the certificate is valid, in words."""
    if facts.valid_until is None:
        return translate(NO_END)
    day = long_date(facts.valid_until, facts.language)
    return translate(VALID_UNTIL) % {"date": day}
