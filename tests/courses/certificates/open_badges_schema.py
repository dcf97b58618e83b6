"""The rules of an Open Badges 3.0 credential as a JSON schema, for the members that we write.

Written here from the data model of the standard (required members, kinds of values, closed lists,
no unknown member in subject, achievement, result, identity and evidence):
https://www.imsglobal.org/spec/ob/v3p0/#data-models
"""

from typing import Any

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}
URI = {"type": "string", "format": "uri"}


def _types(name: str) -> dict[str, Any]:
    return {"type": "array", "items": TEXT, "contains": {"const": name}, "minItems": 1}


def _object(required: list[str], members: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "properties": members,
        "additionalProperties": False,
    }


IDENTITY = _object(
    ["type", "hashed", "identityHash", "identityType"],
    {
        "type": {"const": "IdentityObject"},
        "hashed": {"type": "boolean"},
        "identityHash": TEXT,
        "identityType": {"type": "string", "pattern": r"^ext:[A-Za-z0-9._-]+$"},
        "salt": TEXT,
    },
)
ACHIEVEMENT = _object(
    ["id", "type", "name", "description", "criteria"],
    {
        "id": URI,
        "type": _types("Achievement"),
        "achievementType": {
            "enum": [
                "Achievement", "ApprenticeshipCertificate", "Assessment", "Assignment",
                "AssociateDegree", "Award", "Badge", "BachelorDegree", "Certificate",
                "CertificateOfCompletion", "Certification", "CommunityService", "Competency",
                "Course", "CoCurricular", "Degree", "Diploma", "DoctoralDegree", "Fieldwork",
                "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram",
                "License", "Membership", "ProfessionalDoctorate", "QualityAssuranceCredential",
                "MasterCertificate", "MasterDegree", "MicroCredential", "ResearchDoctorate",
                "SecondarySchoolDiploma",
            ]
        },
        "name": {"type": "string", "minLength": 1},
        "description": TEXT,
        "creditsAvailable": {"type": "number"},
        "criteria": _object([], {"id": URI, "narrative": TEXT}),
        "tag": {"type": "array", "items": TEXT},
    },
)  # fmt: skip
SUBJECT = {
    **_object(
        ["type", "achievement"],
        {
            "id": URI,
            "type": _types("AchievementSubject"),
            "identifier": {"type": "array", "items": IDENTITY, "minItems": 1},
            "narrative": TEXT,
            "activityStartDate": MOMENT,
            "activityEndDate": MOMENT,
            "creditsEarned": {"type": "number"},
            "licenseNumber": TEXT,
            "role": TEXT,
            "result": {
                "type": "array",
                "items": _object(["type"], {"type": _types("Result"), "value": TEXT}),
            },
            "achievement": ACHIEVEMENT,
        },
    ),
    "anyOf": [{"required": ["id"]}, {"required": ["identifier"]}],
}
CREDENTIAL: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2019-09/schema#",
    "type": "object",
    "required": ["@context", "id", "type", "name", "issuer", "validFrom", "credentialSubject"],
    "properties": {
        "@context": {
            "type": "array",
            "minItems": 2,
            "prefixItems": [
                {"const": "https://www.w3.org/ns/credentials/v2"},
                {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context-3[0-9.]+\.json$"},
            ],
        },
        "id": URI,
        "type": {
            "allOf": [
                _types("VerifiableCredential"),
                {"contains": {"enum": ["OpenBadgeCredential", "AchievementCredential"]}},
            ]
        },
        "name": TEXT,
        "issuer": {
            "type": "object",
            "required": ["id", "type"],
            "properties": {"id": URI, "type": _types("Profile"), "name": TEXT, "url": URI},
        },
        "validFrom": MOMENT,
        "validUntil": MOMENT,
        "awardedDate": MOMENT,
        "credentialSubject": SUBJECT,
        "evidence": {
            "type": "array",
            "items": _object(
                ["type"],
                {"id": URI, "type": _types("Evidence"), "name": TEXT, "description": TEXT},
            ),
        },
    },
}
