"""Facts about staff files: the 69 SIASN columns, our fields, old header names, personal columns.

Source of the header names: public code that reads real SIASN exports (secondary). Which columns are
dropped as personal data that the platform does not need: local draft under UU 27/2022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.core.i18n import N_
from skills.siasn.problems import Severity


class Use(StrEnum):
    """What the import does with a SIASN column."""

    USE = "use"
    OPTIONAL = "optional"
    DROP = "drop"


@dataclass(frozen=True)
class SiasnColumn:
    """One column of the SIASN export and the field it fills, if any."""

    header: str
    use: Use
    field: str | None = None


@dataclass(frozen=True)
class Field:
    """A target of the import.

    Args:
        name: key in `ParsedRow.values`.
        label: Indonesian msgid shown beside the column.
        on_bad: severity of a cell that cannot be understood.
        required: no import without a column for it.
        max_length: longest text, as the database holds it.
    """

    name: str
    label: str
    on_bad: Severity = Severity.WARNING
    required: bool = False
    max_length: int = 200


_E = Severity.ERROR
FIELDS: tuple[Field, ...] = (
    Field("nip", N_("NIP"), _E, required=True, max_length=18),
    Field("nip_lama", N_("NIP lama"), max_length=9),
    Field("name", N_("Nama"), _E, required=True),
    Field("title_front", N_("Gelar depan"), max_length=60),
    Field("title_back", N_("Gelar belakang"), max_length=100),
    Field("birth_date", N_("Tanggal lahir"), _E),
    Field("sex", N_("Jenis kelamin")),
    Field("official_email", N_("Surel dinas"), max_length=254),
    Field("employment_kind", N_("Jenis pegawai"), _E),
    Field("cpns_status", N_("Status CPNS/PNS")),
    Field("employment_state", N_("Kedudukan hukum"), _E),
    Field("golongan", N_("Golongan"), _E),
    Field("golongan_since", N_("TMT golongan"), _E),
    Field("position_kind", N_("Jenis jabatan")),
    Field("position_name", N_("Nama jabatan"), _E, max_length=250),
    Field("position_since", N_("TMT jabatan"), _E),
    Field("eselon", N_("Eselon")),
    Field("education_level", N_("Tingkat pendidikan")),
    Field("education_field", N_("Pendidikan")),
    Field("graduation_year", N_("Tahun lulus")),
    Field("school", N_("Nama sekolah")),
    Field("unit_name", N_("Unit kerja"), _E, max_length=250),
    Field("unit_code", N_("Kode unit (UNOR ID)"), max_length=60),
    Field("opd_name", N_("Perangkat daerah"), _E),
    Field("service_start", N_("TMT CPNS/PPPK"), _E),
)
FIELD_BY_NAME: Mapping[str, Field] = MappingProxyType({field.name: field for field in FIELDS})
REQUIRED_FIELDS: tuple[str, ...] = tuple(field.name for field in FIELDS if field.required)

_U, _O, _D = Use.USE, Use.OPTIONAL, Use.DROP
SIASN_COLUMNS: tuple[SiasnColumn, ...] = (
    SiasnColumn("PNS ID", _O),
    SiasnColumn("NIP BARU", _U, "nip"),
    SiasnColumn("NIP LAMA", _O, "nip_lama"),
    SiasnColumn("NAMA", _U, "name"),
    SiasnColumn("GELAR DEPAN", _U, "title_front"),
    SiasnColumn("GELAR BELAKANG", _U, "title_back"),
    SiasnColumn("TEMPAT LAHIR ID", _O),
    SiasnColumn("TEMPAT LAHIR NAMA", _O),
    SiasnColumn("TANGGAL LAHIR", _U, "birth_date"),
    SiasnColumn("JENIS KELAMIN", _U, "sex"),
    SiasnColumn("AGAMA ID", _D),
    SiasnColumn("AGAMA NAMA", _D),
    SiasnColumn("JENIS KAWIN ID", _D),
    SiasnColumn("JENIS KAWIN NAMA", _D),
    SiasnColumn("NIK", _D),
    SiasnColumn("NOMOR HP", _D),
    SiasnColumn("EMAIL", _D),
    SiasnColumn("EMAIL GOV", _U, "official_email"),
    SiasnColumn("ALAMAT", _D),
    SiasnColumn("NPWP NOMOR", _D),
    SiasnColumn("BPJS", _D),
    SiasnColumn("JENIS PEGAWAI ID", _O),
    SiasnColumn("JENIS PEGAWAI NAMA", _U, "employment_kind"),
    SiasnColumn("KEDUDUKAN HUKUM ID", _O),
    SiasnColumn("KEDUDUKAN HUKUM NAMA", _U, "employment_state"),
    SiasnColumn("STATUS CPNS PNS", _U, "cpns_status"),
    SiasnColumn("KARTU ASN VIRTUAL", _D),
    SiasnColumn("NOMOR SK CPNS", _O),
    SiasnColumn("TANGGAL SK CPNS", _O),
    SiasnColumn("TMT CPNS", _O, "service_start"),
    SiasnColumn("NOMOR SK PNS", _O),
    SiasnColumn("TANGGAL SK PNS", _O),
    SiasnColumn("TMT PNS", _O),
    SiasnColumn("GOL AWAL ID", _O),
    SiasnColumn("GOL AWAL NAMA", _O),
    SiasnColumn("GOL AKHIR ID", _O),
    SiasnColumn("GOL AKHIR NAMA", _U, "golongan"),
    SiasnColumn("TMT GOLONGAN", _U, "golongan_since"),
    SiasnColumn("MK TAHUN", _O),
    SiasnColumn("MK BULAN", _O),
    SiasnColumn("JENIS JABATAN ID", _O),
    SiasnColumn("JENIS JABATAN NAMA", _U, "position_kind"),
    SiasnColumn("JABATAN ID", _O),
    SiasnColumn("JABATAN NAMA", _U, "position_name"),
    SiasnColumn("TMT JABATAN", _U, "position_since"),
    SiasnColumn("TINGKAT PENDIDIKAN ID", _O),
    SiasnColumn("TINGKAT PENDIDIKAN NAMA", _U, "education_level"),
    SiasnColumn("PENDIDIKAN ID", _O),
    SiasnColumn("PENDIDIKAN NAMA", _U, "education_field"),
    SiasnColumn("TAHUN LULUS", _O, "graduation_year"),
    SiasnColumn("KPKN ID", _O),
    SiasnColumn("KPKN NAMA", _O),
    SiasnColumn("LOKASI KERJA ID", _O),
    SiasnColumn("LOKASI KERJA NAMA", _O),
    SiasnColumn("UNOR ID", _U, "unit_code"),
    SiasnColumn("UNOR NAMA", _U, "unit_name"),
    SiasnColumn("INSTANSI INDUK ID", _O),
    SiasnColumn("INSTANSI INDUK NAMA", _O),
    SiasnColumn("INSTANSI KERJA ID", _O),
    SiasnColumn("INSTANSI KERJA NAMA", _O),
    SiasnColumn("SATUAN KERJA INDUK ID", _O),
    SiasnColumn("SATUAN KERJA INDUK NAMA", _O),
    SiasnColumn("SATUAN KERJA KERJA ID", _O),
    SiasnColumn("SATUAN KERJA KERJA NAMA", _U, "opd_name"),
    SiasnColumn("IS VALID NIK", _D),
    SiasnColumn("NAMA SEKOLAH", _O, "school"),
    SiasnColumn("FLAG IKD", _D),
    SiasnColumn("ESELON ID", _O),
    SiasnColumn("ESELON NAMA", _U, "eselon"),
)

# Headers of older and simpler files, best first; where a file has several for one field, the
# earlier one is taken. Source: general knowledge of staff lists (local draft).
SYNONYMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "nip": (
            "NIP",
            "NIP NI PPPK",
            "NI PPPK",
            "NIP PPPK",
            "NIP PNS",
            "NIPBARU",
            "NOMOR INDUK PEGAWAI",
            "NOMOR INDUK",
        ),
        "nip_lama": ("NIPLAMA",),
        "name": ("NAMA LENGKAP", "NAMA PEGAWAI", "NAMA ASN", "NAMA PNS", "NAMA DAN GELAR"),
        "title_front": ("GLR DEPAN", "GELAR DPN"),
        "title_back": ("GLR BELAKANG", "GELAR BLK", "GELAR"),
        "birth_date": ("LAHIR", "TANGGALLAHIR"),
        "sex": ("JK", "L P", "KELAMIN", "JENKEL", "GENDER"),
        "official_email": (
            "EMAIL DINAS",
            "EMAIL RESMI",
            "EMAIL KANTOR",
            "EMAIL GO ID",
            "SUREL DINAS",
        ),
        "employment_kind": (
            "JENIS PEGAWAI",
            "STATUS KEPEGAWAIAN",
            "STATUS PEGAWAI",
            "JENIS ASN",
            "STATUS ASN",
        ),
        "cpns_status": ("CPNS PNS",),
        "employment_state": ("KEDUDUKAN HUKUM", "KEDUDUKAN PEGAWAI", "STATUS AKTIF"),
        "golongan": (
            "GOLONGAN",
            "GOL",
            "GOLONGAN RUANG",
            "GOL RUANG",
            "GOL AKHIR",
            "PANGKAT GOLONGAN RUANG",
            "PANGKAT GOL RUANG",
            "PANGKAT GOLONGAN",
            "PANGKAT GOL",
            "PANGKAT",
        ),
        "golongan_since": ("TMT GOL", "TMT GOL RUANG", "TMT PANGKAT"),
        "position_kind": ("JENIS JABATAN", "JENISJAB"),
        "position_name": ("JABATAN", "NAMA JABATAN", "JABATAN TERAKHIR"),
        "position_since": ("TMT JAB",),
        "eselon": ("ESELON", "ESL"),
        "education_level": (
            "TINGKAT PENDIDIKAN",
            "JENJANG PENDIDIKAN",
            "JENJANG",
            "PENDIDIKAN TERAKHIR",
            "PENDIDIKAN",
        ),
        "education_field": ("JURUSAN", "PROGRAM STUDI", "PRODI", "NAMA PENDIDIKAN", "BIDANG STUDI"),
        "graduation_year": ("LULUS", "TAHUN IJAZAH"),
        "school": ("SEKOLAH", "UNIVERSITAS", "PERGURUAN TINGGI", "NAMA PERGURUAN TINGGI"),
        "unit_name": ("UNIT KERJA", "NAMA UNIT KERJA", "UNIT ORGANISASI", "UNOR", "UNIT", "BIDANG"),
        "unit_code": ("ID UNOR", "KODE UNOR", "KODE UNIT", "KODE UNIT KERJA"),
        "opd_name": (
            "OPD",
            "NAMA OPD",
            "PERANGKAT DAERAH",
            "SKPD",
            "UNOR INDUK NAMA",
            "NAMA UNOR INDUK",
            "UNOR INDUK",
            "SATUAN KERJA KERJA",
            "SATUAN KERJA",
            "SATKER",
        ),
        "service_start": ("TMT PPPK", "TMT CPNS PPPK", "TMT PENGANGKATAN", "TANGGAL MASUK"),
    }
)

# A column with one of these words is personal data and never stored.
PERSONAL_WORDS: frozenset[str] = frozenset(
    "NIK KTP KK AGAMA KAWIN PERKAWINAN NIKAH PERNIKAHAN HP HANDPHONE TELEPON TELP TELPON WA "
    "WHATSAPP EMAIL SUREL ALAMAT NPWP BPJS TASPEN KARPEG IKD REKENING SUKU DARAH IBU AYAH SUAMI "
    "ISTRI ANAK PENYAKIT DISABILITAS".split()
)
PERSONAL_HEADERS: frozenset[str] = frozenset(
    column.header for column in SIASN_COLUMNS if column.use is Use.DROP
)
# A simple file may hold the official address under this name; only a person can know.
CHOOSABLE_PERSONAL: Mapping[str, str] = MappingProxyType({"EMAIL": "official_email"})

IMPORT_STATUS_HEADER = "STATUS IMPOR"
IMPORT_NOTES_HEADER = "CATATAN IMPOR"
# Known and useless: numbering, remarks, and the columns that our own result files add.
IGNORED_HEADERS: frozenset[str] = frozenset(
    {"NO", "NOMOR", "NO URUT", "NOMOR URUT", "KETERANGAN", IMPORT_STATUS_HEADER}
    | {IMPORT_NOTES_HEADER}
    | {column.header for column in SIASN_COLUMNS if column.use is not Use.DROP and not column.field}
)
