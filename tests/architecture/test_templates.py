"""Templates and style sheets: they compile, carry no inline code and name no other host."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.architecture.source import ROOT, templates, tracked_files

PAGES = ROOT / "app/web/templates"
# Papers and mails are no web pages: the renderer and the mail programs know only inline styles.
OFF_SCREEN = ("emails", "pdf", "print", "certificates")
NAMESPACES = ("http://www.w3.org/",)
Check = Callable[[str], Iterator[str]]


def inline_code(text: str) -> Iterator[str]:
    """Find what the content policy would block: inline scripts, styles and handlers."""
    for match in re.finditer(r"<script(?![^>]*\bsrc=)[^>]*>", text):
        # Data for scripts is no script.
        if "application/json" not in match[0] and "application/ld+json" not in match[0]:
            yield match[0]
    yield from re.findall(r"<style\b[^>]*>", text)
    yield from re.findall(r"<[^>{}]*\s(?:style|on[a-z]+)\s*=\s*[\"'][^\"']*", text)
    yield from re.findall(r"\bhx-on[:\w-]*\s*=", text)
    yield from re.findall(r"javascript:", text)


def other_hosts(text: str) -> Iterator[str]:
    """Find addresses of other hosts in places a browser loads from."""
    loading = (
        r"(?:src|srcset|poster|data|action|hx-(?:get|post|put|delete|patch))\s*=\s*[\"']"
        r"((?:https?:)?//[^\"']+)"
    )
    yield from re.findall(loading, text)
    yield from re.findall(r"<link[^>]*href=[\"']((?:https?:)?//[^\"']+)", text)
    yield from re.findall(r"url\(\s*[\"']?((?:https?:)?//[^\"')]+)", text)
    yield from re.findall(r"@import\s+[\"']((?:https?:)?//[^\"']+)", text)


def unescaped(text: str) -> Iterator[str]:
    """Find places where text of people would reach the page as HTML; a literal cannot."""
    yield from re.findall(r"(?<!['\"\s])\s*\|\s*safe\b", text)
    yield from re.findall(r"{%-?\s*autoescape\s+false", text)


def complaints(check: Check, paths: tuple[Path, ...]) -> list[str]:
    """Return what the check finds in the files."""
    return [
        f"{path.relative_to(ROOT)}: {found}" for path in paths for found in check(path.read_text())
    ]


def web_pages() -> tuple[Path, ...]:
    """Return the templates that a browser shows."""
    return tuple(
        path
        for path in templates()
        if PAGES in path.parents
        and path.relative_to(PAGES).parts[0] not in OFF_SCREEN
        and path.suffix == ".html"
    )


def own_assets() -> tuple[Path, ...]:
    """Return our own style sheets and scripts."""
    static = ROOT / "app/web/static"
    return tuple(
        path
        for path in tracked_files()
        if static in path.parents and "vendor" not in path.parts and path.suffix in (".css", ".js")
    )


def test_pages_carry_no_inline_code() -> None:
    assert complaints(inline_code, web_pages()) == []


def test_nothing_is_loaded_from_another_host() -> None:
    assert complaints(other_hosts, (*templates(), *own_assets())) == []


def test_no_text_reaches_a_page_unescaped() -> None:
    assert complaints(unescaped, templates()) == []


def test_every_template_compiles(app: Flask) -> None:
    names = [name for name in app.jinja_env.list_templates() if name.endswith((".html", ".txt"))]

    for name in names:
        app.jinja_env.get_template(name)
    assert names


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (inline_code, "<script>alert(1)</script>"),
        (inline_code, '<div class="a" style="color: red">'),
        (inline_code, "<style>p {}</style>"),
        (inline_code, '<button onclick="go()">'),
        (inline_code, '<button hx-on:click="go()">'),
        (inline_code, '<a href="javascript:go()">'),
        (other_hosts, '<script src="https://cdn.contoh.test/a.js"></script>'),
        (other_hosts, '<link rel="stylesheet" href="//cdn.contoh.test/a.css">'),
        (other_hosts, "p { background: url(https://cdn.contoh.test/a.png) }"),
        (other_hosts, '@import "https://cdn.contoh.test/a.css";'),
        (unescaped, "{{ name | safe }}"),
    ],
)
def test_a_planted_violation_is_caught(check: Check, text: str) -> None:
    assert list(check(text))


def test_harmless_markup_is_left_alone() -> None:
    text = (
        '<script src="/static/a.js" defer></script><p class="style=on">'
        '<a href="https://jdih.go.id">peraturan</a>'
    )

    assert not list(inline_code(text))
    assert not list(other_hosts(text))
