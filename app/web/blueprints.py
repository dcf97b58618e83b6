"""The blueprints in one list; each journey has a folder of its own beside this file."""

from flask import Flask

from app.web.account.second_factor import bp as account
from app.web.admin.policy import bp as admin
from app.web.assessment.site import bp as assessment
from app.web.audit.routes import bp as audit
from app.web.auth.notices import bp as public
from app.web.auth.passwords import bp as auth
from app.web.certificates.site import bp as certificates
from app.web.claims.routes import bp as claims
from app.web.contests.routes import bp as contests
from app.web.dictionary.paths import bp as dictionary
from app.web.files.routes import bp as files
from app.web.forecast.routes import bp as forecast
from app.web.gallery.routes import bp as gallery
from app.web.health.routes import bp as health
from app.web.home.routes import bp as home
from app.web.imports.routes import bp as imports
from app.web.index_asn.routes import bp as index_asn
from app.web.jobs.routes import bp as jobs
from app.web.jp.blueprint import bp as jp
from app.web.language.routes import bp as language
from app.web.learning.routes import bp as learning
from app.web.model.routes import bp as model
from app.web.notifications.routes import bp as notifications
from app.web.organisation.routes import bp as opd
from app.web.people.changes import bp as people
from app.web.planning.blueprint import bp as planning
from app.web.pools.routes import bp as pools
from app.web.profile.site import bp as profile
from app.web.quality.reconciliation import bp as reconciliation
from app.web.quality.routes import bp as quality
from app.web.reference_imports.routes import bp as reference_imports
from app.web.roles.routes import bp as roles
from app.web.scenarios.routes import bp as scenarios
from app.web.scouting.routes import bp as scouting
from app.web.seats.site import bp as seats
from app.web.standards.versions import bp as standards
from app.web.succession.routes import bp as succession
from app.web.talent.own import bp as own_talent
from app.web.talent.site import bp as talent
from app.web.talent_rules.routes import bp as talent_rules
from app.web.team.site import bp as team
from app.web.training.blueprint import bp as training
from app.web.training_assignments.routes import bp as training_assignments
from app.web.training_evaluations.routes import bp as training_evaluations
from app.web.training_questions.routes import bp as training_questions
from app.web.training_sessions.routes import bp as training_sessions
from app.web.training_tests.routes import bp as training_tests
from app.web.verification.routes import bp as verification
from app.web.verification_queue.routes import bp as verification_queue
from app.web.verification_queue.site import bp as verification_side

BLUEPRINTS = (
    assessment,
    index_asn,
    quality,
    reconciliation,
    home,
    profile,
    claims,
    verification_queue,
    verification_side,
    contests,
    team,
    dictionary,
    standards,
    reference_imports,
    roles,
    forecast,
    seats,
    scouting,
    model,
    talent_rules,
    scenarios,
    own_talent,
    talent,
    pools,
    succession,
    training,
    training_questions,
    training_sessions,
    training_tests,
    training_assignments,
    training_evaluations,
    learning,
    jp,
    planning,
    certificates,
    verification,
    auth,
    public,
    account,
    admin,
    audit,
    health,
    gallery,
    language,
    files,
    jobs,
    notifications,
    people,
    imports,
    opd,
)


def register(app: Flask) -> None:
    """Register all blueprints."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
