"""Pure reader of the reference data that the repository carries as YAML and CSV.

`load_all()` reads and cross-checks everything; each `load_*` reads one file of a folder. Nothing
here knows the database. The files of roles and courses lie in the folders of the packages that
use them; they are read here because standards, roles and courses share one vocabulary.
"""

from pathlib import Path

from skills.reference_files.competencies import load_framework, load_frameworks
from skills.reference_files.courses import (
    load_bangkom_forms,
    load_catalogue,
    load_jp_duty,
    load_plan_policy,
)
from skills.reference_files.evaluations import load_evaluation_form, load_evaluation_policy
from skills.reference_files.indices import (
    load_index_bands,
    load_ip_asn_scores,
    load_nine_box,
    load_nine_box_methods,
    load_skp_matrix,
    load_skp_predicates,
)
from skills.reference_files.local import (
    load_assessment_settings,
    load_contest_kinds,
    load_ip_asn_forms,
    load_kappa_bands,
    load_language_levels,
    load_languages,
    load_quality_checks,
)
from skills.reference_files.reading import Confidence, ReferenceFileError
from skills.reference_files.references import ReferenceFiles, check_references, reachable_levels
from skills.reference_files.roles import load_roles
from skills.reference_files.standards import load_positions, load_standards
from skills.reference_files.tables import (
    load_discipline_levels,
    load_education_levels,
    load_golongan,
    load_levels,
    load_opds,
    load_position_classes,
    load_rejection_reasons,
    load_retirement_ages,
    load_strategies,
)

ROOT = Path(__file__).resolve().parents[2]
SKILLS_DATA = ROOT / "skills" / "data"
COURSES_DATA = ROOT / "courses" / "data"
MATCHING_DATA = ROOT / "matching" / "data"

__all__ = [
    "COURSES_DATA",
    "MATCHING_DATA",
    "ROOT",
    "SKILLS_DATA",
    "Confidence",
    "ReferenceFileError",
    "ReferenceFiles",
    "check_references",
    "load_all",
    "load_bangkom_forms",
    "load_catalogue",
    "load_contest_kinds",
    "load_discipline_levels",
    "load_education_levels",
    "load_framework",
    "load_frameworks",
    "load_golongan",
    "load_index_bands",
    "load_ip_asn_forms",
    "load_ip_asn_scores",
    "load_evaluation_form",
    "load_evaluation_policy",
    "load_jp_duty",
    "load_language_levels",
    "load_languages",
    "load_levels",
    "load_nine_box",
    "load_nine_box_methods",
    "load_opds",
    "load_plan_policy",
    "load_position_classes",
    "load_positions",
    "load_assessment_settings",
    "load_kappa_bands",
    "load_quality_checks",
    "load_rejection_reasons",
    "load_retirement_ages",
    "load_roles",
    "load_skp_matrix",
    "load_skp_predicates",
    "load_standards",
    "load_strategies",
    "reachable_levels",
]


def load_all(root: Path = ROOT) -> ReferenceFiles:
    """Read every reference file below `root` and check the references between them.

    Args:
        root: folder that holds `skills/data`, `courses/data` and `matching/data`.

    Raises:
        ReferenceFileError: the first problem found; names file and key.
    """
    folder, courses, matching = (root / name / "data" for name in ("skills", "courses", "matching"))
    files = ReferenceFiles(
        opds=load_opds(folder),
        golongan=load_golongan(folder),
        position_classes=load_position_classes(folder),
        levels=load_levels(folder),
        education_levels=load_education_levels(folder),
        discipline_levels=load_discipline_levels(folder),
        retirement_ages=load_retirement_ages(folder),
        rejection_reasons=load_rejection_reasons(folder),
        strategies=load_strategies(folder),
        skp_predicates=load_skp_predicates(folder),
        skp_matrix=load_skp_matrix(folder),
        ip_asn_scores=load_ip_asn_scores(folder),
        index_bands=load_index_bands(folder),
        ip_asn_forms=load_ip_asn_forms(folder),
        quality_checks=load_quality_checks(folder),
        assessment_settings=load_assessment_settings(folder),
        kappa_bands=load_kappa_bands(folder),
        contest_kinds=load_contest_kinds(folder),
        languages=load_languages(folder),
        language_levels=load_language_levels(folder),
        nine_box=load_nine_box(folder),
        nine_box_methods=load_nine_box_methods(folder),
        frameworks=load_frameworks(folder / "frameworks"),
        standards=load_standards(folder),
        positions=load_positions(folder),
        roles=load_roles(matching),
        bangkom_forms=load_bangkom_forms(courses),
        jp_duty=load_jp_duty(courses),
        plan_policy=load_plan_policy(courses),
        evaluation_form=load_evaluation_form(courses),
        evaluation_policy=load_evaluation_policy(courses),
        catalogue=load_catalogue(courses),
    )
    check_references(files)
    return files
