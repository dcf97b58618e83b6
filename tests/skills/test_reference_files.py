"""The reference files load, agree with each other, and a broken copy is refused by name."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from skills.enums import CompetencyKind
from skills.reference_files import (
    ROOT,
    Confidence,
    ReferenceFileError,
    ReferenceFiles,
    load_all,
    reachable_levels,
)


@pytest.fixture(scope="module")
def files() -> ReferenceFiles:
    return load_all()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("skills", "courses", "matching"):
        shutil.copytree(ROOT / package / "data", tmp_path / package / "data")
    return tmp_path


@pytest.fixture
def break_file(copy: Path) -> Callable[..., str]:
    """Return break(file, old, new): change the copy, load it, and return the refusal."""

    def broken(file: str, old: str, new: str) -> str:
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ReferenceFileError) as caught:
            load_all(copy)
        assert caught.value.file.startswith((path.name, path.parent.name))
        return str(caught.value)

    return broken


def test_the_city_has_its_28_opds_with_their_codes(files: ReferenceFiles) -> None:
    assert [opd.code for opd in files.opds] == [f"{number:03d}" for number in range(1, 29)]
    assert sum(opd.kind == "Kecamatan" for opd in files.opds) == 6


def test_both_kinds_of_employment_have_17_golongan(files: ReferenceFiles) -> None:
    kinds = [row.employment_kind for row in files.golongan]
    assert kinds.count("PNS") == kinds.count("PPPK") == 17


def test_four_competencies_in_each_of_the_six_spbe_areas(files: ReferenceFiles) -> None:
    spbe = next(one for one in files.frameworks if one.head.code == "TEKNIS-SPBE")
    areas = [competency.area for competency in spbe.competencies]
    assert {area: areas.count(area) for area in areas} == dict.fromkeys(
        ["PB", "AR", "DI", "KS", "AP", "IN"], 4
    )


def test_nine_managerial_and_sociocultural_competencies(files: ReferenceFiles) -> None:
    kinds = [c.kind for one in files.frameworks for c in one.competencies]
    assert kinds.count(CompetencyKind.MANAJERIAL) == 8
    assert kinds.count(CompetencyKind.SOSIAL_KULTURAL) == 1
    assert kinds.count(CompetencyKind.DIGITAL) == 6


def test_no_behaviour_is_written_twice(files: ReferenceFiles) -> None:
    behaviours = [
        text
        for framework in files.frameworks
        for competency in framework.competencies
        for level in competency.levels.values()
        for text in level
    ]
    assert len(behaviours) == len(set(behaviours))


def test_every_dictionary_says_that_it_is_a_local_draft(files: ReferenceFiles) -> None:
    for framework in files.frameworks:
        assert framework.head.adoption_note == "draf lokal, untuk diadopsi oleh kota"
        assert framework.head.confidence == Confidence.LOCAL_DRAFT


def test_security_competencies_carry_their_bssn_counterpart(files: ReferenceFiles) -> None:
    competencies = {c.code: c for one in files.frameworks for c in one.competencies}
    for code, counterpart in (("KS-01", "KS1"), ("KS-02", "KS2")):
        schemes = {one.scheme: one.code for one in competencies[code].mappings}
        assert schemes["BSSN-4-2021"] == counterpart
        assert competencies[code].needs_two_stage


def test_ten_roles_with_a_text_long_enough_to_match_on(files: ReferenceFiles) -> None:
    assert len(files.roles.roles) == 10
    for role in files.roles.roles:
        assert 80 <= len(role.purpose_id.split()) <= 150, role.code
        assert 6 <= len(role.requirements) <= 10, role.code


def test_twenty_five_forms_of_development(files: ReferenceFiles) -> None:
    paths = [form.path for form in files.bangkom_forms]
    assert (paths.count("KLASIKAL"), paths.count("NONKLASIKAL")) == (12, 13)


def test_courses_lead_to_level_2_and_3_of_every_technical_competency(files: ReferenceFiles) -> None:
    for framework in files.frameworks:
        for competency in framework.competencies:
            if competency.kind == CompetencyKind.TEKNIS:
                assert {2, 3} <= reachable_levels(files.catalogue, competency.code)


def test_every_mandatory_requirement_of_a_role_can_be_trained(files: ReferenceFiles) -> None:
    for role in files.roles.roles:
        for requirement in role.requirements:
            if requirement.mandatory:
                reached = reachable_levels(files.catalogue, requirement.competency)
                assert max(reached) >= requirement.min_level, (role.code, requirement)


def test_every_opd_gets_one_head(files: ReferenceFiles) -> None:
    heads = re.compile(r"SEKDA|SEKWAN|INSPEKTUR|KADIS|KABAN|KASAT|CAMAT")
    for opd in files.opds:
        own = [p for p in files.positions.positions if p.belongs_to(opd.code, opd.kind)]
        assert sum(bool(heads.fullmatch(p.code)) for p in own) == 1, opd.name


def test_positions_ask_for_the_education_that_their_class_allows(files: ReferenceFiles) -> None:
    assert 60 <= len(files.positions.positions) <= 100
    order = {row.code: row.order for row in files.education_levels}
    for position in files.positions.positions:
        if position.position_class.startswith("JF_AHLI"):
            assert order[position.education_min] >= order["S1"], position.code


def test_the_common_numbering_puts_high_and_high_in_box_9(files: ReferenceFiles) -> None:
    common = [row for row in files.nine_box if row.numbering == "UMUM"]
    boxes = {(row.performance_level, row.potential_level): row.box for row in common}
    assert boxes == {
        (3, 1): 4, (3, 2): 7, (3, 3): 9,
        (2, 1): 2, (2, 2): 5, (2, 3): 8,
        (1, 1): 1, (1, 2): 3, (1, 3): 6,
    }  # fmt: skip


def test_boxes_7_to_9_form_the_pool(files: ReferenceFiles) -> None:
    common = [row for row in files.nine_box if row.numbering == "UMUM"]
    assert [row.box for row in common if row.agency_pool] == [7, 8, 9]
    assert [row.box for row in common if row.national_pool] == [9]


def test_ip_asn_maxima_of_each_position_group_add_up_to_100(files: ReferenceFiles) -> None:
    for group in ("STRUKTURAL", "FUNGSIONAL", "PELAKSANA"):
        best: dict[tuple[str, str], float] = {}
        for row in files.ip_asn_scores:
            if row.position_group in ("SEMUA", group) and row.element != "PREDIKAT_SKP":
                key = (row.dimension, row.element)
                best[key] = max(best.get(key, 0), row.points)
        assert sum(best.values()) == 100, group


def test_points_of_predicates_agree_between_the_two_tables(files: ReferenceFiles) -> None:
    scores = {r.answer: r.points for r in files.ip_asn_scores if r.element == "PREDIKAT_SKP"}
    assert scores == {row.code: row.ip_asn_points for row in files.skp_predicates}


def test_unconfirmed_facts_say_so(files: ReferenceFiles) -> None:
    assert {row.confidence for row in files.retirement_ages} == {Confidence.NOT_CONFIRMED}
    duty = {row.employment_kind: row.effect for row in files.jp_duty}
    assert duty == {"PNS": "TARGET", "PPPK": "WARNING"}


SPBE = "skills/data/frameworks/teknis_spbe.yaml"
STANDARDS = "skills/data/standards.yaml"
ROLES = "matching/data/roles.yaml"
COURSES = "courses/data/catalogue.yaml"
POSITIONS = "skills/data/positions.yaml"
BEHAVIOUR = "Membaca peta proses yang sudah jadi dan menunjukkan posisi tugasnya di dalamnya."

BROKEN = {
    "a level is missing": (SPBE, "      5:\n", "      6:\n", "PB-01"),
    "one behaviour only": (SPBE, f"        - {BEHAVIOUR}\n", "", "levels.1"),
    "a code twice in a file": (SPBE, "- code: PB-02", "- code: PB-01", "PB-01"),
    "an area that does not exist": (SPBE, "    area: PB", "    area: XX", "XX"),
    "a misspelt field": (SPBE, "    definition_id:", "    definisi:", "definisi"),
    "a field left out": (SPBE, "    name_en: Business Process Modelling\n", "", "name_en"),
    "a key twice": (SPBE, "    area: PB\n", "    area: PB\n    area: PB\n", "area"),
    "a confidence of another word": (SPBE, "confidence: local_draft", "confidence: sure", "sure"),
    "a shelf life of nothing": (SPBE, "_months: 60", "_months: 0", "shelf_life_months"),
    "an unknown competency in a standard": (STANDARDS, "IN-03", "IN-99", "IN-99"),
    "a level other than the class's": (STANDARDS, "PENGAWAS: 2", "PENGAWAS: 3", "PENGAWAS"),
    "an unknown class": (STANDARDS, "  PELAKSANA: 1", "  PELAKSANAAN: 1", "PELAKSANAAN"),
    "a weight of nothing": (ROLES, "weight: 5", "weight: 0", "AP-02"),
    "a level above five": (ROLES, "min_level: 3", "min_level: 6", "AP-02"),
    "a level that is no whole number": (ROLES, "min_level: 3", "min_level: 2.5", "2.5"),
    "a golongan of another kind": (ROLES, "PPPK: VII", "PPPK: III/a", "III/a"),
    "a strategy without admins": (ROLES, "strategy: 1\n", "strategy: 2\n", "ADM-JEPIN"),
    "an unknown form": (COURSES, "form: KL10", "form: KL99", "KL99"),
    "topics that do not add up": (COURSES, "jp: 3\n", "jp: 4\n", "TIK-101"),
    "a gain that leads down": (COURSES, "from_level: 0", "from_level: 3", "PB-01"),
    "a prerequisite that comes later": (COURSES, "  - TIK-101\n", "  - TIK-302\n", "TIK-201"),
    "a competency no course teaches": (COURSES, "petency: DI-04", "petency: KD1-01", "DI-04"),
    "an opd twice": ("skills/data/opd.csv", "\n002,", "\n001,", "001"),
    "a cell too many": ("skills/data/opd.csv", "SETDA,", "SETDA,,", "baris 2"),
    "an empty cell": ("skills/data/opd.csv", ",SETDA,", ",,", "short_name"),
    "a gap between bands": ("skills/data/index_bands.csv", "1.8,2.6", "1.9,2.6", "SPBE"),
    "a box twice": ("skills/data/nine_box.csv", "UMUM,2,", "UMUM,1,", "UMUM"),
    "weights that are not 100": (
        "skills/data/nine_box_methods.yaml", "skp: 60", "skp: 50", "BKN-411-2025",
    ),
    "a date that does not exist": ("skills/data/opd.csv", "2020-01-01", "2020-02-30", "2020-02-30"),
    "a standard of another class": (POSITIONS, "TEK-KASI-TIK", "TEK-KABID-TIK", "KASI-TIK"),
    "shares that do not add up": (POSITIONS, "'004': 0.38", "'004': 0.4", "headcount"),
    "no yaml at all": ("skills/data/levels.yaml", "levels:", "levels: [", "YAML"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "named"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_and_its_key_is_named(
    break_file: Callable[..., str], file: str, old: str, new: str, named: str
) -> None:
    message = break_file(file, old, new)
    assert named in message
    assert Path(file).stem in message or Path(file).parent.name in message


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "courses/data/jp_duty.csv").unlink()
    with pytest.raises(ReferenceFileError, match=r"jp_duty\.csv"):
        load_all(copy)
