"""Words of the public check: the answer, the printed fields, what a file proves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup

from app.web import filters
from app.web.i18n import render
from courses.certificates.facts import CertificateFacts, ParticipantRole
from courses.certificates.verify_pdf import PdfCheck
from courses.certificates.verify_signature import SignatureCheck, SignatureState
from courses.services.public_check import CheckState, FileCheck, PublicCheck

Row = dict[str, Any]
_READER = "vendor/jsqr-1.4.0/jsQR.js"


@dataclass(frozen=True)
class Headline:
    """The answer in one sentence, with its tone and what it means."""

    title: str
    text: str
    tone: str
    icon: str


def headline(found: PublicCheck) -> Headline:
    """Return the answer to a code."""
    return _HEADLINES[found.state](found)


def _valid(found: PublicCheck) -> Headline:
    text = _("Sertifikat ini terdaftar dan berlaku. Cocokkan isinya dengan dokumen di tangan Anda.")
    if found.is_legacy:
        text = _(
            "Nomor ini tercatat sebagai sertifikat lama tanpa berkas digital. "
            "Cocokkan isinya dengan dokumen di tangan Anda."
        )
    return Headline(_("Sertifikat berlaku"), text, "success", "patch-check-fill")


def _expired(found: PublicCheck) -> Headline:
    text = _("Sertifikat ini asli; masa berlakunya berakhir %(day)s.", day=_date(found.since))
    return Headline(_("Masa berlaku berakhir"), text, "warning", "clock-history")


def _revoked(found: PublicCheck) -> Headline:
    text = _(
        "Penerbit mencabut sertifikat ini pada %(day)s: %(reason)s",
        day=_date(found.since),
        reason=found.reason or "",
    )
    return Headline(_("Sertifikat dicabut"), text, "danger", "slash-circle")


def _replaced(found: PublicCheck) -> Headline:
    text = _(
        "Sertifikat ini diganti pada %(day)s: %(reason)s",
        day=_date(found.since),
        reason=found.reason or "",
    )
    return Headline(_("Sertifikat diganti"), text, "warning", "layers")


def _unknown(found: PublicCheck) -> Headline:
    text = _("Tidak ada sertifikat dengan kode ini. Periksa ketikan, atau pindai kode QR-nya.")
    return Headline(_("Sertifikat tidak ditemukan"), text, "danger", "question-circle")


def _malformed(found: PublicCheck) -> Headline:
    text = _("Kode verifikasi terdiri dari 26 huruf dan angka, tercetak di bawah kode QR.")
    return Headline(_("Kode tidak lengkap"), text, "warning", "exclamation-triangle-fill")


_HEADLINES = {
    CheckState.VALID: _valid,
    CheckState.EXPIRED: _expired,
    CheckState.REVOKED: _revoked,
    CheckState.REPLACED: _replaced,
    CheckState.UNKNOWN: _unknown,
    CheckState.MALFORMED: _malformed,
}


def file_headline(found: FileCheck) -> Headline:
    """Return the answer to a dropped file: first whether it is as issued, then its state."""
    if found.register.state is CheckState.UNKNOWN:
        text = _("Berkas ini tidak ada dalam daftar sertifikat penerbit.")
        return Headline(_("Bukan sertifikat dari penerbit ini"), text, "danger", "x-circle-fill")
    if not found.pdf.genuine:
        text = _("Isi berkas tidak sama dengan yang diterbitkan. Jangan memakainya sebagai bukti.")
        return Headline(_("Berkas telah diubah"), text, "danger", "x-circle-fill")
    answer = headline(found.register)
    if found.register.state is CheckState.VALID:
        text = _("Berkas ini sama persis dengan yang diterbitkan, dan sertifikatnya berlaku.")
        return Headline(_("Berkas asli"), text, "success", "patch-check-fill")
    return answer


def printed_fields(facts: CertificateFacts | None) -> list[Row]:
    """Return every field a certificate prints, as rows of a summary list."""
    if facts is None:
        return []
    rows = [
        (_("Nama pemegang"), facts.holder),
        (_("Instansi pemegang"), facts.holder_unit),
        (_("Kegiatan"), facts.title),
        (_("Bentuk pelatihan"), facts.form),
        (_("Peran"), render(facts.role.label)),
        (_("Tanggal pelaksanaan"), filters.rentang(facts.starts_on, facts.ends_on)),
        (_("Tempat"), facts.place),
        (_("Jam pelajaran"), filters.jp(facts.jp)),
        (_("Nilai"), filters.number(facts.score) if facts.score is not None else ""),
        (_("Predikat"), facts.predicate),
        (_("Catatan"), facts.note),
        (_("Nomor sertifikat"), facts.number),
        (_("Penyelenggara"), facts.organiser),
        (_("Pemerintah daerah"), facts.agency),
        (_("Tanggal terbit"), _date(facts.issued_on)),
        (_("Berlaku sampai"), _date(facts.valid_until) if facts.valid_until else _("tanpa batas")),
    ]
    lists = [
        (_("Penanda tangan"), [f"{s.name}, {s.position}" for s in facts.signatories]),
        (_("Kompetensi"), [_level(c.name, c.level) for c in facts.competencies]),
        (_("Materi"), [f"{t.name} ({filters.jp(t.jp)})" for t in facts.topics]),
    ]
    return [
        *({"label": label, "value": value} for label, value in rows if value),
        *({"label": label, "value": lines[0], "lines": lines} for label, lines in lists if lines),
    ]


def _level(name: str, level: int) -> str:
    return _("%(name)s level %(level)s", name=name, level=level)


def _date(day: Any) -> str:
    return filters.tanggal(day)


def differences(found: PdfCheck) -> list[tuple[str, str, str]]:
    """Return (field, as issued, as in the file) of what was changed."""
    names = {
        "holder": _("Nama pemegang"),
        "holder_unit": _("Instansi pemegang"),
        "title": _("Kegiatan"),
        "role": _("Peran"),
        "period": _("Tanggal pelaksanaan"),
        "place": _("Tempat"),
        "jp": _("Jam pelajaran"),
        "result": _("Hasil"),
        "note": _("Catatan"),
        "number": _("Nomor sertifikat"),
        "organiser": _("Penyelenggara"),
        "agency": _("Pemerintah daerah"),
        "issued_line": _("Tempat dan tanggal terbit"),
        "validity": _("Masa berlaku"),
        "signatories": _("Penanda tangan"),
        "topics": _("Materi"),
        "competencies": _("Kompetensi"),
        "code": _("Kode verifikasi"),
        "form": _("Bentuk pelatihan"),
    }
    return [
        (names.get(row.field, row.field), row.expected, row.found or _("tidak ada"))
        for row in found.differences
    ]


def signature_words(found: SignatureCheck) -> Headline:
    """Return what the signature of a file proves."""
    if found.state is SignatureState.VALID:
        text = (
            _("Ditandatangani dengan sertifikat elektronik tersertifikasi.")
            if found.certified
            else _("Segel pemasangan ini; bukan tanda tangan elektronik tersertifikasi.")
        )
        return Headline(_("Segel elektronik sah"), text, "success", "shield-check")
    return Headline(
        _("Segel elektronik tidak sah"),
        _("Segel tidak ada, rusak, atau bukan dari penerbit."),
        "danger",
        "x-circle-fill",
    )


def offline_words() -> dict[str, str]:
    """Return what the offline page says, by the state its script answers."""
    return {
        "valid": _("Segel cocok: kode QR ini dibuat penerbit dan isinya tidak diubah."),
        "expired": _("Segel cocok, tetapi masa berlaku sertifikat sudah berakhir."),
        "revoked": _("Segel cocok, tetapi sertifikat ini telah dicabut."),
        "replaced": _("Segel cocok, tetapi sertifikat ini telah diganti."),
        "malformed": _("Ini bukan isi lengkap kode QR sebuah sertifikat."),
        "unknown-layout": _("Susunan kode QR ini belum dikenal halaman ini. Unduh yang terbaru."),
        "foreign-key": _("Kode QR ini tidak disegel oleh penerbit ini."),
        "changed": _("Isi kode QR telah diubah. Jangan memakainya sebagai bukti."),
        "malformed-list": _("Daftar perubahan yang tersimpan rusak. Unduh halaman yang baru."),
        "changed-list": _("Daftar perubahan telah diganti isinya. Unduh halaman yang baru."),
        "unsupported-browser": _("Peramban ini belum dapat memeriksa segel. Perbarui peramban."),
        "stale": _("Daftar perubahan pada halaman ini sudah lewat waktunya; unduh yang baru."),
        "list": _(
            "Daftar perubahan per {from} memuat {count} sertifikat; "
            "daftar berikutnya terbit paling lambat {next}."
        ),
        "list_empty": _(
            "Daftar perubahan per {from} masih kosong; "
            "daftar berikutnya terbit paling lambat {next}."
        ),
        "since": _("Sejak {day}."),
        "replaced_by": _("Penggantinya bernomor {number}."),
        "changed_until": _(
            "Masa berlaku diubah setelah terbit: sampai {now}, sedangkan tercetak {printed}."
        ),
        "summary_only": _(
            "Kode QR memuat ringkasan. Materi, catatan, penanda tangan, dan alasan perubahan "
            "tampak pada pemeriksaan dengan jaringan."
        ),
        "printedUntil": _("Berlaku sampai (tercetak)"),
        "number": _("Nomor sertifikat"),
        "holder": _("Nama pemegang"),
        "title": _("Kegiatan"),
        "predicate": _("Predikat"),
        "role": _("Peran"),
        "jp": _("Jam pelajaran"),
        "startsOn": _("Mulai"),
        "endsOn": _("Selesai"),
        "issuedOn": _("Tanggal terbit"),
        "validUntil": _("Berlaku sampai"),
        "code": _("Kode verifikasi"),
        "forever": _("tanpa batas"),
    }


def offline_data(token: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Return what the offline page carries: keys, signed list, and its words."""
    roles = {role.value: render(role.label) for role in ParticipantRole}
    return {"keys": keys, "revocations": token, "words": offline_words(), "roles": roles}


def offline_scripts() -> list[Markup]:
    """Return our own scripts of the offline check, to be carried inside one file."""
    folder = Path(current_app.static_folder or "")
    names = ("js/offline-verify.js", "js/offline-page.js", _READER, "js/qr-scan.js")
    return [Markup((folder / name).read_text("utf-8")) for name in names]


def api_fields() -> list[tuple[str, str, str]]:
    """Return (field, type, meaning) of the JSON answer."""
    return [
        ("status", "string", _("keadaan sertifikat; satu dari daftar di atas")),
        ("checked_at", "date-time", _("saat pemeriksaan, UTC")),
        ("code", "string", _("kode verifikasi 26 karakter")),
        ("number", "string", _("nomor sertifikat")),
        ("holder", "string", _("nama pemegang seperti tercetak")),
        ("holder_unit", "string | null", _("perangkat daerah pemegang saat terbit")),
        ("title", "string", _("nama kegiatan")),
        ("form", "string | null", _("bentuk pengembangan kompetensi, dengan namanya")),
        ("role", "string", _("peran pemegang: peserta, narasumber, dan seterusnya")),
        ("jp", "number", _("jumlah jam pelajaran")),
        ("starts_on, ends_on", "date", _("tanggal pelaksanaan")),
        ("place", "string | null", _("tempat pelaksanaan")),
        ("predicate", "string | null", _("predikat hasil")),
        ("score", "number | null", _("nilai 0 sampai 100")),
        ("note", "string | null", _("catatan tercetak tentang pemegang")),
        ("issuer", "object", _("penyelenggara (name) dan pemerintah daerah (agency)")),
        ("issued_on", "date", _("tanggal terbit")),
        ("valid_until", "date | null", _("hari terakhir berlaku; null tanpa batas")),
        ("printed_valid_until", "date | null", _("hari terakhir berlaku seperti tercetak")),
        ("validity_reason", "string | null", _("alasan masa berlaku diubah setelah terbit")),
        ("signatories", "array", _("nama (name) dan jabatan (position) penanda tangan")),
        ("competencies", "array", _("kompetensi (name) dan level yang dicapai (level)")),
        ("withdrawn_on", "date | null", _("tanggal dicabut atau diganti")),
        ("reason", "string | null", _("alasan dicabut atau diganti")),
        ("replaced_by", "string | null", _("kode sertifikat pengganti")),
        ("renews", "string | null", _("kode sertifikat yang diperpanjang")),
        ("renewed_by", "string | null", _("kode sertifikat perpanjangannya")),
        ("file_sha256", "string | null", _("jejak SHA-256 berkas PDF seperti diterbitkan")),
    ]
