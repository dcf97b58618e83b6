"""Certificates of nobody, for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from courses.certificates.facts import (
    CertificateFacts,
    GainedCompetency,
    ParticipantRole,
    Signatory,
    Topic,
)

NOW = datetime(2026, 10, 12, 3, 0, tzinfo=UTC)
CODE = "4CQ0T5ZJ8M2W7XK9H3RFB6NDEA"
LONG_NAME = " ".join(["Raden Panji Kusumodiningrat Wiryoatmojo"] * 5 + ["S.Pd."])[:200]


def facts_of(**changes: Any) -> CertificateFacts:
    """Return the facts of a usual certificate, with changes."""
    values: dict[str, Any] = {
        "number": "800.2/0123/BKPSDM/2026",
        "code": CODE,
        "holder": "Dr. Contoh Wulandari Kusumaningtyas, S.Kom., M.T.",
        "title": "Pelatihan Teknis Tata Kelola Data dan Interoperabilitas Layanan",
        "form": "Pelatihan teknis",
        "jp": Decimal(32),
        "starts_on": date(2026, 10, 5),
        "ends_on": date(2026, 10, 9),
        "organiser": "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
        "agency": "Pemerintah Kota Contoh",
        "issued_on": date(2026, 10, 12),
        "base_url": "https://karir.contoh.go.id",
        "place": "Aula Balai Kota",
        "issued_at": "Kota Contoh",
        "holder_unit": "Dinas Komunikasi dan Informatika",
        "role": ParticipantRole.PARTICIPANT,
        "predicate": "Sangat Memuaskan",
        "score": Decimal("91.5"),
        "signatories": (Signatory("Drs. Contoh Prasetyo, M.Si.", "Kepala Badan Kepegawaian"),),
        "topics": (
            Topic("Kebijakan pemerintahan digital", Decimal(4)),
            Topic("Standar data dan kode referensi", Decimal(12)),
            Topic("Perancangan antarmuka layanan", Decimal(16)),
        ),
        "competencies": (GainedCompetency("Tata kelola data", 3),),
        "valid_until": date(2029, 10, 11),
    }
    return CertificateFacts(**{**values, **changes})
