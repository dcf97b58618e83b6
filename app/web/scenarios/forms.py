"""Input of scenarios: the constraints, and the places that become proposals."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.core.errors import DomainError
from app.web.forms_base import BaseForm
from app.web.i18n import render
from matching.models import AssignmentScenario
from matching.services.scenarios import ScenarioSettings


class ScenarioForm(BaseForm):
    """The constraints of a scenario."""

    name = StringField(_l("Nama skenario"), validators=[DataRequired(), Length(max=200)])
    least_fit = DecimalField(
        _l("Kesesuaian paling rendah"),
        places=0,
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    most_leavers = IntegerField(
        _l("Paling banyak keluar dari satu OPD"), validators=[Maybe(), NumberRange(0, 100)]
    )
    own_opd_bonus = DecimalField(
        _l("Keutamaan orang OPD sendiri (poin)"),
        default=5,
        places=0,
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    keep_holders = BooleanField(_l("Ikutkan kursi yang terisi"))
    keep_margin = DecimalField(
        _l("Ganti pengisi hanya bila lebih baik (poin)"),
        default=10,
        places=0,
        validators=[InputRequired(), NumberRange(0, 100)],
    )
    backups = BooleanField(_l("Sertakan cadangan setiap kursi"))
    must_fill = BooleanField(_l("Semua kursi harus terisi"))
    locked = TextAreaField(_l("Pasangan yang dikunci"), validators=[Maybe(), Length(max=4000)])

    @classmethod
    def like(cls, scenario: AssignmentScenario) -> "ScenarioForm":
        """Return a form with the constraints of a scenario, to be changed and solved anew."""
        given = {key: value for key, value in scenario.settings.items() if key != "locked"}
        return cls(formdata=None, name=_("%(name)s (ubahan)", name=scenario.name)[:200], **given)

    def settings(self, pairs: tuple[tuple[int, int], ...]) -> ScenarioSettings:
        """Return the constraints as the service reads them."""
        return ScenarioSettings(
            least_fit=float(self.least_fit.data or 0),
            most_leavers=self.most_leavers.data,
            own_opd_bonus=float(self.own_opd_bonus.data or 0),
            keep_holders=self.keep_holders.data,
            keep_margin=float(self.keep_margin.data or 0),
            backups=self.backups.data,
            must_fill=self.must_fill.data,
            locked=pairs,
        )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service at its field."""
        field = getattr(self, error.field or "name")
        field.errors = [*field.errors, render(error.message)]


class ProposalForm(BaseForm):
    """Places ticked in the result, and why."""

    numbers = SelectMultipleField(coerce=int, validate_choice=False, validators=[InputRequired()])
    reason = StringField(_l("Alasan usulan"), validators=[DataRequired(), Length(max=500)])
