"""Input of the verifier: shape and wording; the rules stay in the services."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as Maybe

from app.web.forms_base import BaseForm
from skills.models import RejectionReason


def _number(value: str | None) -> int | None:
    return int(value) if value and str(value).isdigit() else None


class AcceptForm(BaseForm):
    """Accept, at the claimed level or a lower one."""

    level = IntegerField(
        _l("Level yang terbukti"),
        validators=[
            InputRequired(_l("Pilih level yang dibuktikan.")),
            NumberRange(1, 5, _l("Level harus antara 1 dan 5.")),
        ],
    )
    note = TextAreaField(_l("Catatan"), validators=[Maybe(), Length(max=1000)])
    version = HiddenField(validators=[InputRequired()], filters=[_number])


class ReturnForm(BaseForm):
    """Return with a maintained reason and free text."""

    reason_code = RadioField(
        _l("Alasan"), validators=[InputRequired(_l("Pilih alasan pengembalian."))]
    )
    text = TextAreaField(
        _l("Penjelasan untuk pemilik"),
        description=_l("Sebutkan apa yang perlu diperbaiki."),
        validators=[Maybe(), Length(max=1000)],
    )
    version = HiddenField(validators=[InputRequired()], filters=[_number])

    def offer(self, reasons: Sequence[RejectionReason], english: bool) -> "ReturnForm":
        """Offer the reasons in use."""
        self.reason_code.choices = [
            (reason.code, reason.text_en if english else reason.text) for reason in reasons
        ]
        return self
