"""Words of questions and their import, for the pages of banks and tests."""

from typing import Any

from flask_babel import lazy_gettext as _l

from courses.questions.content import QuestionKind
from courses.questions.sheet import LETTERS
from courses.services.questions import ImportOutcome

KIND_WORDS = {
    QuestionKind.SINGLE: _l("Pilihan tunggal"),
    QuestionKind.MULTIPLE: _l("Pilihan ganda (beberapa benar)"),
    QuestionKind.TEXT: _l("Isian singkat"),
}
KIND_SHORT = {
    QuestionKind.SINGLE: _l("Tunggal"),
    QuestionKind.MULTIPLE: _l("Beberapa benar"),
    QuestionKind.TEXT: _l("Isian"),
}
OUTCOME_WORDS = {
    ImportOutcome.NEW: _l("Baru"),
    ImportOutcome.CHANGED: _l("Berubah"),
    ImportOutcome.SAME: _l("Sudah ada"),
    ImportOutcome.REPEATED: _l("Ganda dalam berkas"),
    ImportOutcome.REFUSED: _l("Tidak dapat diimpor"),
}
OUTCOME_TONES = {
    ImportOutcome.NEW: "success",
    ImportOutcome.CHANGED: "info",
    ImportOutcome.SAME: "neutral",
    ImportOutcome.REPEATED: "warning",
    ImportOutcome.REFUSED: "danger",
}


def helpers() -> dict[str, Any]:
    """Return the words for the templates."""
    return {
        "kind_words": KIND_WORDS,
        "kind_short": KIND_SHORT,
        "letters": LETTERS,
        "outcome_words": OUTCOME_WORDS,
        "outcome_tones": OUTCOME_TONES,
    }
