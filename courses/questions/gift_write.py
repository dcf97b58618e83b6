"""Questions as Moodle's GIFT text. Pure: what `courses.questions.gift` reads back unchanged."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.i18n import N_, Message
from courses.questions.content import Choice, Content, QuestionKind

_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"} | {"\n": "\\n"})


@dataclass
class Written:
    """The text, and the questions that GIFT cannot say with the reason."""

    text: str = ""
    refused: list[tuple[Content, Message]] = field(default_factory=list)


def write_gift(contents: Iterable[Content]) -> Written:
    """Return questions as GIFT text; points stand in a comment, topics are categories."""
    written, blocks, topic = Written(), [], ""
    for content in contents:
        if any("->" in answer for answer in content.accepted):
            told = N_("Jawaban dengan tanda -> tidak dapat ditulis dalam GIFT.")
            written.refused.append((content, Message(told)))
            continue
        if content.topic != topic:
            topic = content.topic
            blocks.append(_category(topic))
        blocks.append(_block(content))
    written.text = "\n\n".join(blocks) + "\n" if blocks else ""
    return written


def _category(topic: str) -> str:
    """A slash of a name is doubled; a blank keeps a leading one apart from the path."""
    return (
        f"$CATEGORY: $course$/top/ {topic.replace('/', '//')}"
        if topic
        else ("$CATEGORY: $course$/top")
    )


def _block(content: Content) -> str:
    points = f"// poin: {content.points}\n" if content.points != 1 else ""
    title = f"::{_escape(content.title)}::" if content.title else ""
    answers = "\n".join(f"  {line}" for line in _answers(content))
    tail = f"\n  ####[plain]{_escape(content.explanation)}" if content.explanation else ""
    return f"{points}{title}[plain]{_escape(content.text)} {{\n{answers}{tail}\n}}"


def _escape(text: str) -> str:
    return text.translate(_SIGNS)


def _answers(content: Content) -> list[str]:
    if content.kind is QuestionKind.TEXT:
        return [f"=%100%[plain]{_escape(a).replace('*', chr(92) + '*')}" for a in content.accepted]
    if content.kind is QuestionKind.SINGLE:
        return [_single(choice) for choice in content.choices]
    share = 100 / max(1, sum(choice.right for choice in content.choices))
    return [
        f"~%{share if c.right else -share:.5f}%[plain]{_escape(c.text)}" for c in content.choices
    ]


def _single(choice: Choice) -> str:
    weight = "=%100%" if choice.right else "~%0%"
    return f"{weight}[plain]{_escape(choice.text)}"
