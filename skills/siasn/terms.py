"""Cells that hold one term of a closed list, written in many ways."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.core.i18n import N_
from app.core.spreadsheet.reader import Cell
from skills.enums import EmploymentKind, EmploymentState, PositionKind, Sex
from skills.siasn.cells import clean_text
from skills.siasn.problems import CellError

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
GRADES: tuple[str, ...] = (*_ROMAN, "XV", "XVI", "XVII")
_PNS_GOLONGAN = re.compile(r"(?:^|.*[\s(,;])(IV|I{1,3}|[1-4])\s*[/.\-\s]?\s*([A-E])\)?$")
_PPPK_GOLONGAN = re.compile(r"(?:GOL(?:ONGAN|\.)?\s*)?([IVX]+|\d{1,2})")
_ESELON = re.compile(r"(?:ESELON\s*)?(IV|V|I{1,3})\s*[./\-\s]?\s*([AB])")

# The first word found decides, so the more particular words stand first.
_KINDS: tuple[tuple[str, EmploymentKind], ...] = (
    ("PPPK", EmploymentKind.PPPK),
    ("P3K", EmploymentKind.PPPK),
    ("PERJANJIAN KERJA", EmploymentKind.PPPK),
    ("CPNS", EmploymentKind.CPNS),
    ("CALON P", EmploymentKind.CPNS),
    ("PNS", EmploymentKind.PNS),
    ("PEGAWAI NEGERI SIPIL", EmploymentKind.PNS),
)
_STATES: tuple[tuple[str, EmploymentState], ...] = (
    ("PENGAKTIFAN", EmploymentState.ACTIVE),
    ("PEMBERHENTIAN SEMENTARA", EmploymentState.SUSPENDED),
    ("DIBERHENTIKAN SEMENTARA", EmploymentState.SUSPENDED),
    ("SKORSING", EmploymentState.SUSPENDED),
    ("MASA PERSIAPAN PENSIUN", EmploymentState.ACTIVE),
    ("PENSIUN", EmploymentState.RETIRED),
    ("MENINGGAL", EmploymentState.LEFT),
    ("TEWAS", EmploymentState.LEFT),
    ("WAFAT", EmploymentState.LEFT),
    ("HILANG", EmploymentState.LEFT),
    ("BERHENTI", EmploymentState.LEFT),
    ("DIBERHENTIKAN", EmploymentState.LEFT),
    ("PEMBERHENTIAN", EmploymentState.LEFT),
    ("PINDAH", EmploymentState.MOVED),
    ("MUTASI", EmploymentState.MOVED),
    ("TUGAS BELAJAR", EmploymentState.STUDY_LEAVE),
    ("CLTN", EmploymentState.UNPAID_LEAVE),
    ("LUAR TANGGUNGAN", EmploymentState.UNPAID_LEAVE),
    ("TIDAK AKTIF", EmploymentState.LEFT),
    ("NON AKTIF", EmploymentState.LEFT),
    ("NONAKTIF", EmploymentState.LEFT),
    ("AKTIF", EmploymentState.ACTIVE),
)
STRUCTURAL = "STRUKTURAL"
_POSITION_KINDS: tuple[tuple[str, str], ...] = (
    ("PIMPINAN TINGGI", PositionKind.JPT),
    ("JPT", PositionKind.JPT),
    ("ADMINISTRATOR", PositionKind.ADMINISTRATOR),
    ("PENGAWAS", PositionKind.PENGAWAS),
    ("PELAKSANA", PositionKind.PELAKSANA),
    ("FUNGSIONAL UMUM", PositionKind.PELAKSANA),
    ("JFU", PositionKind.PELAKSANA),
    ("FUNGSIONAL", PositionKind.FUNGSIONAL),
    ("JFT", PositionKind.FUNGSIONAL),
    ("STRUKTURAL", STRUCTURAL),
)
_KIND_OF_ESELON: Mapping[str, PositionKind] = MappingProxyType(
    {
        "I": PositionKind.JPT,
        "II": PositionKind.JPT,
        "III": PositionKind.ADMINISTRATOR,
        "IV": PositionKind.PENGAWAS,
    }
)
_SEXES: Mapping[str, Sex] = MappingProxyType(
    dict.fromkeys(("L", "LAKI-LAKI", "LAKI LAKI", "LAKI", "PRIA", "M", "MALE", "1"), Sex.MALE)
    | dict.fromkeys(("P", "PEREMPUAN", "WANITA", "W", "F", "FEMALE", "2"), Sex.FEMALE)
)
# Codes and names as in the reference list of education levels; the first pattern found decides.
_EDUCATION: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"\b(?:(?:S|STRATA)[-. ]?(?:3|III)|DOKTOR)\b", "S3"),
        (r"\b(?:(?:S|STRATA)[-. ]?(?:2|II)|MAGISTER|SPESIALIS|SP-?1)\b", "S2"),
        (r"\b(?:D[-.]?(?:III|3)|DIPLOMA (?:III|3)|SARJANA MUDA|AKADEMI)\b", "D3"),
        (r"\b(?:D[-.]?(?:IV|4)|DIPLOMA (?:IV|4)|SARJANA TERAPAN)\b", "D4"),
        (r"\b(?:(?:S|STRATA)[-. ]?(?:1|I)|SARJANA|PROFESI)\b", "S1"),
        (r"\b(?:D[-.]?(?:II|2)|DIPLOMA (?:II|2))\b", "D2"),
        (r"\b(?:D[-.]?(?:I|1)|DIPLOMA (?:I|1))\b", "D1"),
        (
            r"\b(?:SLTA|SMA|SMU|SMK|MA|STM|SMEA|SPG|"
            r"SEKOLAH (?:LANJUTAN|MENENGAH)(?: TINGKAT)? (?:ATAS|KEJURUAN)|PAKET C)\b",
            "SLTA",
        ),
        (
            r"\b(?:SLTP|SMP|MTS|SEKOLAH (?:LANJUTAN|MENENGAH)(?: TINGKAT)? PERTAMA|PAKET B)\b",
            "SLTP",
        ),
        (r"\b(?:SD|MI|SEKOLAH DASAR|PAKET A)\b", "SD"),
    )
)


def _upper(cell: Cell) -> str | None:
    text = clean_text(cell)
    return None if text is None else text.upper()


def parse_golongan(cell: Cell) -> str | None:
    """Return a rank as `III/a` (PNS) or a grade as `IX` (PPPK) from its usual spellings.

    Raises:
        CellError: neither.
    """
    text = _upper(cell)
    if text is None:
        return None
    if match := _PNS_GOLONGAN.fullmatch(text):
        rank = match[1] if match[1] in _ROMAN else _ROMAN[int(match[1]) - 1]
        if rank == "IV" or match[2] != "E":
            return f"{rank}/{match[2].lower()}"
    elif match := _PPPK_GOLONGAN.fullmatch(text):
        if match[1] in GRADES:
            return match[1]
        # 1 to 4 alone may be a PNS rank that lost its letter.
        if match[1].isdigit() and 5 <= int(match[1]) <= len(GRADES):
            return GRADES[int(match[1]) - 1]
    raise CellError(
        N_('Golongan "%(value)s" tidak dikenal. Contoh: III/a untuk PNS, IX untuk PPPK.'),
        value=text[:40],
    )


def parse_employment_kind(cell: Cell) -> EmploymentKind | None:
    """Return PNS, CPNS or PPPK.

    Raises:
        CellError: another kind of worker, or not understood.
    """
    text = _upper(cell)
    if text is None:
        return None
    if "NON ASN" not in text and "NON PNS" not in text:
        for word, kind in _KINDS:
            if word in text:
                return kind
    raise CellError(N_('Jenis pegawai "%(value)s" bukan PNS, CPNS, atau PPPK.'), value=text[:60])


def parse_cpns_status(cell: Cell) -> EmploymentKind | None:
    """Return CPNS or PNS from the SIASN status column, which holds a word or one letter.

    Raises:
        CellError: another value.
    """
    text = _upper(cell)
    if text in ("C", "P"):
        return EmploymentKind.CPNS if text == "C" else EmploymentKind.PNS
    return parse_employment_kind(text)


def parse_employment_state(cell: Cell) -> EmploymentState | None:
    """Return the employment state that a kedudukan hukum means.

    Raises:
        CellError: not understood; a person who left must not come in as active.
    """
    text = _upper(cell)
    if text is None:
        return None
    for word, state in _STATES:
        if word in text:
            return state
    raise CellError(
        N_('Kedudukan hukum "%(value)s" tidak dikenal. Contoh: Aktif, Tugas Belajar, Pensiun.'),
        value=text[:60],
    )


def parse_position_kind(cell: Cell) -> str | None:
    """Return a PositionKind value, or STRUCTURAL where only the eselon can tell which.

    Raises:
        CellError: not understood.
    """
    text = _upper(cell)
    if text is None:
        return None
    for word, kind in _POSITION_KINDS:
        if word in text:
            return kind
    raise CellError(N_('Jenis jabatan "%(value)s" tidak dikenal.'), value=text[:60])


def position_kind_of_eselon(eselon: str | None) -> PositionKind | None:
    """Return the class of a structural position by its eselon (I and II are JPT)."""
    return None if eselon is None else _KIND_OF_ESELON.get(eselon.split(".", maxsplit=1)[0])


def parse_eselon(cell: Cell) -> str | None:
    """Return an eselon as `II.b`; `Non Eselon` is none.

    Raises:
        CellError: not understood.
    """
    text = _upper(cell)
    if text is None or text == "0" or text.startswith(("NON", "TIDAK", "STAF")):
        return None
    if match := _ESELON.fullmatch(text):
        return f"{match[1]}.{match[2].lower()}"
    raise CellError(N_('Eselon "%(value)s" tidak dikenal. Contoh: III.a.'), value=text[:40])


def parse_sex(cell: Cell) -> Sex | None:
    """Return the sex code.

    Raises:
        CellError: not understood.
    """
    text = _upper(cell)
    if text is None:
        return None
    if text not in _SEXES:
        raise CellError(N_('Jenis kelamin "%(value)s" tidak dikenal; isi L atau P.'), value=text)
    return _SEXES[text]


def parse_education_level(cell: Cell) -> str | None:
    """Return the code of an education level, SD to S3.

    Raises:
        CellError: not understood.
    """
    text = _upper(cell)
    if text is None:
        return None
    for pattern, code in _EDUCATION:
        if pattern.search(text):
            return code
    raise CellError(
        N_('Tingkat pendidikan "%(value)s" tidak dikenal. Contoh: SLTA, D3, S1.'),
        value=text[:60],
    )
