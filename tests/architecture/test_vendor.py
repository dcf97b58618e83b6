"""Vendored front-end files are exactly the listed ones, with version and licence."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

VENDOR = ROOT / "app/web/static/vendor"
LISTS = {"manifest.json", "icons.txt"}


def differences(folder: Path) -> list[str]:
    """Compare the files of a vendor folder with its manifest."""
    packages = json.loads((folder / "manifest.json").read_text())["packages"]
    listed = {
        f"{package['folder']}/{name}": digest
        for package in packages
        for name, digest in package["files"].items()
    }
    present = {
        path.relative_to(folder).as_posix(): sum_of(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name not in LISTS
    }
    return sorted(name for name in listed | present if listed.get(name) != present.get(name))


def sum_of(path: Path) -> str:
    """Return the sum in the notation of Subresource Integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def test_the_files_are_those_of_the_manifest() -> None:
    assert differences(VENDOR) == []


def test_every_package_names_version_and_licence() -> None:
    for package in json.loads((VENDOR / "manifest.json").read_text())["packages"]:
        assert package["version"] in package["folder"]
        assert package["licence"]
        assert "LICENSE" in package["files"]


@pytest.mark.parametrize("content", ["changed", None])
def test_a_changed_or_missing_file_is_caught(tmp_path: Path, content: str | None) -> None:
    (tmp_path / "kit-1").mkdir()
    file = tmp_path / "kit-1/kit.js"
    file.write_text("original")
    package = {"folder": "kit-1", "files": {"kit.js": sum_of(file)}}
    (tmp_path / "manifest.json").write_text(json.dumps({"packages": [package]}))
    assert differences(tmp_path) == []

    file.write_text(content) if content else file.unlink()

    assert differences(tmp_path) == ["kit-1/kit.js"]
