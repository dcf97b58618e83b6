"""Words of tests, for organisers and participants."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.web.training_questions.words import KIND_WORDS

EXAM_WORDS = {"pre": _l("Pre-test"), "post": _l("Post-test")}


def helpers() -> dict[str, Any]:
    """Return the words for the templates."""
    return {"exam_words": EXAM_WORDS, "kind_words": KIND_WORDS}
