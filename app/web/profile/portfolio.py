"""One's own portfolio: add, change, remove."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import Length
from wtforms.validators import Optional as Maybe

from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.claims.forms import put_error
from app.web.forms_base import BaseForm
from app.web.i18n import render
from app.web.profile.routes import bp
from skills.services.profile_parts import own_item, remove_portfolio_item, save_portfolio_item


class PortfolioForm(BaseForm):
    """A project or piece of work."""

    title = StringField(_l("Judul"), validators=[Length(max=200)])
    year = IntegerField(_l("Tahun"), validators=[Maybe()])
    description = TextAreaField(
        _l("Uraian"),
        description=_l("Peran Anda, hasilnya, dan siapa yang memakainya."),
        validators=[Maybe(), Length(max=3000)],
    )
    link = StringField(_l("Tautan"), validators=[Maybe(), Length(max=300)])


@bp.get("/profil/portofolio/baru")
@requires(P.CLAIM_EDIT)
def new_work() -> str:
    """Show an empty form."""
    return render_template("profile/portfolio.html", form=PortfolioForm(formdata=None), item=None)


@bp.get("/profil/portofolio/<int:item_id>")
@requires(P.CLAIM_EDIT)
def work(item_id: int) -> str:
    """Show the form of an item."""
    item = own_item(db.session(), actor=current_actor(), item_id=item_id)
    form = PortfolioForm(formdata=None, obj=item)
    return render_template("profile/portfolio.html", form=form, item=item)


@bp.post("/profil/portofolio/baru")
@requires(P.CLAIM_EDIT)
def add_work() -> Any:
    """Add an item."""
    return _save(None)


@bp.post("/profil/portofolio/<int:item_id>")
@requires(P.CLAIM_EDIT)
def change_work(item_id: int) -> Any:
    """Change an item."""
    return _save(item_id)


def _save(item_id: int | None) -> Any:
    form = PortfolioForm()
    item = own_item(db.session(), actor=current_actor(), item_id=item_id) if item_id else None
    if not form.validate_on_submit():
        return render_template("profile/portfolio.html", form=form, item=item), 422
    try:
        with transaction(current_actor()) as session:
            save_portfolio_item(
                session,
                actor=current_actor(),
                item_id=item_id,
                title=form.title.data or "",
                description=form.description.data or "",
                year=form.year.data,
                link=(form.link.data or "").strip() or None,
            )
    except DomainError as error:
        if not put_error(form, error):
            form.form_errors.append(render(error.message))
        return render_template("profile/portfolio.html", form=form, item=item), 422
    flash(_("Portofolio disimpan."), "success")
    return redirect(url_for(".mine") + "#portofolio", 303)


@bp.post("/profil/portofolio/<int:item_id>/hapus")
@requires(P.CLAIM_EDIT)
def remove_work(item_id: int) -> Any:
    """Take an item off."""
    with transaction(current_actor()) as session:
        remove_portfolio_item(session, actor=current_actor(), item_id=item_id)
    flash(_("Butir portofolio dihapus."), "success")
    return redirect(url_for(".mine") + "#portofolio", 303)
