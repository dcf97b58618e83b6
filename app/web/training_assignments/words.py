"""Words of assignments: who has the work now."""

from flask_babel import lazy_gettext as _l

STANDING_WORDS = {
    "todo": _l("Belum dikumpulkan"),
    "submitted": _l("Menunggu dinilai penyelenggara"),
    "returned": _l("Dikembalikan untuk diperbaiki"),
    "final": _l("Selesai dinilai"),
}
STANDING_TONES = {"todo": "draft", "submitted": "pending", "returned": "returned", "final": "done"}
