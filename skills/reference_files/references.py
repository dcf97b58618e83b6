"""Check that codes named in one reference file exist in the file that defines them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.core.i18n import N_, Message
from skills.enums import CompetencyKind, EmploymentKind
from skills.reference_files.competencies import Framework
from skills.reference_files.courses import BangkomFormRow, Catalogue, JpDutyRow, PlanPolicyRow
from skills.reference_files.evaluations import EvaluationItemRow, EvaluationPolicyRow
from skills.reference_files.indices import (
    IndexBandRow,
    IpAsnScoreRow,
    NineBoxMethod,
    NineBoxRow,
    SkpMatrixRow,
    SkpPredicateRow,
)
from skills.reference_files.local import (
    AssessmentSettingRow,
    ContestKindRow,
    IpAsnFormRow,
    KappaBandRow,
    NamedRow,
    QualityCheckRow,
)
from skills.reference_files.reading import ReferenceFileError
from skills.reference_files.roles import RoleEntry, RoleFile
from skills.reference_files.standards import PositionEntry, PositionFile, Standards
from skills.reference_files.tables import (
    DisciplineLevelRow,
    EducationLevelRow,
    GolonganRow,
    LevelName,
    OpdRow,
    PositionClassRow,
    RejectionReason,
    RetirementAgeRow,
    StrategyRow,
)

_TRAINED_LEVELS = (2, 3)  # levels that the catalogue must lead to for each technical competency


@dataclass(frozen=True)
class ReferenceFiles:
    """Everything that the reference files hold."""

    opds: tuple[OpdRow, ...]
    golongan: tuple[GolonganRow, ...]
    position_classes: tuple[PositionClassRow, ...]
    levels: tuple[LevelName, ...]
    education_levels: tuple[EducationLevelRow, ...]
    discipline_levels: tuple[DisciplineLevelRow, ...]
    retirement_ages: tuple[RetirementAgeRow, ...]
    rejection_reasons: tuple[RejectionReason, ...]
    strategies: tuple[StrategyRow, ...]
    skp_predicates: tuple[SkpPredicateRow, ...]
    skp_matrix: tuple[SkpMatrixRow, ...]
    ip_asn_scores: tuple[IpAsnScoreRow, ...]
    index_bands: tuple[IndexBandRow, ...]
    ip_asn_forms: tuple[IpAsnFormRow, ...]
    quality_checks: tuple[QualityCheckRow, ...]
    assessment_settings: tuple[AssessmentSettingRow, ...]
    kappa_bands: tuple[KappaBandRow, ...]
    contest_kinds: tuple[ContestKindRow, ...]
    languages: tuple[NamedRow, ...]
    language_levels: tuple[NamedRow, ...]
    nine_box: tuple[NineBoxRow, ...]
    nine_box_methods: tuple[NineBoxMethod, ...]
    frameworks: tuple[Framework, ...]
    standards: Standards
    positions: PositionFile
    roles: RoleFile
    bangkom_forms: tuple[BangkomFormRow, ...]
    jp_duty: tuple[JpDutyRow, ...]
    plan_policy: tuple[PlanPolicyRow, ...]
    evaluation_form: tuple[EvaluationItemRow, ...]
    evaluation_policy: tuple[EvaluationPolicyRow, ...]
    catalogue: Catalogue

    @property
    def competency_codes(self) -> frozenset[str]:
        """Codes of all competencies of all frameworks."""
        return frozenset(c.code for one in self.frameworks for c in one.competencies)


def check_references(files: ReferenceFiles) -> None:
    """Refuse a code that no file defines.

    Raises:
        ReferenceFileError: names the file and the key that holds the unknown code.
    """
    _check_tables(files)
    _check_standards(files)
    _check_positions(files)
    for role in files.roles.roles:
        _check_role(files, role)
    _check_catalogue(files)


def _need(file: str, key: str, named: Iterable[object], known: Collection[object]) -> None:
    for value in named:
        if value not in known:
            problem = Message(N_("%(value)s tidak dikenal"), {"value": value})
            raise ReferenceFileError(file, key, problem)


def _check_tables(files: ReferenceFiles) -> None:
    education = {row.code for row in files.education_levels}
    classes = {row.code for row in files.position_classes}
    answers = {(row.element, row.answer) for row in files.ip_asn_scores}
    for rank in files.golongan:
        if rank.entry_education is not None:
            _need("golongan.csv", rank.golongan, [rank.entry_education], education)
    for level in files.education_levels:
        named = [("PENDIDIKAN", level.ip_asn_answer)]
        _need("education_levels.csv", level.code, named, answers)
    for penalty in files.discipline_levels:
        if penalty.ip_asn_answer is not None:
            named = [("HUKUMAN", penalty.ip_asn_answer)]
            _need("discipline_levels.csv", penalty.code, named, answers)
    _need("retirement_ages.csv", "age", classes, [r.position_class for r in files.retirement_ages])
    predicates = {row.code for row in files.skp_predicates}
    _need("skp_matrix.csv", "predicate", [row.predicate for row in files.skp_matrix], predicates)
    numberings = {row.numbering for row in files.nine_box}
    named_numberings = [method.numbering for method in files.nine_box_methods]
    _need("nine_box_methods.yaml", "numbering", named_numberings, numberings)


def _check_standards(files: ReferenceFiles) -> None:
    classes = {row.code: row.managerial_level for row in files.position_classes}
    for standard in files.standards.managerial + files.standards.technical:
        named = [requirement.competency for requirement in standard.requirements]
        _need("standards.yaml", standard.code, named, files.competency_codes)
        _need("standards.yaml", standard.code, [standard.position_class], classes)
    for standard in files.standards.managerial:
        if standard.requirements[0].min_level != classes[standard.position_class]:
            problem = N_("tingkat berbeda dengan position_classes.csv")
            raise ReferenceFileError("standards.yaml", standard.code, problem)


def _check_positions(files: ReferenceFiles) -> None:
    file = files.positions
    opd_codes = {row.code for row in files.opds}
    _need("positions.yaml", "headcount_shares", opd_codes, file.headcount_shares)
    _need("positions.yaml", "headcount_shares", file.headcount_shares, opd_codes)
    pns = {row.golongan for row in files.golongan if row.employment_kind == EmploymentKind.PNS}
    for position_class, span in file.golongan_ranges.items():
        _need("positions.yaml", f"golongan_ranges.{position_class}", span, pns)
    for entry in file.positions:
        _check_position(files, entry)
    for opd in files.opds:
        own = [entry for entry in file.positions if entry.belongs_to(opd.code, opd.kind)]
        if not any(entry.share for entry in own) or not any(entry.per_opd for entry in own):
            problem = N_("OPD memerlukan jabatan tetap dan jabatan berbobot")
            raise ReferenceFileError("positions.yaml", opd.code, problem)


def _check_position(files: ReferenceFiles, entry: PositionEntry) -> None:
    name = "positions.yaml"
    _need(name, entry.code, [entry.position_class], files.positions.golongan_ranges)
    _need(name, entry.code, [entry.position_class], [c.code for c in files.position_classes])
    _need(name, entry.code, entry.opd_kinds, {row.kind for row in files.opds})
    codes = {row.code for row in files.opds}
    _need(name, entry.code, entry.opd_codes + entry.exclude_opd_codes, codes)
    _need(name, entry.code, [entry.education_min], [row.code for row in files.education_levels])
    if entry.technical_standard is not None:
        # A standard fits the jabatan only when both are of the same class.
        known = {(one.code, one.position_class) for one in files.standards.technical}
        _need(name, entry.code, [(entry.technical_standard, entry.position_class)], known)


def _check_role(files: ReferenceFiles, role: RoleEntry) -> None:
    named = [requirement.competency for requirement in role.requirements]
    _need("roles.yaml", role.code, named, files.competency_codes)
    strategies = {row.number for row in files.strategies if row.has_admin_roles}
    _need("roles.yaml", role.code, [role.strategy], strategies)
    ranks = {(row.employment_kind, row.golongan) for row in files.golongan}
    _need("roles.yaml", role.code, role.gates.golongan_min.items(), ranks)
    education = {row.code for row in files.education_levels}
    _need("roles.yaml", role.code, [role.gates.education_min], education)


def _check_catalogue(files: ReferenceFiles) -> None:
    forms = {row.code for row in files.bangkom_forms}
    for course in files.catalogue.courses:
        _need("catalogue.yaml", course.code, [course.form], forms)
        named = [gain.competency for gain in course.gains]
        _need("catalogue.yaml", course.code, named, files.competency_codes)
    technical = [
        competency.code
        for framework in files.frameworks
        for competency in framework.competencies
        if competency.kind == CompetencyKind.TEKNIS
    ]
    for code in technical:
        _need("catalogue.yaml", code, _TRAINED_LEVELS, reachable_levels(files.catalogue, code))


def reachable_levels(catalogue: Catalogue, competency: str) -> frozenset[int]:
    """Return the levels that someone without any level can reach by courses alone."""
    gains = [g for course in catalogue.courses for g in course.gains if g.competency == competency]
    reached = {0}
    for gain in sorted(gains, key=lambda gain: gain.from_level):
        if max(reached) >= gain.from_level:
            reached.add(gain.to_level)
    return frozenset(reached - {0})
