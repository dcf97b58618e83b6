"""Copy the pinned front-end files from node_modules into the static folder.

Needed only to refresh them: `npm ci --ignore-scripts && python scripts/vendor_assets.py`.
The copies are committed, so running and testing the platform needs neither Node nor a network.
"""

import base64
import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "app" / "web" / "static" / "vendor"
SPRITE = "icons.svg"
ICON_LIST = VENDOR / "icons.txt"

# package -> (folder name, licence, files to copy as (source, target))
PACKAGES: dict[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "bootstrap": (
        "bootstrap",
        "MIT",
        (("dist/css/bootstrap.min.css", "bootstrap.min.css"), ("LICENSE", "LICENSE")),
    ),
    "htmx.org": (
        "htmx",
        "0BSD",
        (("dist/htmx.min.js", "htmx.min.js"), ("LICENSE", "LICENSE")),
    ),
    "jsqr": ("jsqr", "Apache-2.0", (("dist/jsQR.js", "jsQR.js"), ("LICENSE", "LICENSE"))),
    "bootstrap-icons": ("bootstrap-icons", "MIT", (("LICENSE", "LICENSE"),)),
    "@fontsource-variable/plus-jakarta-sans": (
        "plus-jakarta-sans",
        "OFL-1.1",
        (
            ("files/plus-jakarta-sans-latin-wght-normal.woff2", "latin-wght-normal.woff2"),
            ("files/plus-jakarta-sans-latin-ext-wght-normal.woff2", "latin-ext-wght-normal.woff2"),
            ("LICENSE", "LICENSE"),
        ),
    ),
}


def sha384(path: Path) -> str:
    """Return the sum of a file in the notation of Subresource Integrity."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def cut_sprite(source: Path, names: list[str]) -> str:
    """Return an SVG sprite with one symbol per icon name."""
    symbols = []
    for name in names:
        text = (source / f"{name}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", text, re.DOTALL)
        if body is None:
            raise ValueError(f"{name}: not an SVG")
        inner = " ".join(body.group(1).split())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def copy_package(modules: Path, package: str) -> dict[str, object]:
    """Copy one package into its versioned folder and describe it for the manifest."""
    folder, licence, files = PACKAGES[package]
    source = modules / package
    version = json.loads((source / "package.json").read_text(encoding="utf-8"))["version"]
    for old in VENDOR.glob(f"{folder}-[0-9]*"):
        shutil.rmtree(old)
    target = VENDOR / f"{folder}-{version}"
    target.mkdir(parents=True)
    for origin, name in files:
        shutil.copyfile(source / origin, target / name)
    if package == "bootstrap-icons":
        names = ICON_LIST.read_text(encoding="utf-8").split()
        (target / SPRITE).write_text(cut_sprite(source / "icons", names), encoding="utf-8")
    sums = {path.name: sha384(path) for path in sorted(target.iterdir())}
    return {
        "package": package,
        "version": version,
        "licence": licence,
        "folder": target.name,
        "files": sums,
    }


def main() -> int:
    """Refresh every vendored package and write the manifest."""
    modules = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "node_modules"
    entries = [copy_package(modules, package) for package in sorted(PACKAGES)]
    text = json.dumps({"packages": entries}, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "manifest.json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
