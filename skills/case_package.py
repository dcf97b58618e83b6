"""A framework as a CFPackage of 1EdTech CASE 1.0: document, items, associations, rubrics.

Areas and competencies are items, the tree and the mappings are associations, and the behaviours of
the five levels are a rubric of each competency. Identifiers follow from the codes, so that the
same framework gives the same identifiers everywhere and always.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_BASE = "ims/case/v1p0"
_STATUS = {"draft": "Draft", "in_force": "Adopted", "retired": "Deprecated"}
_EXACT = "exactMatchOf"
_RELATED = "isRelatedTo"


@dataclass(frozen=True)
class CaseItem:
    """A competency or area as the package shows it."""

    code: str
    name: str
    definition: str
    is_area: bool
    parent: str | None
    keywords: Sequence[str]
    levels: Mapping[int, Sequence[str]]
    mappings: Sequence[tuple[str, str, str, str]]  # framework, code, name, relation


@dataclass(frozen=True)
class CaseDocument:
    """A framework as the package shows it."""

    code: str
    name: str
    version: str
    source: str
    state: str
    creator: str
    valid_from: date | None
    valid_until: date | None


def package(
    document: CaseDocument,
    items: Sequence[CaseItem],
    *,
    level_names: Mapping[int, str],
    base_url: str,
    moment: datetime,
) -> dict[str, Any]:
    """Return the CFPackage of a framework.

    Args:
        level_names: words of the levels, the quality of a rubric's level.
        base_url: address of this platform, the stem of all identifiers.
        moment: when the package was written.
    """
    return _Package(document, level_names, base_url.rstrip("/"), moment).whole(items)


class _Package:
    """The parts of one package, with the stem of their identifiers."""

    def __init__(
        self,
        document: CaseDocument,
        level_names: Mapping[int, str],
        base_url: str,
        moment: datetime,
    ) -> None:
        self.document, self.level_names = document, level_names
        self.base_url, self.changed = base_url, moment.isoformat(timespec="seconds")

    def whole(self, items: Sequence[CaseItem]) -> dict[str, Any]:
        """Return all parts."""
        return {
            "CFDocument": self._document(),
            "CFItems": [self._item(item) for item in items],
            "CFAssociations": list(self._associations(items)),
            "CFRubrics": [self._rubric(item) for item in items if not item.is_area],
        }

    def _id(self, *parts: str) -> str:
        return str(uuid5(NAMESPACE_URL, "/".join((self.base_url, self.document.code, *parts))))

    def _ref(self, kind: str, identifier: str, title: str) -> dict[str, str]:
        uri = f"{self.base_url}/{_BASE}/{kind}/{identifier}"
        return {"title": title, "identifier": identifier, "uri": uri}

    def _head(self, kind: str, identifier: str) -> dict[str, str]:
        uri = self._ref(kind, identifier, "")["uri"]
        return {"identifier": identifier, "uri": uri, "lastChangeDateTime": self.changed}

    @property
    def _document_ref(self) -> dict[str, str]:
        return self._ref("CFDocuments", self._id("document"), self.document.name)

    def _document(self) -> dict[str, Any]:
        one = self.document
        found: dict[str, Any] = {
            **self._head("CFDocuments", self._id("document")),
            "creator": one.creator,
            "title": one.name,
            "language": "id",
            "version": one.version,
            "notes": one.source,
            "adoptionStatus": _STATUS.get(one.state, "Private Draft"),
            "CFPackageURI": self._ref("CFPackages", self._id("document"), one.name),
        }
        if one.valid_from:
            found["statusStartDate"] = one.valid_from.isoformat()
        if one.valid_until:
            found["statusEndDate"] = one.valid_until.isoformat()
        return found

    def _item_ref(self, item: CaseItem) -> dict[str, str]:
        return self._ref("CFItems", self._id("item", item.code), item.name)

    def _item(self, item: CaseItem) -> dict[str, Any]:
        return {
            **self._head("CFItems", self._id("item", item.code)),
            "fullStatement": item.definition or item.name,
            "abbreviatedStatement": item.name[:60],
            "humanCodingScheme": item.code,
            "CFItemType": "Area" if item.is_area else "Competency",
            "conceptKeywords": list(item.keywords),
            "language": "id",
            "CFDocumentURI": self._document_ref,
        }

    def _associations(self, items: Sequence[CaseItem]) -> Iterator[dict[str, Any]]:
        known = {item.code: item for item in items}
        for number, item in enumerate(items, start=1):
            parent = known.get(item.parent or "")
            above = self._item_ref(parent) if parent else self._document_ref
            yield self._association(item, "isChildOf", above, number)
            yield from self._mapped(item)

    def _mapped(self, item: CaseItem) -> Iterable[dict[str, Any]]:
        for number, (framework, code, name, relation) in enumerate(item.mappings, start=1):
            identifier = str(uuid5(NAMESPACE_URL, f"{framework}/{code}"))
            uri = f"urn:{framework}:{code}".replace(" ", "-")
            other = {"title": f"{framework} {code} {name}", "identifier": identifier, "uri": uri}
            kind = _EXACT if relation == "exact" else _RELATED
            yield self._association(item, kind, other, number)

    def _association(
        self, item: CaseItem, kind: str, target: Mapping[str, str], number: int
    ) -> dict[str, Any]:
        identifier = self._id("association", item.code, kind, target["identifier"])
        return {
            **self._head("CFAssociations", identifier),
            "associationType": kind,
            "sequenceNumber": number,
            "originNodeURI": self._item_ref(item),
            "destinationNodeURI": dict(target),
            "CFDocumentURI": self._document_ref,
        }

    def _rubric(self, item: CaseItem) -> dict[str, Any]:
        criterion = self._id("criterion", item.code)
        return {
            **self._head("CFRubrics", self._id("rubric", item.code)),
            "title": item.name,
            "CFRubricCriteria": [
                {
                    **self._head("CFRubricCriteria", criterion),
                    "category": item.name,
                    "CFItemURI": self._item_ref(item),
                    "CFRubricCriterionLevels": [
                        self._level(item, level, texts)
                        for level, texts in sorted(item.levels.items())
                    ],
                }
            ],
        }

    def _level(self, item: CaseItem, level: int, texts: Sequence[str]) -> dict[str, Any]:
        return {
            **self._head("CFRubricCriterionLevels", self._id("level", item.code, str(level))),
            "quality": self.level_names.get(level, str(level)),
            "description": "\n".join(texts),
            "score": level,
            "position": level,
        }
