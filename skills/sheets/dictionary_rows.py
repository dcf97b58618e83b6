"""Rows of a file of the dictionary: what they say, and what is wrong, alone or together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.i18n import N_, Message
from skills.enums import CompetencyKind
from skills.sheets.cells import SheetRow

ROW_KINDS = ("framework", "area", "competency")
ROW_WORDS = {"framework": "kamus", "area": "bidang", "competency": "kompetensi"}
STATE_WORDS = {"draft": "draf lokal", "in_force": "berlaku", "retired": "tidak dipakai"}
_ROW_OF = {word: kind for kind, word in ROW_WORDS.items()} | {kind: kind for kind in ROW_KINDS}
_STATE_OF = {word: kind for kind, word in STATE_WORDS.items()} | {k: k for k in STATE_WORDS}
_LEVELS = tuple(f"level_{level}" for level in range(1, 6))
_USUAL: Mapping[str, Any] = {
    "name": "",
    "name_en": "",
    "kind": "",
    "definition": "",
    "parent": "",
    "two_stage": False,
    "months": None,
    "keywords": (),
    **dict.fromkeys(_LEVELS, ()),
    "mappings": (),
    "state": "draft",
}
_OF_FRAMEWORK = ("name", "name_en", "kind", "definition", "state")


@dataclass(frozen=True)
class Entry:
    """A row of the dictionary: its kind, its code, and all values after the import."""

    row_kind: str
    code: str
    values: dict[str, Any]


def read_entry(row: SheetRow, present: Mapping[str, Any] | None) -> Entry:
    """Return what a row says; findings are noted at the row.

    Args:
        present: the values now, or None for something new; columns left out keep them.
    """
    kind = _ROW_OF.get(row.text("row_kind").casefold() or "competency", "")
    if not kind:
        row.fault("row_kind", Message(N_("Isi kamus, bidang, atau kompetensi.")))
        kind = "competency"
    code = row.text("code", 30)
    if not code or any(sign.isspace() for sign in code):
        row.fault("code", Message(N_("Kode wajib diisi, tanpa spasi, paling panjang 30 huruf.")))
    if present is not None and present["row_kind"] != kind:
        row.fault("row_kind", Message(N_("Kode ini sudah dipakai untuk jenis baris lain.")))
    names = _OF_FRAMEWORK if kind == "framework" else tuple(_USUAL)
    values = {name: _value(row, name, present) for name in names}
    values |= {"framework": row.text("framework", 30) or code, "code": code, "row_kind": kind}
    if present is not None and present["framework"] != values["framework"]:
        row.fault("framework", Message(N_("Kode ini milik kamus lain.")))
    _check(row, kind, values)
    return Entry(kind, code, values)


def _value(row: SheetRow, name: str, present: Mapping[str, Any] | None) -> Any:
    usual = (present or _USUAL).get(name, _USUAL[name])
    if not row.has(name):
        return usual
    if name in (*_LEVELS, "keywords", "mappings"):
        return row.lines(name)
    if name == "two_stage":
        return row.flag(name)
    if name == "months":
        return _months(row)
    if name == "state":
        return _state(row, usual)
    if name == "kind":
        return row.text(name).upper().replace(" ", "_") or usual
    return row.text(name, 200 if name.startswith("name") else 10_000)


def _months(row: SheetRow) -> int | None:
    word = row.text("months")
    if not word:
        return None
    if not word.isdecimal() or not 1 <= int(word) <= 240:
        row.fault("months", Message(N_("Masa berlaku bukti antara 1 dan 240 bulan.")))
        return None
    return int(word)


def _state(row: SheetRow, usual: str) -> str:
    word = row.text("state").casefold()
    if word and word not in _STATE_OF:
        row.fault("state", Message(N_("Isi draf lokal, berlaku, atau tidak dipakai.")))
    return _STATE_OF.get(word, usual)


def _check(row: SheetRow, kind: str, values: Mapping[str, Any]) -> None:
    if not values["name"]:
        row.fault("name", Message(N_("Wajib diisi.")))
    if values["kind"] not in set(CompetencyKind):
        text = N_("Jenis tidak dikenal; isi salah satu: %(names)s.")
        row.fault("kind", Message(text, {"names": ", ".join(CompetencyKind)}))
    if kind != "competency":
        return
    for level, name in enumerate(_LEVELS, start=1):
        if not values[name]:
            text = N_("Level %(level)s belum memiliki perilaku; isi paling sedikit satu.")
            row.fault(name, Message(text, {"level": level}))
    for text_of in values["mappings"]:
        if len(text_of.split(":", 2)) < 3:
            row.fault("mappings", Message(N_("Tulis padanan sebagai kerangka:kode:nama.")))


def mapping_parts(text: str) -> tuple[str, str, str]:
    """Return framework, code and name of a mapping as a file writes it."""
    scheme, code, name = text.split(":", 2)
    return scheme.strip()[:60], code.strip()[:60], name.strip()[:250]


def check_together(
    rows: Sequence[SheetRow],
    entries: Sequence[Entry],
    known: Collection[str],
    frameworks: Collection[str],
) -> None:
    """Note what is wrong between rows: a code twice, an unknown parent or framework, a cycle."""
    seen: dict[tuple[bool, str], int] = {}
    made = {entry.code for entry in entries if entry.row_kind == "framework"} | set(frameworks)
    areas = {entry.code for entry in entries if entry.row_kind == "area"}
    for row, entry in zip(rows, entries, strict=True):
        key = (entry.row_kind == "framework", entry.code)
        if (first := seen.setdefault(key, row.number)) != row.number:
            row.fault("code", Message(N_("Sama dengan baris %(row)s."), {"row": first}))
        if entry.values["framework"] not in made:
            row.fault("framework", Message(N_("Kamus ini tidak dikenal.")))
        parent = entry.values.get("parent")
        if parent and parent not in areas and parent not in known:
            row.fault("parent", Message(N_("Kode induk ini tidak dikenal.")))
    above = {entry.code: entry.values.get("parent") or "" for entry in entries}
    for row, entry in zip(rows, entries, strict=True):
        if _in_circle(entry.code, above):
            row.fault("parent", Message(N_("Susunan ini melingkar.")))


def _in_circle(code: str, above: Mapping[str, str]) -> bool:
    seen, following = {code}, above.get(code, "")
    while following in above and following not in seen:
        seen.add(following)
        following = above[following]
    return following == code


def plain(value: Any) -> Any:
    """Return a value as the kept JSON holds it and people read it."""
    return "\n".join(value) if isinstance(value, tuple) else value
