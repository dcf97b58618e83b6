"""Load the demonstration city in one transaction."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.accounts.sessions import actor_of
from app.core.actor import RoleName
from app.core.audit import record
from app.demo import accounts, skill, staff
from app.demo.assessment import write_assessments
from app.demo.assignments import write_assignments
from app.demo.certificates import write_certificates
from app.demo.city import City, competency_facts
from app.demo.claims import write_claims
from app.demo.completions import write_completions
from app.demo.decisions import write_decisions
from app.demo.demand import people_below, write_demand
from app.demo.exams import write_exams
from app.demo.hours import write_hours
from app.demo.levels import level_row, write_levels
from app.demo.materials import write_materials
from app.demo.organisation import CityPlan
from app.demo.outside import write_outside
from app.demo.people import Registry, assign_supervisors
from app.demo.plans import write_plans
from app.demo.prepared import prepared_levels
from app.demo.quality import write_quality
from app.demo.questions import write_questions
from app.demo.reference import write_edition, write_reference
from app.demo.rights import write_rights
from app.demo.seats import write_seats
from app.demo.session_details import write_prerequisites, write_session_details
from app.demo.sessions import write_sessions
from app.demo.talent import write_talent
from app.demo.trainings import write_trainings
from app.demo.words import stream
from app.demo.writing import insert_rows, last_id
from courses.services.catalogue_load import load_catalogue
from matching.services.role_load import load_roles
from skills.models import Employee, LevelRecord, Opd, Position, Unit
from skills.reference_files import ReferenceFiles, load_all
from skills.services.levels import recompute_levels
from skills.services.reference_load import load_reference

FEWEST = 400  # structural posts of all OPD and some staff below them


@dataclass
class Loaded:
    """What was written, and the sign-ins that were made."""

    counts: dict[str, int] = field(default_factory=dict)
    sign_ins: dict[RoleName, accounts.SignIn] = field(default_factory=dict)
    city: City | None = None


def is_populated(session: Session) -> bool:
    """Return whether there are employees already."""
    return bool(session.scalar(select(func.count()).select_from(Employee)))


def load_city(session: Session, *, people: int, seed: int, day: date | None = None) -> Loaded:
    """Write a city of so many people into a database without employees.

    Args:
        people: number of employees, at least `FEWEST`.
        seed: the same seed on the same day gives the same city, passwords apart.
        day: the present of the city; today by default.
    """
    files = load_all()
    _load_reference(session, files)
    city, plan = _found(session, files, people, seed, day or clock.today())
    loaded = Loaded()
    loaded.counts["unit"] = staff.write_units(city, plan.units)
    loaded.counts["employee"] = staff.write_employees(city)
    loaded.counts |= staff.write_histories(city)
    loaded.counts |= write_reference(city)
    abilities = skill.abilities(city)
    loaded.counts |= write_trainings(city, abilities)
    loaded.counts["level record"] = write_levels(city, abilities)
    prepared = (level_row(city, known) for known in prepared_levels(city, abilities))
    loaded.counts["prepared level"] = insert_rows(session, LevelRecord, prepared)
    loaded.sign_ins = accounts.make_accounts(city)
    loaded.counts["account"] = len(loaded.sign_ins)
    loaded.counts |= write_claims(city, abilities, loaded.sign_ins)
    loaded.counts |= write_rights(city, loaded.sign_ins)
    loaded.counts |= write_outside(city, loaded.sign_ins)
    ids = [city.employee_id(person) for person in city.people]
    recompute_levels(session, employee_ids=ids, day=city.day)
    loaded.counts |= write_edition(city)
    loaded.counts |= write_seats(city)
    organiser, known = loaded.sign_ins[RoleName.ORGANISER], loaded.sign_ins[RoleName.EMPLOYEE]
    loaded.counts |= write_questions(session)
    team = people_below(city, loaded.sign_ins[RoleName.SUPERVISOR].person)
    loaded.counts |= write_sessions(city, abilities, organiser.account, known.person, team)
    loaded.counts |= write_exams(city)
    loaded.counts |= write_assignments(city, known.person, organiser.account.id)
    loaded.counts |= write_prerequisites(city)
    loaded.counts |= write_demand(city, known.person)
    loaded.counts |= write_materials(city)
    loaded.counts |= write_session_details(city, known.person)
    loaded.counts |= write_talent(session, seed=seed, day=city.day)
    officer = loaded.sign_ins[RoleName.OFFICER].account
    loaded.counts |= write_hours(city, known.person, officer)
    loaded.city = city
    loaded.counts |= write_plans(city, loaded.sign_ins)
    loaded.counts |= write_completions(city)
    record(session, "demo:city:load", None, seed=seed, counts=loaded.counts)
    return loaded


def write_traces(loaded: Loaded) -> dict[str, int]:
    """Write what years of use leave in a city: flawed records, files to reconcile, rounds."""
    if loaded.city is None:
        raise ValueError("the city is not loaded")
    kept = {sign_in.account.employee_id or 0 for sign_in in loaded.sign_ins.values()}
    officer = actor_of(loaded.sign_ins[RoleName.OFFICER].account)
    organiser = actor_of(loaded.sign_ins[RoleName.ORGANISER].account)
    counts = write_quality(loaded.city, kept=kept, officer=officer)
    counts |= write_assessments(loaded.city, loaded.sign_ins, officer)
    counts |= write_decisions(loaded.city.session, loaded.sign_ins)
    return counts | write_certificates(loaded.city, organiser)


def _load_reference(session: Session, files: ReferenceFiles) -> None:
    load_reference(session, files)
    load_roles(session, files)
    load_catalogue(session, files)


def _found(
    session: Session, files: ReferenceFiles, people: int, seed: int, day: date
) -> tuple[City, CityPlan]:
    """Plan the organisation and engage the staff; nothing is written yet."""
    opd_ids = {row.code: row.id for row in session.execute(select(Opd.code, Opd.id))}
    plan = CityPlan(stream(seed, "organisation"), files, opd_ids)
    posts = plan.posts(people)
    staff_list = Registry(stream(seed, "people"), files, day).engage(posts)
    assign_supervisors(staff_list)
    city = City(
        session=session,
        files=files,
        seed=seed,
        day=day,
        people=staff_list,
        competencies=competency_facts(session),
        positions={row.name: row for row in session.scalars(select(Position))},
        first_employee_id=last_id(session, Employee) + 1,
        first_unit_id=last_id(session, Unit) + 1,
    )
    return city, plan
