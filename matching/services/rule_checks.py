"""What may stand in the tables of rules; each check names the field that is wrong."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from matching.services.letters import check_pattern
from matching.services.reference_sets import Rows, shipped_rows

MOST_TEXT = 2000
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")


def check_values(code: str, rows: Rows) -> None:
    """Check a table of numbers against the range of each, and numbers that belong together.

    Raises:
        InvalidInput: outside its range, or two in the wrong order.
    """
    ranges = {row["code"]: row for row in shipped_rows(code)}
    value = {}
    for row in rows:
        number = number_of(row["value"], field=row["code"])
        least, most = (float(ranges[row["code"]][side]) for side in ("least", "most"))
        if not least <= number <= most:
            facts: dict[str, object] = {"least": f"{least:g}", "most": f"{most:g}"}
            raise InvalidInput(
                Message(N_("Isi antara %(least)s dan %(most)s."), facts), field=row["code"]
            )
        value[row["code"]] = number
    for upper, lower in _ORDERED:
        if upper in value and value[upper] <= value[lower]:
            raise InvalidInput(N_("Harus lebih besar daripada batas di bawahnya."), field=upper)


_ORDERED = (
    ("cut_meets", "cut_near"),
    ("age_band_second", "age_band_first"),
    ("age_band_third", "age_band_second"),
    ("remind_first", "remind_second"),
    ("remind_second", "remind_third"),
)


def check_criteria(rows: Rows) -> None:
    """Check the criteria of panels.

    Raises:
        InvalidInput: none, one without a name, a weight that is not positive, or a code twice.
    """
    if not rows:
        raise InvalidInput(N_("Sisakan sedikitnya satu kriteria."), field="name-0")
    for at, row in enumerate(rows):
        if not row["name"] or not row["name_en"]:
            raise InvalidInput(N_("Isi nama dalam kedua bahasa."), field=f"name-{at}")
        if not 0 < number_of(row["weight"], field=f"weight-{at}") <= 100:
            raise InvalidInput(N_("Isi bobot di atas 0 sampai 100."), field=f"weight-{at}")
    if len({row["code"] for row in rows}) < len(rows):
        raise InvalidInput(N_("Dua kriteria memiliki nama yang sama."), field="name-0")


def check_methods(rows: Rows) -> None:
    """Check the methods of the nine boxes.

    Raises:
        InvalidInput: cuts out of order, an axis without weight, years or boxes that are none.
    """
    codes = [str(row["code"]) for row in rows]
    if len(set(codes)) < len(codes) or not all(_CODE.fullmatch(code) for code in codes):
        raise InvalidInput(
            N_("Pakai kode lain: 3 sampai 40 huruf besar, angka, atau tanda hubung."),
            field="new_code",
        )
    for row in rows:
        if not row["name_id"] or not row["name_en"]:
            raise InvalidInput(N_("Isi nama dalam kedua bahasa."), field="name_id")
        if row["performance_from"] not in ("POINTS", "PREDICATE"):
            raise InvalidInput(N_("Pilihan ini tidak tersedia."), field="performance_from")
        cuts = {name: number_of(row["cuts"][name], field=name) for name in ("middle", "high")}
        if not 0 < cuts["middle"] < cuts["high"] <= 100:
            raise InvalidInput(
                N_("Ambang tinggi harus di atas ambang menengah, keduanya 1 sampai 100."),
                field="high",
            )
        for axis in ("performance", "potential"):
            _check_weights(row[f"{axis}_weights"], axis)
        if not 1 <= int(row["skp_years"]) <= 5:
            raise InvalidInput(N_("Isi 1 sampai 5 tahun."), field="skp_years")
        if not row["pool_boxes"] or set(row["pool_boxes"]) - set(range(1, 10)):
            raise InvalidInput(N_("Pilih paling sedikit satu kotak."), field="pool_boxes")
    if sum(bool(row["default"]) for row in rows) != 1:
        raise InvalidInput(N_("Tepat satu cara menjadi bawaan."), field="default")


def _check_weights(weights: Mapping[str, Any], axis: str) -> None:
    for code, weight in weights.items():
        if not 0 <= number_of(weight, field=f"{axis}-{code}") <= 100:
            raise InvalidInput(N_("Isi bobot 0 sampai 100."), field=f"{axis}-{code}")
    if not any(float(weight) > 0 for weight in weights.values()):
        raise InvalidInput(
            N_("Sedikitnya satu bagian sumbu ini berbobot."), field=f"{axis}-{next(iter(weights))}"
        )


def check_letter(rows: Rows) -> None:
    """Check pattern and words of letters.

    Raises:
        InvalidInput: a pattern without a number, no title, or too long.
    """
    text = {row["code"]: row["value"] for row in rows}
    check_pattern(text["number_pattern"])
    if not text["title"]:
        raise InvalidInput(N_("Isi judul surat."), field="title")
    for code, value in text.items():
        if len(value) > MOST_TEXT:
            raise InvalidInput(
                Message(N_("Paling panjang %(count)s huruf."), {"count": MOST_TEXT}), field=code
            )


def number_of(text: Any, *, field: str) -> float:
    """Return a number as it was typed, with a comma or a point.

    Raises:
        InvalidInput: it is none.
    """
    try:
        number = float(str(text).strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(N_("Isi dengan angka."), field=field)
    return number


CHECKS: Mapping[str, Callable[[Sequence[dict[str, Any]]], None]] = {
    "scoring_rules": lambda rows: check_values("scoring_rules", rows),
    "process_rules": lambda rows: check_values("process_rules", rows),
    "panel_criteria": check_criteria,
    "nine_box_methods": check_methods,
    "letter": check_letter,
}
