"""The fixed words of a certificate, marked for translation, shown in its own language."""

from collections.abc import Callable

from app.core.i18n import N_

LABELS = {
    "certificate": N_("Sertifikat"),
    "mark": N_("Lambang penerbit"),
    "number": N_("Nomor"),
    "given_to": N_("Diberikan kepada"),
    "as_role": N_("sebagai"),
    "in_training": N_("pada kegiatan"),
    "result": N_("dengan hasil"),
    "qr": N_("Kode QR untuk memeriksa keaslian sertifikat ini"),
    "check": N_("Periksa keaslian"),
    "sealed": N_("Disegel secara elektronik"),
    "topics": N_("Materi dan jam pelajaran"),
    "line": N_("No."),
    "topic": N_("Materi"),
    "total": N_("Jumlah"),
    "competencies": N_("Kompetensi yang dicapai"),
    "level": N_("level"),
    "legal": N_(
        "Berkas ini memuat kredensial Open Badges 3.0 dan segel elektronik pada PDF. "
        "Salinan cetak diperiksa dengan kode QR atau kode verifikasi."
    ),
    "preview": N_("PRATINJAU – TIDAK BERLAKU"),
}
NO_END = N_("Berlaku tanpa batas waktu")
VALID_UNTIL = N_("Berlaku sampai %(date)s")
PREDICATE_AND_SCORE = N_("%(predicate)s (nilai %(score)s)")


def labels_in(translate: Callable[[str], str]) -> dict[str, str]:
    """Return every label in the language of a translating function."""
    return {name: translate(text) for name, text in LABELS.items()}
