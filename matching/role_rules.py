"""Pure rules of roles: what makes a role too thin to rank on, and what a gate may say."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from app.core.errors import InvalidInput
from app.core.i18n import N_, Message
from skills.rules import Requirement

MOST_YEARS = 40


def thin_reasons(
    requirements: Sequence[Requirement], text: str, *, least_requirements: int, least_words: int
) -> list[Message]:
    """Return why a role has too little to rank on; nothing where it has enough.

    Args:
        least_requirements, least_words: fewest competencies, and words of the text that
            similarity reads; both from the reference data.
    """
    found = []
    if len(requirements) < least_requirements:
        facts: dict[str, object] = {"count": len(requirements), "least": least_requirements}
        found.append(Message(N_("Baru %(count)s kompetensi diminta; sedikitnya %(least)s."), facts))
    if requirements and max(item.weight for item in requirements) * 2 > sum(
        item.weight for item in requirements
    ):
        found.append(Message(N_("Satu kompetensi memegang lebih dari separuh bobot.")))
    words = len(text.split())
    if words < least_words:
        facts = {"count": words, "least": least_words}
        found.append(
            Message(N_("Uraian hanya %(count)s kata; sedikitnya %(least)s untuk kedekatan."), facts)
        )
    return found


def checked_gates(
    values: Mapping[str, Any],
    *,
    ranks: Mapping[tuple[str, str], int],
    education: Collection[str],
) -> dict[str, Any]:
    """Return gates as a role keeps them.

    Args:
        ranks: (PNS or PPPK, golongan) to its order. education: codes of the levels.

    Raises:
        InvalidInput: an unknown word, a range upside down, or years outside 0 to 40.
    """
    kinds = [str(kind) for kind in values.get("employment_kinds") or ()]
    if not kinds or any(kind not in {known for known, _rank in ranks} for kind in kinds):
        raise InvalidInput(N_("Pilih paling sedikit satu status."), field="employment_kinds")
    low = _ranks(values.get("golongan_min"), kinds, ranks, "golongan_min")
    high = _ranks(values.get("golongan_max"), kinds, ranks, "golongan_max")
    for kind in set(low) & set(high):
        if ranks[kind, low[kind]] > ranks[kind, high[kind]]:
            raise InvalidInput(
                N_("Golongan tertinggi di bawah yang terendah."), field=f"golongan_max-{kind}"
            )
    level = values.get("education_min") or None
    if level is not None and level not in education:
        raise InvalidInput(N_("Jenjang pendidikan ini tidak dikenal."), field="education_min")
    fields = [" ".join(str(field).split())[:120] for field in values.get("education_fields") or ()]
    return {
        "employment_kinds": kinds,
        "golongan_min": low,
        "golongan_max": high,
        "education_min": level,
        "education_fields": list(dict.fromkeys(field for field in fields if field)),
        **{
            name: _years(values.get(name), name)
            for name in ("service_years_min", "discipline_clean_years")
        },
    }


def _ranks(
    values: Any, kinds: Sequence[str], ranks: Mapping[tuple[str, str], int], name: str
) -> dict[str, str]:
    found = {kind: rank for kind, rank in dict(values or {}).items() if rank and kind in kinds}
    for kind, rank in found.items():
        if (kind, rank) not in ranks:
            raise InvalidInput(N_("Golongan ini tidak dikenal."), field=f"{name}-{kind}")
    return found


def _years(value: Any, name: str) -> int:
    try:
        years = int(value or 0)
    except (TypeError, ValueError):
        years = -1
    if not 0 <= years <= MOST_YEARS:
        raise InvalidInput(N_("Isi tahun antara 0 dan 40."), field=name)
    return years
