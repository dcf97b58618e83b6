"""Facts of the model card that come from code and data, so that the page cannot disagree."""

import csv
from functools import lru_cache
from importlib import resources
from typing import Any

from flask_babel import gettext as _

from matching.engine.similarity import ProfileSimilarity


@lru_cache(maxsize=1)
def measured() -> tuple[dict[str, Any], ...]:
    """Return the kept quality figures: the model with its interval beside the best baseline."""
    path = resources.files("matching").joinpath("data", "model_quality.csv")
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    texts = ("task", "baseline")
    return tuple(
        {key: value if key in texts else float(value) for key, value in row.items()} for row in rows
    )


def parameters() -> list[tuple[str, Any]]:
    """Return the weights of the similarity with their words."""
    words = {
        "text_weight": _("Bobot bagian teks terhadap bagian level yang terisi penuh"),
        "gram_weight": _("Potongan kata 4–5 huruf di dalam teks"),
        "word_weight": _("Akar kata di dalam teks"),
        "concept_weight": _("Konsep dua bahasa di dalam teks"),
        "head_share": _("Judul terhadap judul, di samping seluruh teks"),
        "prior": _("Orang bayangan di belakang rata-rata setiap kompetensi"),
        "unlisted": _("Level baku yang diharapkan dari kompetensi yang tidak disebut peran"),
        "centre": _("Bagian rata-rata sendiri yang dikeluarkan dari profil"),
        "floor": _("Di bawah minus nilai ini level yang lebih rendah hanya dihitung landai"),
        "slope": _("Kemiringan bagian yang landai itu"),
        "least": _("Kekhasan paling kecil suatu syarat"),
    }
    values = ProfileSimilarity().get_params()
    return [(label, values[name]) for name, label in words.items()]
