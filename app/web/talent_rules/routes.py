"""The rules of talent work on one page: seen with their sources, tried out, changed in versions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.core.db import db, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.permissions import Permission as P
from app.web.access import current_actor, requires
from app.web.i18n import render
from app.web.talent.words import confidence_words, part_words
from app.web.talent_rules import words
from app.web.talent_rules.forms import EMPTY_LINES, rows_from
from matching.services import lexicons, rule_tables
from matching.services.reference_sets import versions
from matching.services.rule_effects import effects_of

bp = Blueprint("talent_rules", __name__, url_prefix="/aturan-talenta")
_TEMPLATES = {
    "panel_criteria": "talent_rules/criteria.html",
    "nine_box_methods": "talent_rules/methods.html",
    "letter": "talent_rules/letter.html",
}
_HISTORY = 12


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "units": words.unit_words(),
        "confidence": confidence_words(),
        "tones": words.confidence_tones(),
        "parts": part_words(),
    }


@bp.get("")
@requires(P.RULES_READ)
def index() -> str:
    """Show every table of rules with what is in force, since when, from which source."""
    session = db.session()
    tables = [
        {
            "words": table,
            "rows": rule_tables.table_rows(session, table.code),
            "version": next(
                (row for row in versions(session, table.code) if row.state == "in_force"), None
            ),
        }
        for table in words.tables()
    ]
    return render_template(
        "talent_rules/index.html",
        tables=tables,
        lexicon=lexicons.lexicon_version(session)[0],
        abbreviations=len(lexicons.abbreviations(session)),
    )


@bp.get("/<code>")
@requires(P.RULES_READ)
def show(code: str) -> str:
    """Show one table with its form and its versions."""
    return _page(code, rule_tables.table_rows(db.session(), code))


@bp.post("/<code>")
@requires(P.RULES_MANAGE)
def change(code: str) -> Any:
    """Try a change out, or keep it as a new version; a stale form is refused."""
    form = request.form
    rows = rows_from(code, rule_tables.table_rows(db.session(), code), form)
    try:
        if form.get("step") == "try":
            rule_tables.check(db.session(), code, rows)
            return _page(code, rows, effects=effects_of(db.session(), code, rows))
        with transaction(current_actor()) as session:
            fresh = rule_tables.put_rules(
                session,
                actor=current_actor(),
                code=code,
                rows=rows,
                reason=form.get("reason", ""),
                source=form.get("source", ""),
                confidence=form.get("confidence", ""),
                expected_version=form.get("version", -1, type=int),
            )
            number = fresh.version
    except InvalidInput as error:
        db.session.rollback()
        return _page(code, rows, errors={error.field or "reason": render(error.message)}), 422
    flash(
        _("Aturan disimpan sebagai versi %(number)s dan berlaku sekarang.", number=number),
        "success",
    )
    return redirect(
        url_for(
            ".show", code=code, cara=form.get("new_code", "").strip().upper() or form.get("method")
        ),
        303,
    )


@bp.post("/<code>/pulihkan")
@requires(P.RULES_MANAGE)
def restore(code: str) -> Any:
    """Put another version in force again, as a new one."""
    number = request.form.get("number", 0, type=int)
    with transaction(current_actor()) as session:
        rule_tables.restore(
            session,
            actor=current_actor(),
            code=code,
            number=number,
            expected_version=request.form.get("version", -1, type=int),
            reason=_("Versi %(number)s dipulihkan", number=number),
        )
    flash(_("Versi %(number)s berlaku lagi.", number=number), "success")
    return redirect(url_for(".show", code=code), 303)


def _page(
    code: str,
    rows: list[dict[str, Any]],
    *,
    effects: Any = None,
    errors: dict[str, str] | None = None,
) -> str:
    session, table = db.session(), words.words_of(code)
    if table is None:
        raise NotFound
    known = versions(session, code)
    rows = rows or rule_tables.table_rows(session, code)
    chosen = request.values.get("method") or request.args.get("cara")
    return render_template(
        _TEMPLATES.get(code, "talent_rules/values.html"),
        table=table,
        rows=rows,
        method=next((row for row in rows if row["code"] == chosen), rows[0]),
        blank=EMPTY_LINES,
        numberings=rule_tables.numberings(session),
        number=rule_tables.version_of(session, code),
        versions=known[:_HISTORY],
        history=_history(known[: _HISTORY + 1]),
        effects=effects,
        errors=errors or {},
        given=request.form,
    )


def _history(known: Any) -> dict[int, int]:
    """Return how many rows each version changed against the one before it."""
    return {
        new.id: rule_tables.rows_changed(old.rows, new.rows)
        for new, old in zip(known, known[1:], strict=False)
    }
