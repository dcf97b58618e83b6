"""What a dictionary in use shows: rules of levels, paths, a standard in the making, an edition."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.demo.city import City
from skills.enums import LevelSource
from skills.models import Competency, LevelRecord, Standard
from skills.path_rules import StepKind
from skills.rules import PolicyMode, Requirement
from skills.services.dictionary import CompetencyInput, change_competency
from skills.services.editions import Wording, wording_of
from skills.services.level_paths import StepInput, new_path
from skills.services.standards import StandardInput, prepare_version, save_version

_BY_SOURCE = (LevelSource.ASSESSMENT, LevelSource.ASSESSOR)
_NEXT_YEAR = 200  # days until the prepared standard shall count


def write_reference(city: City) -> dict[str, int]:
    """Set rules of levels, paths and a standard in the making; before levels are computed."""
    session = city.session
    _rules(session)
    return {"path": _paths(session), "prepared standard": _standard(city)}


def write_edition(city: City) -> dict[str, int]:
    """Word a used competency anew, so that its page shows both editions; after the levels.

    The rows that paths gave get the time of the city instead of that of the loading.
    """
    by_path = update(LevelRecord).where(LevelRecord.source == LevelSource.PATH)
    city.session.execute(by_path.values(recorded_at=city.at(city.day)))
    row = _competency(city.session, "KS-04")
    old = wording_of(row)
    first = (*old.levels[1], "Melaporkan pesan atau tautan mencurigakan pada hari yang sama.")
    made = change_competency(
        city.session,
        competency=row,
        values=CompetencyInput(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            kind=row.kind,
            parent_id=row.parent_id,
            two_stage=row.two_stage,
            shelf_life_months=row.shelf_life_months,
            wording=Wording(old.definition, old.keywords, {**old.levels, 1: first}),
        ),
        valid_from=city.day,
        reason="Pelaporan dini ditambahkan setelah evaluasi insiden tahun lalu (draf lokal).",
    )
    return {"edition": int(made)}


def _competency(session: Session, code: str) -> Competency:
    return session.scalars(select(Competency).filter_by(code=code)).one()


def _rules(session: Session) -> None:
    """Security must be recent; for process modelling an assessment outweighs an assessor."""
    for code in ("KS-01", "KS-02", "KS-03"):
        row = _competency(session, code)
        row.policy, row.policy_years = PolicyMode.BEST_WITHIN.value, 5
    row = _competency(session, "PB-01")
    row.policy = PolicyMode.PRIORITY.value
    row.policy_sources = [source.value for source in _BY_SOURCE]
    session.flush()


def _paths(session: Session) -> int:
    row = _competency(session, "DI-02")
    stated = StepInput(group=1, kind=StepKind.ASSESSMENT, level=2)
    proven = StepInput(group=1, kind=StepKind.EVIDENCE, level=2)
    base = _competency(session, "AP-02")
    beside = StepInput(group=2, kind=StepKind.LEVEL, competency_id=base.id, level=2)
    path = new_path(
        session,
        competency=row,
        level=3,
        name="Terbukti di pekerjaan dan menguasai operasional aplikasi",
        steps=[stated, proven, beside],
    )
    session.add(path)
    session.flush()
    return 1


def _standard(city: City) -> int:
    row = city.session.scalars(select(Standard).filter_by(code="TEK-PRAKOM-PERTAMA")).first()
    if row is None:
        return 0
    made = prepare_version(city.session, standard=row)
    items = [Requirement(i.competency_id, i.level, i.weight, i.mandatory) for i in made.items]
    raised = items[-1]
    items[-1] = Requirement(
        raised.competency_id, min(5, raised.level + 1), raised.weight, raised.mandatory
    )
    save_version(
        city.session,
        standard=made,
        values=StandardInput(
            row.name,
            row.source,
            "Usulan tim penyusun: tuntutan dinaikkan satu tingkat.",
            city.day + timedelta(days=_NEXT_YEAR),
            row.confidence,
        ),
        items=items,
        expected_revision=made.revision,
    )
    return 1
