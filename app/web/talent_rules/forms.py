"""From what was typed to rows of a table of rules; the checks are those of the service."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.errors import InvalidInput
from matching.services.rule_checks import number_of

Form = MultiDict[str, str]
Rows = list[dict[str, Any]]
EMPTY_LINES = 2  # for new criteria
LONGEST_NAME = 120


def rows_from(code: str, base: Rows, form: Form) -> Rows:
    """Return the rows of a table as the form changes those in force."""
    return _READERS[code](base, form)


def _values(base: Rows, form: Form) -> Rows:
    return [{**row, "value": _tidy(form.get(row["code"], str(row["value"])))} for row in base]


def _tidy(text: str) -> str:
    """Return a number in its shortest form, and anything else as it was typed."""
    try:
        return f"{number_of(text, field=''):g}"
    except InvalidInput:
        return text.strip()


def _texts(base: Rows, form: Form) -> Rows:
    def clean(text: str) -> str:
        return "\n".join(line.strip() for line in text.strip().splitlines())

    return [{**row, "value": clean(form.get(row["code"], str(row["value"])))} for row in base]


def _criteria(base: Rows, form: Form) -> Rows:
    """Read the lines that have a name; a line whose name was cleared is left out."""
    known = {str(row["code"]): row for row in base}
    found: Rows = []
    for at in range(len(base) + EMPTY_LINES):
        name = " ".join(form.get(f"name-{at}", "").split())[:LONGEST_NAME]
        if not name:
            continue
        other = " ".join(form.get(f"name_en-{at}", "").split())[:LONGEST_NAME]
        code = form.get(f"code-{at}", "")
        if code not in known:
            code = re.sub(r"[^A-Z0-9]+", "_", (other or name).upper()).strip("_")[:30] or "KRITERIA"
        row = {
            "source": "",
            **known.get(code, {}),
            "code": code,
            "name": name,
            "name_en": other,
            "weight": _tidy(form.get(f"weight-{at}", "")),
        }
        found.append(row)
    return [{**row, "position": str(at)} for at, row in enumerate(found, start=1)]


def _methods(base: Rows, form: Form) -> Rows:
    """Change the method that the form names, or keep it and add what the form says as another.

    A new default takes the place of the old one.
    """
    chosen, default = form.get("method", ""), form.get("default") == "1"
    added = form.get("new_code", "").strip().upper()
    rows = [_method(row, form) if row["code"] == chosen and not added else {**row} for row in base]
    if added:
        like = next((row for row in base if row["code"] == chosen), base[0])
        rows.append({**_method(like, form), "code": added, "default": default, "note": ""})
    this = added or chosen
    return [
        {**row, "default": bool(row["default"]) and not (default and row["code"] != this)}
        for row in rows
    ]


def _method(row: Mapping[str, Any], form: Form) -> dict[str, Any]:
    def weights(axis: str) -> dict[str, Any]:
        old = row[f"{axis}_weights"]
        return {code: _number(form.get(f"{axis}-{code}", str(old[code]))) for code in old}

    return {
        **row,
        "name_id": " ".join(form.get("name_id", row["name_id"]).split())[:LONGEST_NAME],
        "name_en": " ".join(form.get("name_en", row["name_en"]).split())[:LONGEST_NAME],
        "numbering": form.get("numbering", row["numbering"]),
        "performance_from": form.get("performance_from", row["performance_from"]),
        "cuts": {name: _number(form.get(name, "")) for name in ("middle", "high")},
        "performance_weights": weights("performance"),
        "potential_weights": weights("potential"),
        "skp_years": form.get("skp_years", 0, type=int),
        "pool_boxes": sorted(set(form.getlist("pool_boxes", type=int))),
        "default": form.get("default") == "1" or bool(row["default"]),
    }


def _number(text: str) -> Any:
    """Return a number, whole where it is, and anything else as it was typed."""
    try:
        number = number_of(text, field="")
    except InvalidInput:
        return text
    return int(number) if number.is_integer() else number


_READERS: Mapping[str, Callable[[Rows, Form], Rows]] = {
    "scoring_rules": _values,
    "process_rules": _values,
    "letter": _texts,
    "panel_criteria": _criteria,
    "nine_box_methods": _methods,
}
