"""The living page of components: invented data only, reads and changes nothing."""

from flask import Blueprint, abort, render_template, request
from flask_babel import force_locale, get_locale

from app.web.access import public
from app.web.gallery import samples
from app.web.gallery.forms import SampleForm
from app.web.i18n import LANGUAGES

bp = Blueprint("gallery", __name__, url_prefix="/komponen")

ERROR_PAGES = (400, 403, 404, 409, 413, 429, 500)


def _language() -> str:
    chosen = request.args.get("bahasa", "")
    return chosen if chosen in LANGUAGES else str(get_locale() or "id")


@bp.get("")
@public
def index() -> str:
    """Show all components in all states, in the language asked for by `bahasa`."""
    with force_locale(_language()):
        form = SampleForm()
        wrong = SampleForm(data={"nip": "1987", "opd": "a"}, prefix="salah")
        wrong.validate()
        return render_template("gallery/index.html", form=form, wrong=wrong, **samples.context())


@bp.get("/masuk")
@public
def sign_in() -> str:
    """Show the layout of the sign-in page."""
    with force_locale(_language()):
        return render_template("gallery/sign_in.html", form=SampleForm())


@bp.get("/galat/<int:code>")
@public
def fault(code: int) -> str:
    """Show one of the error pages, with status 200 because nothing went wrong."""
    if code not in ERROR_PAGES:
        abort(404)
    with force_locale(_language()):
        reference = "a1b2c3d4" if code == 500 else None
        return render_template(f"errors/{code}.html", status=code, message="", reference=reference)
