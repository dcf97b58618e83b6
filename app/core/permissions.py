"""The permissions: `area:object:verb`, alphabetical, one line of meaning each."""

from enum import StrEnum


class Permission(StrEnum):
    """What may be asked of the policy."""

    ACCOUNT_MANAGE = "accounts:account:manage"  # create, lock, reset, grant roles, activation slips
    ACCOUNT_OWN = "accounts:own:use"  # own password, second factor, sessions, notifications
    ASSESSMENT_MANAGE = "skills:assessment:manage"  # rounds, invitations, imported results
    ASSESSMENT_RATE = "skills:assessment:rate"  # the forms that are one's own to fill
    ASSESSMENT_READ = "skills:assessment:read"  # results within one's reach
    ASSESSMENT_WATCH = "skills:assessment:watch"  # rounds and their progress
    AUDIT_READ = "audit:event:read"
    CERTIFICATE_CHECK = "certificates:certificate:check"  # public
    CERTIFICATE_ISSUE = "certificates:certificate:issue"
    CERTIFICATE_READ = "certificates:certificate:read"
    CERTIFICATE_REVOKE = "certificates:certificate:revoke"
    CLAIM_DELEGATE = "skills:claim:delegate"  # hand over one's verification for some days
    CLAIM_EDIT = "skills:claim:edit"  # own claims and their evidence
    CLAIM_VERIFY = "skills:claim:verify"
    CONTEST_ANSWER = "skills:contest:answer"  # what people say is wrong about their data
    COURSE_MANAGE = "courses:course:manage"
    COURSE_READ = "courses:course:read"
    COVERAGE_READ = "matching:coverage:read"
    DECISION_READ = "matching:decision:read"  # decisions with their files, of the whole city
    DECISION_SIGN = "matching:decision:sign"
    EMPLOYEE_EDIT = "skills:employee:edit"
    EMPLOYEE_IMPORT = "skills:employee:import"
    EMPLOYEE_LIST = "skills:employee:list"
    EMPLOYEE_READ = "skills:employee:read"
    ENROLMENT_APPROVE = "courses:enrolment:approve"  # as the supervisor, the first of two steps
    ENROLMENT_OWN = "courses:enrolment:own"
    FILE_READ = "files:file:read"
    HOME = "app:home:read"
    INTEREST_OWN = "matching:interest:own"  # own interest, invitations, contests
    JOB_MANAGE = "jobs:job:manage"
    JOB_READ = "jobs:job:read"
    JP_CLAIM = "courses:jp:claim"  # own learning elsewhere, with proof
    JP_READ = "courses:jp:read"  # accounts of hours of others
    JP_VERIFY = "courses:jp:verify"
    LEXICON_MANAGE = "matching:lexicon:manage"  # abbreviations, and fitting the model anew
    MODEL_READ = "matching:model:read"  # the model card
    NEED_READ = "courses:need:read"
    OPD_MANAGE = "skills:opd:manage"
    PLAN_ADOPT = "courses:plan:adopt"
    PLAN_MANAGE = "courses:plan:manage"
    PLAN_READ = "courses:plan:read"
    POLICY_READ = "app:policy:read"  # who may do what, as a table
    PROPOSAL_DECIDE = "courses:proposal:decide"
    PROPOSAL_MAKE = "courses:proposal:make"
    QUALITY_READ = "skills:quality:read"  # scores and work lists of records
    RECONCILIATION_READ = "skills:reconciliation:read"
    REFERENCE_MANAGE = "skills:reference:manage"
    REFERENCE_READ = "skills:reference:read"
    ROLE_MANAGE = "matching:role:manage"
    RULES_MANAGE = "matching:rules:manage"  # cuts, weights, days and letters, in versions
    RULES_READ = "matching:rules:read"
    SCENARIO_MANAGE = "matching:scenario:manage"  # solve, save, turn into proposals
    SCENARIO_READ = "matching:scenario:read"
    SEAT_DECIDE = "matching:seat:decide"
    SEAT_READ = "matching:seat:read"
    SEAT_REVIEW = "matching:seat:review"  # read rankings and search, change nothing
    SEAT_SCOUT = "matching:seat:scout"
    SESSION_ENROL = "courses:session:enrol"
    SESSION_MANAGE = "courses:session:manage"
    SETTINGS_MANAGE = "app:settings:manage"
    SUCCESSION_MANAGE = "matching:succession:manage"
    SUCCESSION_READ = "matching:succession:read"
    TALENT_MANAGE = "matching:talent:manage"  # compute boxes, calibrate, pools
    TALENT_OWN = "matching:talent:own"  # the own box and what is missing
    TALENT_READ = "matching:talent:read"
    TEAM_READ = "skills:team:read"
