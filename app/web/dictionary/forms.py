"""Input of the dictionary: the policy of a competency."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional as Maybe

from app.web.forms_base import BaseForm
from skills.rules import PolicyMode


class PolicyForm(BaseForm):
    """Which rows of the history decide about the level in force."""

    mode = SelectField(
        _l("Aturan level"),
        choices=[
            SelectChoice(PolicyMode.BEST.value, _l("Tertinggi yang masih berlaku")),
            SelectChoice(PolicyMode.LATEST.value, _l("Pengukuran terbaru")),
            SelectChoice(PolicyMode.BEST_WITHIN.value, _l("Tertinggi dalam N tahun terakhir")),
        ],
    )
    years = IntegerField(_l("N (tahun)"), validators=[Maybe()])
