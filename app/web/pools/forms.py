"""Input of talent pools, with their words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.core import clock
from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from skills.models import Opd


def kind_words() -> dict[str, str]:
    """Return the types of pools; keys are kept, so renaming one is safe."""
    return {
        "succession": _("Rencana suksesi"),
        "smart_city": _("Smart city"),
        "leadership": _("Kepemimpinan"),
        "technical": _("Teknis"),
    }


def state_words() -> dict[str, tuple[str, str]]:
    """Return word and tone of the states of a pool."""
    return {
        "draft": (_("Rancangan"), "neutral"),
        "open": (_("Berlaku"), "success"),
        "closed": (_("Ditutup"), "neutral"),
    }


class PoolForm(BaseForm):
    """A new pool."""

    name = StringField(_l("Nama kelompok"), validators=[DataRequired(), Length(max=200)])
    kind = SelectField(_l("Jenis"), validators=[InputRequired()])
    owner = StringField(
        _l("Pemilik"),
        description=_l("Unit atau pejabat yang bertanggung jawab."),
        validators=[DataRequired(), Length(max=200)],
    )
    opd_id = SelectField(_l("Cakupan"), coerce=int, default=0)
    starts_on = DateField(_l("Mulai"), validators=[InputRequired()])
    ends_on = DateField(_l("Berakhir"), validators=[InputRequired()])

    def offer(self, opd: Sequence[Opd]) -> None:
        """Offer types and OPD; the coming year is the usual period."""
        self.kind.choices = list(kind_words().items())
        self.opd_id.choices = [(0, _("Seluruh kota")), *((row.id, row.name) for row in opd)]
        if not self.is_submitted():
            year = clock.today().year
            self.starts_on.data, self.ends_on.data = date(year, 1, 1), date(year, 12, 31)

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "name": self.name.data or "",
            "kind": self.kind.data,
            "owner": self.owner.data or "",
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "opd_id": self.opd_id.data or None,
        }

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        field = getattr(self, error.field or "name")
        field.errors = [*field.errors, render(error.message)]
