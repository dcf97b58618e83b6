"""The form of a role: what it shows, and what a person sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.core.db import DbSession
from app.core.errors import InvalidInput
from app.core.i18n import N_
from matching.models import Role
from matching.services.roles import RoleInput
from skills.queries.dictionary import competency_choices
from skills.rules import Requirement
from skills.services.reference_load import reference_rows

KINDS = ("PNS", "PPPK")
BLANKS = 4  # empty rows at the end of the form


def kept(role: Role | None) -> dict[str, Any]:
    """Return the values of a role as the form shows them."""
    if role is None:
        return {"employment_kinds": list(KINDS), "rows": []}
    gates: Mapping[str, Any] = role.gates
    return {
        **{name: getattr(role, name) for name in ("name", "name_en", "text", "text_en")},
        "employment_kinds": list(gates.get("employment_kinds") or KINDS),
        "golongan_min": dict(gates.get("golongan_min") or {}),
        "golongan_max": dict(gates.get("golongan_max") or {}),
        "education_min": gates.get("education_min") or "",
        "education_fields": "; ".join(gates.get("education_fields") or ()),
        "service_years_min": gates.get("service_years_min") or 0,
        "discipline_clean_years": gates.get("discipline_clean_years") or 0,
        "rows": [
            {
                "competency": item.competency_id,
                "level": str(item.level),
                "weight": f"{item.weight:g}",
                "mandatory": item.mandatory,
            }
            for item in role.standard.items
        ],
    }


def given() -> dict[str, Any]:
    """Return what the person sent, in the same shape."""
    form = request.form
    return {
        **{
            name: form.get(name, "")
            for name in (
                "code",
                "name",
                "name_en",
                "text",
                "text_en",
                "reason",
                "education_min",
                "education_fields",
                "service_years_min",
                "discipline_clean_years",
            )
        },
        "employment_kinds": form.getlist("employment_kinds"),
        "golongan_min": {kind: form.get(f"golongan_min-{kind}", "") for kind in KINDS},
        "golongan_max": {kind: form.get(f"golongan_max-{kind}", "") for kind in KINDS},
        "rows": _rows(),
    }


def _rows() -> list[dict[str, Any]]:
    form, found = request.form, []
    for number in range(1, 1 + min(100, form.get("baris", 0, type=int))):
        competency = form.get(f"kompetensi-{number}", type=int)
        if competency and f"hapus-{number}" not in form:
            found.append(
                {
                    "competency": competency,
                    "level": form.get(f"level-{number}", "").strip(),
                    "weight": form.get(f"bobot-{number}", "").strip(),
                    "mandatory": f"wajib-{number}" in form,
                }
            )
    return found


def role_input(values: Mapping[str, Any]) -> RoleInput:
    """Return the values as the service reads them.

    Raises:
        InvalidInput: a level or weight that is no number, at its competency.
    """
    fields = str(values["education_fields"]).replace("\n", ";").split(";")
    return RoleInput(
        name=values["name"],
        name_en=values["name_en"],
        text=values["text"],
        text_en=values["text_en"],
        reason=values["reason"],
        gates={**values, "education_fields": [part.strip() for part in fields if part.strip()]},
        requirements=[_requirement(row) for row in values["rows"]],
    )


def _requirement(row: Mapping[str, Any]) -> Requirement:
    key = row["competency"]
    try:
        level = int(row["level"])
    except ValueError as error:
        raise InvalidInput(N_("Level harus antara 1 dan 5."), field=f"level-{key}") from error
    try:
        weight = float(row["weight"].replace(",", "."))
    except ValueError as error:
        raise InvalidInput(N_("Isi dengan angka."), field=f"weight-{key}") from error
    return Requirement(key, level, weight, row["mandatory"])


def options(session: DbSession) -> dict[str, Any]:
    """Return what the form offers."""
    golongan = reference_rows(session, "golongan")
    groups = competency_choices(session)
    return {
        "kinds": KINDS,
        "rank_options": {
            kind: [
                ("", _("tanpa syarat")),
                *(
                    (str(row["golongan"]), str(row["golongan"]))
                    for row in golongan
                    if row["employment_kind"] == kind
                ),
            ]
            for kind in KINDS
        },
        "education": [
            (str(row["code"]), str(row["name"]))
            for row in reference_rows(session, "education_levels")
        ],
        "groups": groups,
        "names": {item.id: item for group in groups for item in group.competencies},
    }


def lines(values: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """Return the rows of requirements with some empty ones behind."""
    blank = {"competency": "", "level": "", "weight": "1", "mandatory": False}
    return [*values["rows"], *({**blank} for _number in range(BLANKS))]
