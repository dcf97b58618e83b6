"""Names of invented people, put together from the word lists."""

from random import Random

from app.demo.words import pick, words
from skills.enums import Sex

_TRIES = 6


class NameMaker:
    """Draws names that differ from each other, as far as the lists allow."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.groups = words("names")["groups"]
        self.weights = {name: group["weight"] for name, group in self.groups.items()}
        self.well_known = frozenset(words("names")["well_known"])
        self.seen: set[str] = set(self.well_known)

    def make(self, sex: Sex) -> str:
        """Return a name; after some tries a name may occur twice, as in life."""
        name = self._draw(sex)
        for _ in range(_TRIES):
            if name not in self.seen:
                break
            name = self._draw(sex)
        while name in self.well_known:
            name = self._draw(sex)
        self.seen.add(name)
        return name

    def _draw(self, sex: Sex) -> str:
        group = self.groups[pick(self.rng, self.weights)]
        parts: list[str] = []
        half = "male" if sex is Sex.MALE else "female"
        lists = {"front": group[f"{half}_front"], "given": group[half], "last": group["last"]}
        for part in pick(self.rng, group["patterns"]).split():
            parts.append(self.rng.choice([word for word in lists[part] if word not in parts]))
        return " ".join(parts)


def email_name(name: str) -> str:
    """Return the part of an e-mail address before the sign, from a name."""
    plain = "".join(letter for letter in name.lower() if letter.isascii() and letter in _LETTERS)
    return ".".join(plain.split()[:2])


_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz ")
