"""What is written about the code agrees with it, and the repository stands alone."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules, tracked_files

# Indonesian words that code keeps; each is explained in the glossary.
KEPT = (
    "nip", "opd", "golongan", "pangkat", "jabatan", "eselon", "skp", "skj", "jp", "kotak",
    "pns", "pppk", "siasn", "spbe", "jpt", "administrator", "pengawas", "pelaksana",
    "fungsional", "teknis", "manajerial", "sosial_kultural",
)  # fmt: skip
# Folders and machines of whoever worked on it do not belong into what others read.
STRANGE = (
    r"/work/",
    r"(?:^|[\s\"'(=])/home/\w+/",
    r"(?:^|[\s\"'(=])/Users/\w+/",
    r"\.\./shared/",
    r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY",
    r"<<<<<<< |>>>>>>> ",
)
TEXT = {".py", ".md", ".html", ".txt", ".css", ".js", ".toml", ".yaml", ".yml", ".sh", ".po",
        ".csv", ".json", ".cfg", ".ini", ".in", ".example", ""}  # fmt: skip


def strange_words(text: str) -> list[str]:
    """Return what names a place outside the repository."""
    return [found for pattern in STRANGE for found in re.findall(pattern, text, re.MULTILINE)]


def own_text_files() -> list[Path]:
    """Return the text files we wrote; vendored ones and this list itself left out."""
    return [
        path
        for path in tracked_files()
        if path.suffix in TEXT and "vendor" not in path.parts and path != Path(__file__)
    ]


def unfinished(text: str) -> list[str]:
    """Return marks of work that was put off."""
    return re.findall(r"#\s*(?:TODO|FIXME|XXX|HACK)\b.*|NotImplementedError\(\)", text)


def test_every_kept_term_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glosarium.md").read_text().lower()

    assert [term for term in KEPT if f"`{term}`" not in glossary and term not in glossary] == []


def test_the_repository_stands_alone() -> None:
    found = {
        path.relative_to(ROOT).as_posix(): strange_words(_read(path)) for path in own_text_files()
    }

    assert {path: words for path, words in found.items() if words} == {}


def test_nothing_is_left_unfinished() -> None:
    found = {module.path: unfinished(module.text) for module in modules()}

    assert {path: marks for path, marks in found.items() if marks} == {}


def test_every_setting_is_in_the_example() -> None:
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (ROOT / "config.py").read_text()))
    listed = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read
    assert read - listed == set()


def test_every_make_target_has_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (\S+)", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))

    assert phony - explained == {"setup-dev"}


@pytest.mark.parametrize("script", ["deploy/setup.sh", "deploy/system_packages.sh", ".ci/run"])
def test_shell_scripts_parse_and_can_run(script: str) -> None:
    path = ROOT / script

    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


@pytest.mark.parametrize(
    "text", ["see /work/main", "in ../shared/x", "/home/someone/x", "<<<<<<< a"]
)
def test_a_planted_strange_word_is_caught(text: str) -> None:
    assert strange_words(text)


def test_a_planted_mark_is_caught() -> None:
    assert unfinished("x = 1  # TODO later")


def _read(path: Path) -> str:
    return path.read_text(errors="replace")
