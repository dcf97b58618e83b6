"""Competency dictionaries: frameworks, areas, competencies with behaviours for levels 1 to 5."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.i18n import N_
from skills.enums import CompetencyKind, ReferenceState
from skills.reference_files.reading import Confidence, Row, decode, items, read_yaml, unique

LEVELS = (1, 2, 3, 4, 5)
MIN_BEHAVIOURS = 2


@dataclass(frozen=True)
class Area:
    """A field of a framework; `kind` overrides that of the framework."""

    code: str
    name_id: str
    name_en: str
    source: str
    confidence: Confidence
    kind: CompetencyKind | None = None


@dataclass(frozen=True)
class CompetencyMapping:
    """A known counterpart in another scheme."""

    scheme: str
    code: str
    name: str
    confidence: Confidence


@dataclass(frozen=True)
class Competency:
    """A competency; `levels` maps 1..5 to the observable behaviours of that level."""

    code: str
    area: str
    name_id: str
    name_en: str
    definition_id: str
    levels: Mapping[int, tuple[str, ...]]
    keywords_id: tuple[str, ...]
    keywords_en: tuple[str, ...]
    kind: CompetencyKind = CompetencyKind.TEKNIS
    mappings: tuple[CompetencyMapping, ...] = ()
    needs_two_stage: bool = False
    shelf_life_months: int | None = None


@dataclass(frozen=True)
class FrameworkHead:
    """What a framework says of itself."""

    code: str
    name_id: str
    name_en: str
    kind: CompetencyKind
    version: str
    valid_from: date
    status: ReferenceState
    adoption_note: str
    source: str
    confidence: Confidence


@dataclass(frozen=True)
class Framework:
    """One versioned dictionary file."""

    head: FrameworkHead
    areas: tuple[Area, ...]
    competencies: tuple[Competency, ...]


def load_framework(path: Path) -> Framework:
    """Read one dictionary file.

    Raises:
        ReferenceFileError: see `Row.fail`; the message names file and key.
    """
    content = read_yaml(path)
    head = decode(FrameworkHead, content.below("framework", content.values.get("framework")))
    areas = tuple(decode(Area, row) for row in items(content, "areas"))
    unique(areas, "code", file=path.name)
    kinds = {area.code: area.kind or head.kind for area in areas}
    competencies = tuple(_competency(row, kinds) for row in items(content, "competencies"))
    return Framework(head, areas, unique(competencies, "code", file=path.name))


def load_frameworks(folder: Path) -> tuple[Framework, ...]:
    """Read every dictionary of a folder, by file name; codes are unique over all of them."""
    frameworks = tuple(load_framework(path) for path in sorted(folder.glob("*.yaml")))
    unique(tuple(one.head for one in frameworks), "code", file=folder.name)
    unique(tuple(c for one in frameworks for c in one.competencies), "code", file=folder.name)
    return frameworks


def _competency(row: Row, kinds: Mapping[str, CompetencyKind]) -> Competency:
    area = str(row.values.get("area"))
    if area not in kinds:
        raise row.fail(N_("%(value)s tidak dikenal"), at="area", value=area)
    competency = decode(Competency, Row(row.file, row.key, {**row.values, "kind": kinds[area]}))
    if not competency.code.startswith(f"{area}-"):
        raise row.fail(N_("kode harus diawali kode area"), at="code")
    if sorted(competency.levels) != list(LEVELS):
        raise row.fail(N_("tingkat 1 sampai 5 harus lengkap"), at="levels")
    for level, behaviours in competency.levels.items():
        if len(set(behaviours)) < MIN_BEHAVIOURS:
            raise row.fail(N_("perilaku harus sedikitnya dua"), at=f"levels.{level}")
    if competency.shelf_life_months is not None and competency.shelf_life_months <= 0:
        raise row.fail(N_("harus lebih dari nol"), at="shelf_life_months")
    return competency
