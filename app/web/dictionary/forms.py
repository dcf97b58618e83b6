"""Input of the dictionary: frameworks, competencies, paths, and the policy of a level."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as Maybe

from app.web.forms_base import BaseForm
from skills.enums import CompetencyKind, LevelSource
from skills.rules import PolicyMode

_SOURCES = [
    SelectChoice("", _l("Urutan baku")),
    SelectChoice(LevelSource.ASSESSMENT.value, _l("Hasil asesmen")),
    SelectChoice(LevelSource.ASSESSOR.value, _l("Penilaian asesor")),
    SelectChoice(LevelSource.CERTIFICATE.value, _l("Sertifikat e-karir")),
    SelectChoice(LevelSource.EVIDENCE.value, _l("Bukti terverifikasi")),
    SelectChoice(LevelSource.PATH.value, _l("Jalur yang terpenuhi")),
]
_KINDS = [
    SelectChoice(CompetencyKind.TEKNIS.value, _l("Teknis")),
    SelectChoice(CompetencyKind.MANAJERIAL.value, _l("Manajerial")),
    SelectChoice(CompetencyKind.SOSIAL_KULTURAL.value, _l("Sosial kultural")),
    SelectChoice(CompetencyKind.DIGITAL.value, _l("Digital")),
]


def _trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the lines of a text area that say something."""
    return tuple(line.strip(" •\t") for line in (text or "").splitlines() if line.strip(" •\t"))


class PolicyForm(BaseForm):
    """Which rows of the history decide about the level in force."""

    mode = SelectField(
        _l("Aturan level"),
        choices=[
            SelectChoice(PolicyMode.BEST.value, _l("Tertinggi yang masih berlaku")),
            SelectChoice(PolicyMode.LATEST.value, _l("Pengukuran terbaru")),
            SelectChoice(PolicyMode.BEST_WITHIN.value, _l("Tertinggi dalam N tahun terakhir")),
            SelectChoice(PolicyMode.PRIORITY.value, _l("Menurut sumber terkuat")),
        ],
    )
    years = IntegerField(_l("N (tahun)"), validators=[Maybe()])
    source_1 = SelectField(_l("Sumber terkuat"), choices=_SOURCES, default="")
    source_2 = SelectField(_l("Sumber berikutnya"), choices=_SOURCES, default="")
    source_3 = SelectField(_l("Lalu"), choices=_SOURCES, default="")

    @property
    def sources(self) -> list[str]:
        """The chosen order of sources."""
        return [field.data for field in (self.source_1, self.source_2, self.source_3) if field.data]


class FrameworkForm(BaseForm):
    """A dictionary from one source."""

    code = StringField(
        _l("Kode"),
        filters=[_trimmed],
        validators=[InputRequired(), Length(max=30)],
        description=_l("Tanpa spasi, misalnya SFIA atau SKKNI-JARINGAN. Kode tidak berubah lagi."),
    )
    name = StringField(
        _l("Nama"), filters=[_trimmed], validators=[InputRequired(), Length(max=200)]
    )
    name_en = StringField(_l("Nama Inggris"), filters=[_trimmed], validators=[Length(max=200)])
    kind = SelectField(_l("Jenis kompetensi"), choices=_KINDS)
    version = StringField(
        _l("Versi"), filters=[_trimmed], validators=[InputRequired(), Length(max=20)], default="1"
    )
    source = TextAreaField(
        _l("Sumber"),
        filters=[_trimmed],
        description=_l("Aturan, dokumen, atau alamat asalnya; sebutkan bila draf lokal."),
    )
    valid_from = DateField(_l("Berlaku sejak"), validators=[Maybe()])
    valid_until = DateField(_l("Berlaku sampai"), validators=[Maybe()])


class CompetencyForm(BaseForm):
    """A competency or an area: names and settings, and what each level says."""

    code = StringField(
        _l("Kode"),
        filters=[_trimmed],
        validators=[InputRequired(), Length(max=30)],
        description=_l("Tanpa spasi. Kode tidak berubah lagi; nama boleh diganti kapan saja."),
    )
    is_area = BooleanField(_l("Ini sebuah bidang yang memuat kompetensi lain"))
    name = StringField(
        _l("Nama"), filters=[_trimmed], validators=[InputRequired(), Length(max=200)]
    )
    name_en = StringField(_l("Nama Inggris"), filters=[_trimmed], validators=[Length(max=200)])
    kind = SelectField(_l("Jenis kompetensi"), choices=_KINDS)
    parent_id = SelectField(_l("Bidang"), coerce=int, default=0)
    two_stage = BooleanField(_l("Klaim diperiksa dua tahap (unit, lalu kota)"))
    months = IntegerField(_l("Bukti berlaku (bulan)"), validators=[Maybe()])
    definition = TextAreaField(_l("Definisi"), filters=[_trimmed])
    keywords = TextAreaField(_l("Kata kunci"), description=_l("Satu per baris, dua bahasa."))
    level_1 = TextAreaField(_l("Perilaku level 1"))
    level_2 = TextAreaField(_l("Perilaku level 2"))
    level_3 = TextAreaField(_l("Perilaku level 3"))
    level_4 = TextAreaField(_l("Perilaku level 4"))
    level_5 = TextAreaField(_l("Perilaku level 5"))
    mappings = TextAreaField(
        _l("Padanan di kerangka lain"),
        description=_l("Satu per baris: kerangka:kode:nama, misalnya SFIA:DTAN:Data modelling."),
    )
    valid_from = DateField(
        _l("Rumusan baru berlaku sejak"),
        validators=[Maybe()],
        description=_l("Hanya dipakai bila rumusannya berubah dan kompetensi ini sudah dipakai."),
    )
    reason = StringField(
        _l("Alasan perubahan"), filters=[_trimmed], validators=[Length(max=300)], default=""
    )
    revision = HiddenField()
