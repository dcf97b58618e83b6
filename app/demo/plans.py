"""Proposals of the city's supervisors, the plan in force and the draft of the next year."""

from collections.abc import Mapping

from sqlalchemy import select

from app.core.actor import SYSTEM, RoleName
from app.demo.accounts import SignIn
from app.demo.city import City
from courses.enums import PlanState, ProposalState
from courses.models import Course, ProposalPerson, TrainingProposal, YearPlan
from courses.need_rules import Need
from courses.plan_suggestion import Limits, suggest_courses
from courses.queries.need_overview import all_needs, courses_in_force
from courses.queries.plan_ledger import plan_ledger
from courses.services.plan_figures import add_suggested
from courses.services.proposal_answers import decline_proposal, take_proposal

BUDGET, HOURS = 900_000_000, 700
_REASONS = (
    "Mulai triwulan depan layanan berpindah ke aplikasi baru; tim belum siap.",
    "Hasil evaluasi semester menunjukkan pekerjaan ini masih bergantung pada satu orang.",
    "Jabatan menuntut kompetensi ini dan belum ada yang terverifikasi di unit.",
    "Temuan audit tahun lalu meminta tindak lanjut berupa pelatihan.",
    "Pegawai pengganti belum pernah mengikuti pelatihan dasar.",
)


def write_plans(city: City, sign_ins: Mapping[RoleName, SignIn]) -> dict[str, int]:
    """Write proposals and two plans; return counts."""
    needs = all_needs(city.session, day=city.day)
    present = _plan(city, city.day.year, PlanState.ADOPTED, sign_ins)
    coming = _plan(city, city.day.year + 1, PlanState.DRAFT, sign_ins)
    city.session.add_all([present, coming])
    city.session.flush()
    made = _proposals(city, needs, sign_ins)
    _answer(city, made, coming)
    return {"year plan": 2, "proposal": len(made)}


def _plan(
    city: City,
    year: int,
    state: PlanState,
    sign_ins: Mapping[RoleName, SignIn],
) -> YearPlan:
    courses = {course.id: course for course in courses_in_force(city.session)}
    ledger = plan_ledger(city.session, year=year, day=city.day)
    share = 1.0 if state is PlanState.ADOPTED else 0.5
    chosen = suggest_courses(ledger, Limits(int(BUDGET * share), int(HOURS * share)))
    plan = YearPlan(
        year=year,
        edition=1,
        state=state,
        budget=BUDGET,
        hours=HOURS,
        note="Contoh rencana; anggaran dan biaya rekaan.",
        created_at=city.at(city.days_ago(40)),
        created_by_id=sign_ins[RoleName.ORGANISER].account.id,
    )
    if state is PlanState.ADOPTED:
        plan.adopted_at = city.at(city.days_ago(20))
        plan.adopted_by_label = sign_ins[RoleName.OFFICER].account.name
    add_suggested(plan, chosen, courses)
    return plan


def _proposals(
    city: City, needs: list[Need], sign_ins: Mapping[RoleName, SignIn]
) -> list[TrainingProposal]:
    """Return proposals of the supervisor and the OPD manager for their own people."""
    rng = city.rng("proposals")
    taught = {row.competency_id for c in courses_in_force(city.session) for row in c.competencies}
    made: list[TrainingProposal] = []
    for role in (RoleName.SUPERVISOR, RoleName.OPD_MANAGER):
        maker = sign_ins[role]
        reach = {
            city.employee_id(person)
            for person in city.people
            if person.supervisor is maker.person
            or (role is RoleName.OPD_MANAGER and person.opd_code == maker.person.opd_code)
        }
        by_competency: dict[int, list[Need]] = {}
        for need in needs:
            if need.employee_id in reach and need.competency_id in taught:
                by_competency.setdefault(need.competency_id, []).append(need)
        chosen = sorted(by_competency, key=lambda key: (-len(by_competency[key]), key))[:5]
        for place, competency in enumerate(chosen):
            rows = by_competency[competency][: rng.randint(1, 6)]
            made.append(
                TrainingProposal(
                    opd_id=rows[0].opd_id,
                    competency_id=competency,
                    priority=rng.choice((1, 2, 2, 3)),
                    reason=_REASONS[place % len(_REASONS)],
                    state=ProposalState.SUBMITTED,
                    created_at=city.at(city.days_ago(rng.randint(2, 18)), hour=9 + place),
                    created_by_id=maker.account.id,
                    created_by_label=maker.account.name,
                    people=[ProposalPerson(employee_id=row.employee_id) for row in rows],
                )
            )
    city.session.add_all(made)
    city.session.flush()
    return made


def _answer(city: City, made: list[TrainingProposal], plan: YearPlan) -> None:
    """Take the first proposal into the plan and decline the second."""
    if len(made) < 2:
        return
    first, second = made[0], made[1]
    course = next(
        row
        for row in courses_in_force(city.session)
        if any(gain.competency_id == first.competency_id for gain in row.competencies)
    )
    found = city.session.scalars(select(Course).where(Course.id == course.id)).one()
    take_proposal(
        city.session, actor=SYSTEM, proposal=first, plan=plan, course=found, version=first.version
    )
    decline_proposal(
        city.session,
        actor=SYSTEM,
        proposal=second,
        reason="Sudah ada sesi terbuka bulan ini; daftarkan langsung pada sesi itu.",
        version=second.version,
    )
