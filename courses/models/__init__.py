"""Tables of this package, one module a subject."""

from courses.models.assignments import Assignment, AssignmentRubric, Submission
from courses.models.catalogue import Course, CourseCompetency, CourseMaterial, CourseTopic
from courses.models.certificates import (
    Certificate,
    CertificateLogEntry,
    CertificateTemplate,
    NumberSequence,
    RenewalPath,
    Signatory,
    ValidityChange,
)
from courses.models.evaluations import EvaluationReceipt, EvaluationResponse, FollowUp
from courses.models.exams import Exam, ExamAnswer, ExamAttempt
from courses.models.outside import LearningImport
from courses.models.plan_links import PlanItemProposal, PlanItemSession
from courses.models.planning import JpClaim, PlanItem, ProposalPerson, TrainingProposal, YearPlan
from courses.models.questions import Question
from courses.models.sessions import (
    Attendance,
    Enrolment,
    Meeting,
    Organiser,
    Session,
    SessionQuota,
    SessionSheet,
    TrainingInterest,
)

__all__ = [
    "Assignment",
    "AssignmentRubric",
    "Attendance",
    "Certificate",
    "CertificateLogEntry",
    "CertificateTemplate",
    "Course",
    "CourseCompetency",
    "CourseMaterial",
    "CourseTopic",
    "Enrolment",
    "EvaluationReceipt",
    "EvaluationResponse",
    "Exam",
    "ExamAnswer",
    "ExamAttempt",
    "FollowUp",
    "JpClaim",
    "LearningImport",
    "Meeting",
    "NumberSequence",
    "Organiser",
    "PlanItem",
    "PlanItemProposal",
    "PlanItemSession",
    "ProposalPerson",
    "Question",
    "RenewalPath",
    "Session",
    "SessionQuota",
    "SessionSheet",
    "Signatory",
    "Submission",
    "TrainingInterest",
    "TrainingProposal",
    "ValidityChange",
    "YearPlan",
]
