"""Words of training states, shared by the pages of this subject."""

from typing import Any

from flask_babel import lazy_gettext as _l

from courses.certificates.facts import ParticipantRole
from courses.enums import AttendanceState, CertificateState, EnrolmentState, SessionState

SESSION_WORDS = {
    SessionState.DRAFT: _l("Draf"),
    SessionState.OPEN: _l("Pendaftaran dibuka"),
    SessionState.RUNNING: _l("Sedang berlangsung"),
    SessionState.COMPLETED: _l("Selesai"),
    SessionState.CANCELLED: _l("Dibatalkan"),
}
SESSION_TONES = {
    SessionState.DRAFT: "draft",
    SessionState.OPEN: "open",
    SessionState.RUNNING: "running",
    SessionState.COMPLETED: "done",
    SessionState.CANCELLED: "cancelled",
}
ENROLMENT_WORDS = {
    EnrolmentState.PROPOSED: _l("Menunggu persetujuan"),
    EnrolmentState.ENROLLED: _l("Terdaftar"),
    EnrolmentState.WAITLISTED: _l("Daftar tunggu"),
    EnrolmentState.PASSED: _l("Lulus"),
    EnrolmentState.FAILED: _l("Belum lulus"),
    EnrolmentState.CANCELLED: _l("Dibatalkan"),
    EnrolmentState.REFUSED: _l("Ditolak"),
}
ENROLMENT_TONES = {
    EnrolmentState.PROPOSED: "pending",
    EnrolmentState.ENROLLED: "active",
    EnrolmentState.WAITLISTED: "waitlisted",
    EnrolmentState.PASSED: "passed",
    EnrolmentState.FAILED: "failed",
    EnrolmentState.CANCELLED: "cancelled",
    EnrolmentState.REFUSED: "rejected",
}
ATTENDANCE_WORDS = {
    AttendanceState.PRESENT: _l("Hadir"),
    AttendanceState.PERMITTED: _l("Izin"),
    AttendanceState.ILL: _l("Sakit"),
    AttendanceState.ABSENT: _l("Alpa"),
}
# In what capacity somebody took part, by the name an enrolment keeps.
ROLE_WORDS: dict[str, Any] = {role.name.lower(): _l(role.label) for role in ParticipantRole}
CERTIFICATE_WORDS: dict[str, Any] = {
    CertificateState.RESERVED: _l("Nomor dipesan"),
    CertificateState.ISSUED: _l("Terbit"),
    CertificateState.REVOKED: _l("Dicabut"),
    CertificateState.REPLACED: _l("Diganti"),
    CertificateState.VOID: _l("Nomor batal"),
    "valid": _l("Berlaku"),
    "expired": _l("Masa berlaku berakhir"),
}
CERTIFICATE_TONES: dict[str, str] = {
    CertificateState.RESERVED: "queued",
    CertificateState.ISSUED: "issued",
    CertificateState.REVOKED: "revoked",
    CertificateState.REPLACED: "replaced",
    CertificateState.VOID: "cancelled",
    "valid": "valid",
    "expired": "expired",
}


def helpers() -> dict[str, Any]:
    """Return the words for the templates."""
    return {
        "session_words": SESSION_WORDS,
        "session_tones": SESSION_TONES,
        "enrolment_words": ENROLMENT_WORDS,
        "enrolment_tones": ENROLMENT_TONES,
        "attendance_words": ATTENDANCE_WORDS,
        "certificate_words": CERTIFICATE_WORDS,
        "role_words": ROLE_WORDS,
        "certificate_tones": CERTIFICATE_TONES,
    }
