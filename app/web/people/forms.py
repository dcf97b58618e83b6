"""Shape and wording of the forms about employees; the rules are in the services."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from app.web.forms_base import BaseForm
from skills.enums import EmploymentKind, PositionKind
from skills.siasn.terms import GRADES

_given = DataRequired(_l("Wajib diisi."))
STATE_WORDS: Mapping[str, Any] = {
    "active": _l("Aktif"),
    "study_leave": _l("Tugas belajar"),
    "unpaid_leave": _l("Cuti di luar tanggungan negara"),
    "suspended": _l("Berhenti sementara"),
    "moved": _l("Pindah instansi"),
    "retired": _l("Pensiun"),
    "left": _l("Berhenti"),
}
STATE_TONES: Mapping[str, str] = {
    "active": "success",
    "study_leave": "info",
    "unpaid_leave": "warning",
    "suspended": "danger",
    "moved": "neutral",
    "retired": "neutral",
    "left": "neutral",
}
KIND_WORDS: Mapping[str, Any] = {kind.value: kind.value for kind in EmploymentKind}
POSITION_WORDS: Mapping[str, Any] = {
    PositionKind.JPT.value: _l("Jabatan pimpinan tinggi"),
    PositionKind.ADMINISTRATOR.value: _l("Administrator"),
    PositionKind.PENGAWAS.value: _l("Pengawas"),
    PositionKind.PELAKSANA.value: _l("Pelaksana"),
    PositionKind.FUNGSIONAL.value: _l("Fungsional"),
}
CHANGE_WORDS: Mapping[str, Any] = {
    "transfer": _l("Mutasi ke perangkat daerah atau unit lain"),
    "moved": _l("Pindah ke instansi lain"),
    "retired": _l("Pensiun"),
    "left": _l("Berhenti atau meninggal"),
}
SEVERITY_WORDS: Mapping[str, Any] = {
    "light": _l("Ringan"),
    "medium": _l("Sedang"),
    "heavy": _l("Berat"),
    "in_progress": _l("Dalam proses"),
}
SEX_WORDS: Mapping[str, Any] = {"L": _l("Laki-laki"), "P": _l("Perempuan")}
EDUCATION = ("SD", "SLTP", "SLTA", "D1", "D2", "D3", "D4", "S1", "S2", "S3")
PNS_RANKS = tuple(
    f"{rank}/{letter}"
    for rank in ("I", "II", "III", "IV")
    for letter in "abcde"[: 4 + (rank == "IV")]
)


def _number(text: str) -> int | None:
    return int(text) if text else None


def _text(text: str) -> str | None:
    return text or None


def options(pairs: Iterable[tuple[Any, Any]], blank: Any = None) -> list[SelectChoice]:
    """Return the choices of a select field, with a blank one in front where it has words."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return [*first, *(SelectChoice(key, word) for key, word in pairs)]


class EmployeeForm(BaseForm):
    """Facts of an employee."""

    version = HiddenField()
    name = StringField(_l("Nama"), [_given, Length(max=200)])
    title_front = StringField(_l("Gelar depan"), [Optional(), Length(max=60)])
    title_back = StringField(_l("Gelar belakang"), [Optional(), Length(max=100)])
    birth_date = DateField(_l("Tanggal lahir"), [Optional()])
    sex = SelectField(_l("Jenis kelamin"), choices=options(SEX_WORDS.items(), "–"), coerce=_text)
    official_email = StringField(_l("Surel dinas"), [Optional(), Length(max=254)])
    employment_kind = SelectField(
        _l("Jenis pegawai"),
        [_given],
        choices=options((kind.value, kind.value) for kind in EmploymentKind),
    )
    employment_state = SelectField(_l("Status"), [_given])
    golongan = SelectField(
        _l("Golongan"),
        choices=options(((code, code) for code in (*PNS_RANKS, *GRADES)), "–"),
        coerce=_text,
    )
    golongan_since = DateField(_l("TMT golongan"), [Optional()])
    unit_id = SelectField(_l("Unit kerja"), coerce=_number)
    position_id = SelectField(_l("Jabatan"), coerce=_number)
    position_since = DateField(_l("TMT jabatan"), [Optional()])
    eselon = StringField(_l("Eselon"), [Optional(), Length(max=8)])
    education_level = SelectField(
        _l("Tingkat pendidikan"),
        choices=options(((code, code) for code in EDUCATION), "–"),
        coerce=_text,
    )
    education_field = StringField(_l("Bidang pendidikan"), [Optional(), Length(max=200)])
    school = StringField(_l("Nama sekolah"), [Optional(), Length(max=200)])
    graduation_year = IntegerField(
        _l("Tahun lulus"), [Optional(), NumberRange(1930, 2100, _l("Tahun antara 1930 dan 2100."))]
    )
    service_start = DateField(_l("TMT CPNS/PPPK"), [Optional()])
    retirement_date = DateField(_l("Tanggal pensiun"), [Optional()])

    def offer(
        self, state: str, units: list[tuple[int, str]], positions: list[tuple[int, str]]
    ) -> "EmployeeForm":
        """Put in the choices; a person out of service keeps that state here."""
        open_states = ("active", "study_leave", "unpaid_leave", "suspended")
        states = open_states if state in open_states else (state,)
        self.employment_state.choices = options((key, STATE_WORDS[key]) for key in states)
        self.unit_id.choices = options(units, "–")
        self.position_id.choices = options(positions, "–")
        return self

    def values(self) -> dict[str, Any]:
        """Return what was given, by name of the column."""
        skipped = ("csrf_token", "version")
        return {field.name: field.data for field in self if field.name not in skipped}


class SupervisorForm(BaseForm):
    """Who leads an employee."""

    version = HiddenField()
    nip = StringField(_l("NIP atasan"), [Optional(), Length(max=40)])


class ChangeForm(BaseForm):
    """A transfer or departure; the preview comes before it is done."""

    kind = SelectField(_l("Perubahan"), [_given], choices=options(CHANGE_WORDS.items()))
    on = DateField(_l("Mulai tanggal"), [_given])
    opd_id = SelectField(_l("Perangkat daerah tujuan"), coerce=_number)
    unit_id = SelectField(_l("Unit kerja tujuan"), coerce=_number)
    position_id = SelectField(_l("Jabatan baru"), coerce=_number)
    reason = TextAreaField(_l("Alasan"), [_given, Length(max=300)])

    def offer(
        self,
        opds: list[tuple[int, str]],
        units: list[tuple[int, str]],
        positions: list[tuple[int, str]],
    ) -> "ChangeForm":
        """Put in the places a person may go to."""
        self.opd_id.choices = options(opds, "–")
        self.unit_id.choices = options(units, "–")
        self.position_id.choices = options(positions, _l("Jabatan tetap"))
        return self
