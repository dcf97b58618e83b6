"""The competency dictionary: its tree, one competency with its users, and its level policy."""

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.core.spreadsheet.reader import Cell
from app.core.spreadsheet.writer import ColumnSpec, SheetSpec, write_xlsx
from app.web.access import audit_read, can, current_actor, requires
from app.web.claims.forms import put_error
from app.web.dictionary.forms import PolicyForm
from app.web.listing import XLSX, attachment
from app.web.profile import words
from skills.models import Competency
from skills.queries.dictionary import (
    behaviours,
    dictionary_tree,
    frameworks,
    full_competency,
    usage_of,
)
from skills.queries.profile import employees_by_id
from skills.rules import LevelPolicy
from skills.services.level_policy import (
    PolicyPreview,
    change_policy,
    checked_policy,
    preview_policy,
)

bp = Blueprint("dictionary", __name__)
bp.context_processor(words.helpers)

SHOWN = 50  # changes listed in a preview; the counts are of all


@bp.get("/kamus")
@requires(P.REFERENCE_READ)
def index() -> str:
    """Show the dictionaries as a tree, narrowed by a word."""
    session = db.session()
    text = request.args.get("q", "").strip()[:100] or None
    groups = dictionary_tree(session, text=text)
    return render_template(
        "dictionary/index.html",
        groups=groups,
        frameworks=frameworks(session),
        total=sum(len(group.competencies) for group in groups),
    )


@bp.get("/kamus/unduh")
@requires(P.REFERENCE_READ)
def export() -> Any:
    """Give all competencies with their behaviours as a workbook."""
    headers = (_("Kamus"), _("Kode"), _("Nama"), _("Nama Inggris"), _("Definisi"), _("Level"))
    columns = [ColumnSpec(header, 24) for header in (*headers, _("Perilaku"), _("Keadaan"))]
    sink: IO[bytes] = tempfile.TemporaryFile()
    write_xlsx(sink, [SheetSpec(_("Kamus kompetensi"), columns, _lines())])
    sink.seek(0)
    return attachment(sink, XLSX, f"kamus-kompetensi-{clock.today():%Y%m%d}.xlsx")


def _lines() -> Iterator[list[Cell]]:
    for row, level in behaviours(db.session()):
        yield [
            row.framework.code,
            row.code,
            row.name,
            row.name_en,
            row.definition,
            level.level,
            "\n".join(level.behaviours),
            row.state,
        ]


@bp.get("/kamus/<int:competency_id>")
@requires(P.REFERENCE_READ)
def show(competency_id: int) -> str:
    """Show a competency: levels, relations, who uses it, and the rule of its level."""
    row = _competency(competency_id)
    return _page(row, PolicyForm(formdata=None, mode=row.policy, years=row.policy_years), None)


@bp.post("/kamus/<int:competency_id>/aturan")
@requires(P.REFERENCE_MANAGE)
def set_policy(competency_id: int) -> Any:
    """Show what another policy would change; confirmed, put it into force and recompute."""
    row, form = _competency(competency_id), PolicyForm()
    if not form.validate_on_submit():
        return _page(row, form, None), 422
    try:
        policy = checked_policy(mode=form.mode.data, years=form.years.data)
    except InvalidInput as error:
        put_error(form, error)
        return _page(row, form, None), 422
    if request.form.get("aksi") != "terapkan":
        preview = preview_policy(db.session(), competency_id=row.id, policy=policy)
        return _page(row, form, preview)
    with transaction(current_actor()) as session:
        job_id = change_policy(
            session, actor=current_actor(), competency=_competency(competency_id), policy=policy
        )
    flash(_("Aturan baru berlaku; level semua pemilik riwayat sedang dihitung ulang."), "success")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _page(row: Competency, form: PolicyForm, preview: PolicyPreview | None) -> str:
    session = db.session()
    shown = preview.changes[:SHOWN] if preview else []
    if shown:
        audit_read("skills:policy:preview", [change.employee_id for change in shown], subject=row)
    return render_template(
        "dictionary/show.html",
        row=row,
        usage=usage_of(session, row.id),
        rule=words.rule_words(policy_of(row)),
        form=form if can(P.REFERENCE_MANAGE) else None,
        preview=preview,
        changes=shown,
        people=employees_by_id(session, [change.employee_id for change in shown]),
    )


def policy_of(row: Competency) -> LevelPolicy:
    """Return the policy that a competency keeps."""
    return LevelPolicy.stored(row.policy, row.policy_years, row.policy_sources)


def _competency(competency_id: int) -> Competency:
    row = full_competency(db.session(), competency_id)
    if row is None:
        raise NotFound
    return row
