"""The rules of talent work that an officer changes in the product, as tables in versions.

Results keep what they were made with: runs their cuts and weights, boxes their method by the day,
decided panels their criteria, letters their words. A change reaches what comes after it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.audit import record
from app.core.errors import InvalidInput, NotFound, Stale
from app.core.i18n import N_
from matching.services import letters, panel
from matching.services.reference_sets import (
    Rows,
    add_version,
    load_shipped,
    rows_in_force,
    shipped_rows,
    versions,
)
from matching.services.rule_checks import CHECKS
from skills.models import ReferenceSet
from skills.reference_files.reading import Confidence
from skills.services.reference_load import reference_rows

NAMES: Mapping[str, str] = {
    "scoring_rules": "Aturan penilaian kesesuaian",
    "process_rules": "Aturan proses talenta",
    "nine_box_methods": "Cara sembilan kotak",
    "panel_criteria": "Kriteria panel",
    "letter": "Konsep surat keputusan",
}
_OWN_FILE = ("scoring_rules", "process_rules", "panel_criteria", "letter")


def table_rows(session: Session, code: str) -> list[dict[str, Any]]:
    """Return the rows in force, with those that its version does not have yet as shipped.

    Raises:
        NotFound: there is no such table.
    """
    if code not in NAMES:
        raise NotFound
    if code == "nine_box_methods":
        return [dict(row) for row in newest(session, code).rows]
    rows = [dict(row) for row in rows_in_force(session, code)]
    if code == "panel_criteria":
        return sorted(rows, key=lambda row: int(row["position"]))
    known = {row["code"]: row for row in rows}
    return [{**row, **known.get(row["code"], {}), **_fixed(row)} for row in shipped_rows(code)]


def _fixed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Names, units and ranges come with the release; value, source and certainty are kept."""
    return {key: row[key] for key in ("name", "name_en", "least", "most", "unit") if key in row}


def newest(session: Session, code: str) -> ReferenceSet:
    """Return the version in force of a table.

    Raises:
        NotFound: nothing was loaded.
    """
    found = next((row for row in versions(session, code) if row.state == "in_force"), None)
    if found is None:
        raise NotFound
    return found


def version_of(session: Session, code: str) -> int:
    """Return the number of the version in force, 0 where nothing was loaded."""
    found = next((row for row in versions(session, code) if row.state == "in_force"), None)
    return found.version if found else 0


def check(session: Session, code: str, rows: Rows) -> None:
    """Refuse what a table may not say.

    Raises:
        InvalidInput: with the field that is wrong.
    """
    CHECKS[code](rows)
    known = numberings(session)
    if code == "nine_box_methods" and any(row["numbering"] not in known for row in rows):
        raise InvalidInput(N_("Penomoran ini tidak dikenal."), field="numbering")


def numberings(session: Session) -> list[str]:
    """Return the numberings of the nine boxes that the reference data knows."""
    return sorted({str(row["numbering"]) for row in reference_rows(session, "nine_box")})


def put_rules(
    session: Session,
    *,
    actor: Actor,
    code: str,
    rows: Rows,
    reason: str,
    source: str,
    confidence: str,
    expected_version: int,
) -> ReferenceSet:
    """Keep a changed table as a new version; rows that changed take the source that is given.

    Raises:
        Stale: somebody added a version since the page was shown.
        InvalidInput: no reason or source, nothing changed, or a value that the checks refuse.
    """
    if expected_version != version_of(session, code):
        raise Stale(N_("Aturan ini sudah diubah orang lain sejak halaman Anda dibuka."))
    before = {row["code"]: row for row in table_rows(session, code)}
    changed = changed_codes(before, rows)
    check(session, code, rows)
    if not changed:
        raise InvalidInput(N_("Belum ada yang diubah."), field="reason")
    if not reason.strip():
        raise InvalidInput(N_("Isi alasan perubahan."), field="reason")
    if not source.strip():
        raise InvalidInput(N_("Isi sumbernya, misalnya nomor keputusan."), field="source")
    if confidence not in set(Confidence):
        raise InvalidInput(N_("Pilih kepastian sumber."), field="confidence")
    told = {"source": source.strip()[:300], "confidence": str(Confidence(confidence))}
    fresh = [{**row, **told} if row["code"] in changed else row for row in rows]
    return _keep(session, actor, code, fresh, reason, before)


def changed_codes(before: Mapping[str, Mapping[str, Any]], rows: Rows) -> set[str]:
    """Return which rows differ from those in force, came or left."""
    told = ("source", "confidence")
    now = {row["code"]: {k: v for k, v in row.items() if k not in told} for row in rows}
    old = {c: {k: v for k, v in row.items() if k not in told} for c, row in before.items()}
    return {code for code in now.keys() | old.keys() if now.get(code) != old.get(code)}


def restore(
    session: Session, *, actor: Actor, code: str, number: int, expected_version: int, reason: str
) -> ReferenceSet:
    """Put another version in force again, as a new one, with a reason.

    Raises:
        NotFound: there is no such version. Stale: as `put_rules`.
    """
    if expected_version != version_of(session, code):
        raise Stale(N_("Aturan ini sudah diubah orang lain sejak halaman Anda dibuka."))
    found = next((row for row in versions(session, code) if row.version == number), None)
    if found is None or code not in NAMES or number == expected_version:
        raise NotFound
    before = {row["code"]: row for row in table_rows(session, code)}
    rows = [dict(row) for row in found.rows]
    check(session, code, rows)
    return _keep(session, actor, code, rows, reason, before)


def _keep(
    session: Session,
    actor: Actor,
    code: str,
    rows: Rows,
    reason: str,
    before: Mapping[str, Mapping[str, Any]],
) -> ReferenceSet:
    if code in _OWN_FILE:
        load_shipped(session, code, name=NAMES[code])  # so that the version before stays readable
    fresh = add_version(
        session,
        code,
        rows,
        name=NAMES[code],
        source="; ".join(sorted({str(row.get("source") or "") for row in rows} - {""})),
        reason=reason.strip()[:500],
        changed_by=actor.label,
    )
    if code == "panel_criteria":
        panel.use_criteria(session, version=fresh.version, rows=rows)
    if code == "letter":
        letters.set_pattern(session, pattern=_value(rows, "number_pattern"))
    record(
        session,
        "matching:rules:change",
        fresh,
        changes=differences(before, rows),
        table=code,
        version=fresh.version,
        reason=reason,
    )
    return fresh


def differences(
    before: Mapping[str, Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[Any, Any]]:
    """Return what changed, as `row.field` to the value before and after."""
    now = {str(row["code"]): row for row in rows}
    found = {}
    for code in sorted(now.keys() | before.keys()):
        old, new = before.get(code, {}), now.get(code, {})
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                found[f"{code}.{key}"] = (old.get(key), new.get(key))
    return found


def rows_changed(old: Rows, new: Rows) -> int:
    """Return how many rows differ between two versions in what both of them say."""
    before = {str(row["code"]): row for row in old}
    told = {"source", "confidence"}
    return sum(
        any(row[key] != before[str(row["code"])][key] for key in common - told)
        for row in new
        if (common := row.keys() & before.get(str(row["code"]), {}).keys())
    )


def _value(rows: Rows, code: str) -> str:
    return next(str(row["value"]) for row in rows if row["code"] == code)
