"""Templates: what they may do, what they can never reach, and how a name is printed."""

import io
import socket
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest

from app.core import pdf
from app.core.errors import InvalidInput
from courses.certificates.facts import CertificateFacts
from courses.certificates.keystore import KeyStore
from courses.certificates.page_text import printed_pages
from courses.certificates.render import Renderer, SealSigner
from courses.certificates.template import (
    ESSENTIALS,
    VARIABLES,
    TemplateSource,
    default_template,
    fill,
    fit_class,
    missing_essentials,
    period,
    validity,
    variables,
)
from tests.courses.certificates.samples import LONG_NAME, facts_of
from tests.courses.certificates.test_pdf_conformance import verdict

CANARY = "KENARI-7d1f"


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "rahasia.txt"
    path.write_text(CANARY)
    return path


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """Return the address of a local server, and what was asked of it."""
    server = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            asked.append(connection.recv(200))
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
    server.close()


def rendered(store: KeyStore, source: TemplateSource, facts: CertificateFacts) -> bytes:
    renderer = Renderer(SealSigner(store.seal_key, store.seal), template=source)
    return renderer.render(facts, preview=True, compressed=False)


def attack(address: str) -> TemplateSource:
    """Return a template that tries every way to fetch an address."""
    html = f"""<!DOCTYPE html><html><head>
      <base href="{address}"><link rel="attachment" href="{address}">
      <link rel="stylesheet" href="{address}"><style>@import url({address});</style></head>
      <body style="background: url({address})"><section>{{{{ holder }}}}
      <img src="{address}"><img src="relative.png"><iframe src="{address}"></iframe>
      <object data="{address}"></object><embed src="{address}">
      <a rel="attachment" href="{address}">x</a>
      <svg><image href="{address}"/><use href="{address}#a"/></svg>
      <img src="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg'&gt;&lt;image
        href='{address}'/&gt;&lt;/svg&gt;"></section></body></html>"""
    css = f"""@import url({address}); @font-face {{ font-family: a; src: url({address}) }}
      body {{ font-family: a; background: url("{address}"); cursor: url({address}) }}
      section::before {{ content: url({address}) }} li {{ list-style: url({address}) }}"""
    return TemplateSource(html, css, "attack")


def test_a_template_can_never_read_a_file(store: KeyStore, canary: Path) -> None:
    data = rendered(store, attack(canary.as_uri()), facts_of())

    assert CANARY.encode() not in data
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.attachments) == 0


def test_a_template_can_never_reach_a_host(
    store: KeyStore, listener: tuple[str, list[bytes]]
) -> None:
    address, asked = listener

    rendered(store, attack(address), facts_of())

    assert asked == []


def test_a_name_that_is_a_page_is_printed_as_text(
    renderer: Renderer, canary: Path, listener: tuple[str, list[bytes]]
) -> None:
    address, asked = listener
    name = f'<img src="{address}"><link rel=attachment href="{canary.as_uri()}">{{{{7*7}}}}'

    data = renderer.render(facts_of(holder=name), compressed=False)

    with pikepdf.open(io.BytesIO(data)) as document:
        text = "".join("".join(page) for page in printed_pages(document))
    assert "<img src=" in text.replace("\n", "") and "{{7*7}}" in text
    assert asked == [] and CANARY.encode() not in data


@pytest.mark.parametrize(
    "html",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ holder.__init__.__globals__ }}",
        "{{ holder.format.__globals__ }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 10 ** 100000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ holder|safe }}",
        "{{ holder|center(100000000) }}",
        "{% include 'default.html' %}",
        "{% import 'os' as os %}",
        "{% for a in range(1) %}{% endfor %}",
        "{% for a in topics %}{% for b in holder %}",
        "{{ unknown }}",
        "{{ holder",
        "{% set x = [] %}{{ x.append(1) }}",
        "{{ topics.clear() }}",
    ],
)
def test_a_template_that_breaks_or_breaks_out_is_told(html: str) -> None:
    with pytest.raises(InvalidInput, match="Templat sertifikat tidak dapat dipakai"):
        fill(TemplateSource(html, ""), facts_of())


def test_a_template_cannot_grow_without_end() -> None:
    loops = "{% for a in holder %}" * 4 + "xxxxxxxxxx" + "{% endfor %}" * 4

    with pytest.raises(InvalidInput):
        fill(TemplateSource(loops, ""), facts_of(holder=LONG_NAME))


def test_a_wrong_variable_shows_on_the_preview() -> None:
    html = fill(TemplateSource("<section>{{ nama }} {{ a.b }}</section>", ""), facts_of(),
                preview=True)  # fmt: skip

    assert "⟦nama?⟧" in html and "⟦a.b?⟧" in html
    assert "PRATINJAU" in html


def test_a_preview_carries_no_seal_and_no_credential(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(facts_of(), preview=True))) as document:
        assert len(document.attachments) == 0


def test_every_variable_is_documented_and_given() -> None:
    assert set(variables(facts_of())) == set(VARIABLES)


def test_the_default_template_prints_what_every_certificate_must() -> None:
    assert missing_essentials(default_template()) == []
    assert missing_essentials(TemplateSource("{{ holder }}", "")) == [
        *(name for name in ESSENTIALS if name != "holder"),
        "qr",
    ]


def test_essentials_of_a_broken_template_are_refused() -> None:
    with pytest.raises(InvalidInput):
        missing_essentials(TemplateSource("{% if %}", ""))


@pytest.mark.parametrize("letters", ["漢字", "ខ្មែរ", "\U0001f600"])
def test_a_letter_without_a_font_is_told_and_never_an_empty_box(
    renderer: Renderer, letters: str
) -> None:
    with pytest.raises(InvalidInput, match="tidak dapat dicetak") as caught:
        renderer.render(facts_of(holder=f"Contoh {letters}"))

    assert caught.value.field == "holder"


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "Çağla Öztürk", "Ṣāliḥ", "محمد", "Ni'mah–O’B"])
def test_letters_of_real_names_are_drawn(name: str) -> None:
    assert pdf.missing_glyphs(name) == ""


def test_a_longer_name_never_gets_larger_letters() -> None:
    fits = (("a", 29), ("b", 24), ("c", 19), ("d", 15), ("e", 12))
    classes = [fit_class("Mm" * n, fits, width_mm=226) for n in range(1, 100)]

    assert classes == sorted(classes)
    assert classes[0] == "a" and classes[-1] == "e"


def test_dates_and_numbers_follow_the_language() -> None:
    facts = facts_of(language="en", jp=Decimal("7.5"))

    assert variables(facts)["jp"] == "7.5"
    assert variables(facts_of(jp=Decimal("7.5")))["jp"] == "7,5"
    assert period(facts.starts_on, facts.ends_on, "id") == "5–9 Oktober 2026"
    assert period(facts.starts_on, facts.issued_on.replace(month=11), "id") == (
        "5 Oktober – 12 November 2026"
    )
    assert period(facts.starts_on, facts.issued_on.replace(year=2027), "en") == (
        "5 October 2026 – 12 October 2027"
    )
    assert validity(facts_of(valid_until=None), str) == "Berlaku tanpa batas waktu"


def test_labels_are_translated_by_the_caller() -> None:
    words = {"Diberikan kepada": "Awarded to", "Peserta": "Participant"}

    html = fill(default_template(), facts_of(), translate=lambda text: words.get(text, text))

    assert "Awarded to" in html and "Participant" in html


def test_a_font_that_is_not_there_is_replaced_by_a_bundled_one(store: KeyStore) -> None:
    source = TemplateSource(
        default_template().html,
        default_template().css.replace('"Noto Serif"', '"Huruf Yang Tidak Ada"'),
        "font",
    )
    data = Renderer(SealSigner(store.seal_key, store.seal), template=source).render(facts_of())

    with pikepdf.open(io.BytesIO(data)) as document:
        fonts = {
            str(font.BaseFont).partition("+")[2]
            for page in document.pages
            for font in page.resources.Font.as_dict().values()
        }
    assert fonts and all(name.startswith("Noto") for name in fonts)
    assert verdict(data) == ("pass", [])
