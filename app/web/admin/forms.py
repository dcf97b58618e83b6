"""Forms of the administration of accounts."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from app.core.accounts.grants import SCOPES
from app.core.actor import RoleName, ScopeKind
from app.web.forms_base import BaseForm

_given = DataRequired(_l("Wajib diisi."))

ROLE_WORDS = {
    RoleName.EMPLOYEE: _l("Pegawai (ASN)"),
    RoleName.SUPERVISOR: _l("Atasan langsung"),
    RoleName.OPD_MANAGER: _l("Pengelola kepegawaian OPD"),
    RoleName.ASSESSOR: _l("Penilai kompetensi"),
    RoleName.ORGANISER: _l("Penyelenggara pelatihan"),
    RoleName.OFFICER: _l("Petugas BKPSDM"),
    RoleName.EXECUTIVE: _l("Pimpinan"),
    RoleName.AUDITOR: _l("Auditor"),
    RoleName.ADMIN: _l("Administrator"),
}
SCOPE_WORDS = {
    ScopeKind.CITY: _l("Seluruh kota"),
    ScopeKind.OPD: _l("Satu OPD"),
    ScopeKind.UNIT: _l("Satu unit kerja"),
}
STATE_WORDS = {
    "pending": _l("Menunggu aktivasi"),
    "active": _l("Aktif"),
    "suspended": _l("Ditangguhkan"),
    "closed": _l("Ditutup"),
}


class NewAccountForm(BaseForm):
    """Somebody who gets an account one by one."""

    nip = StringField(_l("NIP"), [Optional(), Length(max=40)])
    name = StringField(_l("Nama"), [Optional(), Length(max=200)])
    email = StringField(_l("E-mail"), [Optional(), Length(max=254)])


class GrantForm(BaseForm):
    """A role with reach, place and dates."""

    role = SelectField(_l("Peran"), [_given])
    scope = SelectField(_l("Jangkauan"), [_given])
    opd_id = SelectField(_l("OPD"), [Optional()], default="")
    unit_id = SelectField(_l("Unit kerja"), [Optional()], default="")
    since = DateField(_l("Mulai"), [Optional()])
    until = DateField(_l("Sampai dengan"), [Optional()])

    def offer(
        self,
        roles: tuple[RoleName, ...],
        opds: list[tuple[int, str]],
        units: list[tuple[int, str]],
    ) -> "GrantForm":
        """Put in the choices that the signed-in person has."""
        scopes = [scope for scope in SCOPE_WORDS if any(scope in SCOPES[role] for role in roles)]
        self.role.choices = [
            ("", _l("Pilih peran")),
            *((role.value, ROLE_WORDS[role]) for role in roles),
        ]
        self.scope.choices = [
            ("", _l("Pilih jangkauan")),
            *((s.value, SCOPE_WORDS[s]) for s in scopes),
        ]
        self.opd_id.choices = [("", "–"), *((str(key), name) for key, name in opds)]
        self.unit_id.choices = [("", "–"), *((str(key), name) for key, name in units)]
        return self
