"""Smart-city admin roles: text, required competencies, and gates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.i18n import N_
from skills.enums import EmploymentKind, ReferenceState
from skills.reference_files.reading import Confidence, Row, decode, items, read_yaml, unique
from skills.reference_files.standards import Requirement, check_requirements

_MIN_REQUIREMENTS = 6


@dataclass(frozen=True)
class Gates:
    """Mandatory criteria apart from competencies; years are counted back from today."""

    employment_kinds: tuple[EmploymentKind, ...]
    golongan_min: Mapping[EmploymentKind, str]
    education_min: str
    education_preferred: tuple[str, ...]
    discipline_clean_years: int
    service_years_min: int


@dataclass(frozen=True)
class RoleEntry:
    """A role that an OPD fills by assignment."""

    code: str
    name_id: str
    name_en: str
    strategy: int
    purpose_id: str
    text_en: str
    requirements: tuple[Requirement, ...]
    gates: Gates


@dataclass(frozen=True)
class RoleFile:
    """`roles.yaml`."""

    version: str
    valid_from: date
    status: ReferenceState
    source: str
    confidence: Confidence
    roles: tuple[RoleEntry, ...]


def load_roles(folder: Path) -> RoleFile:
    """Read `roles.yaml`."""
    content = read_yaml(folder / "roles.yaml")
    file = decode(RoleFile, content)
    for row, role in zip(items(content, "roles"), file.roles, strict=True):
        _check_role(row, role)
    unique(file.roles, "code", file="roles.yaml")
    return file


def _check_role(row: Row, role: RoleEntry) -> None:
    check_requirements(row, role.requirements, at_least=_MIN_REQUIREMENTS)
    if not any(requirement.mandatory for requirement in role.requirements):
        raise row.fail(N_("sedikitnya satu kompetensi wajib"), at="requirements")
    if set(role.gates.golongan_min) != set(role.gates.employment_kinds):
        raise row.fail(N_("golongan diperlukan untuk tiap jenis pegawai"), at="gates.golongan_min")
    if min(role.gates.discipline_clean_years, role.gates.service_years_min) < 0:
        raise row.fail(N_("tidak boleh kurang dari nol"), at="gates")
