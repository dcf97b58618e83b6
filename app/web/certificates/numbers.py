"""Number patterns of the organisers, with the number that would come next."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import DomainError, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.certificates.routes import bp
from courses.services.organisers import (
    example_of,
    find_organiser_by_id,
    number_books,
    organisers,
    set_pattern,
)


@bp.route("/sertifikat/nomor", methods=["GET", "POST"])
@requires(P.CERTIFICATE_ISSUE)
def numbers() -> Any:
    """Show the pattern of each organiser, and change one."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            with transaction(current_actor()) as session:
                row = find_organiser_by_id(session, request.form.get("organiser", 0, type=int))
                if row is None:
                    raise NotFound
                set_pattern(session, organiser=row, pattern=request.form.get("pattern", ""))
        except DomainError as refused:
            if isinstance(refused, NotFound):
                raise
            error = refused
        else:
            flash(_("Pola nomor tersimpan dan berlaku untuk nomor berikutnya."), "success")
            return redirect(url_for(".numbers"), 303)
    session, today = db.session(), clock.today()
    books = number_books(session)
    rows = [
        {
            "row": row,
            "books": books.get(row.id, []),
            "next": example_of(row, row.number_pattern, today, _last(books.get(row.id, []), today)),
        }
        for row in organisers(session)
    ]
    page = render_template("certificates/numbers.html", rows=rows, error=error)
    return page, 422 if error else 200


def _last(books: list[Any], today: Any) -> int:
    return next((book.last for book in books if book.year == today.year), 0)
