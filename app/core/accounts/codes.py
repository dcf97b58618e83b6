"""Codes that people type from paper: four groups of four, without letters that look alike."""

import hashlib
import secrets

# No 0/O, 1/I/L and no U, so that a code is read the same by everybody and spells no word.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP_LENGTH = 4, 4


def new_code() -> str:
    """Return a random code such as `7KQM-2XTP-94WA-HR6D` (78 bits)."""
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)]
    return grouped("".join(letters))


def grouped(code: str) -> str:
    """Return the code in its printed form."""
    return "-".join(code[i : i + GROUP_LENGTH] for i in range(0, len(code), GROUP_LENGTH))


def normalise(typed: str) -> str:
    """Return what was typed as it is hashed: capitals without spaces and hyphens."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def digest(secret: str) -> str:
    """Return what is stored of a random secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def digest_of_code(typed: str) -> str:
    """Return the stored form of a code as somebody typed it."""
    return digest(normalise(typed))
