"""Passwords: how they are hashed (argon2id) and which ones are refused."""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import InvalidInput, QuotaExceeded
from app.core.i18n import N_, Message

MIN_LENGTH = 12
MAX_LENGTH = 256
MIN_DISTINCT = 5
_LIST = Path(__file__).with_name("common_passwords.txt")
_OWN_WORDS = ("ekarir", "bkpsdm", "pontianak", "talenta", "smartcity", "password", "katasandi")
_LEET = str.maketrans("013457@$!", "oieastasi")


class _Hashing:
    """Cost of a hash and how many may run at once: each takes 64 MiB and all of a core."""

    def __init__(self, hasher: PasswordHasher, concurrent: int) -> None:
        self.hasher = hasher
        self.places = threading.BoundedSemaphore(concurrent)
        self.dummy = hasher.hash("nobody has this password")

    @contextmanager
    def place(self) -> Iterator[PasswordHasher]:
        if not self.places.acquire(timeout=15):
            raise QuotaExceeded(N_("Sistem sedang sibuk. Coba lagi sebentar."), retry_after=5)
        try:
            yield self.hasher
        finally:
            self.places.release()


_state: dict[str, _Hashing] = {}


def configure(*, cheap: bool = False, concurrent: int = 4) -> None:
    """Set the cost of hashing; cheap is for tests, where security is not the question."""
    hasher = PasswordHasher(1, 8, 1) if cheap else PasswordHasher()
    _state["hashing"] = _Hashing(hasher, concurrent)


def _hashing() -> _Hashing:
    if "hashing" not in _state:
        configure()
    return _state["hashing"]


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password.

    Raises:
        QuotaExceeded: when too many hashes run at once.
    """
    with _hashing().place() as hasher:
        return hasher.hash(_same_form(password))


def verify(stored: str | None, password: str) -> bool:
    """Return whether the password fits; without a stored hash it takes as long and says no.

    Raises:
        QuotaExceeded: when too many hashes run at once.
    """
    hashing = _hashing()
    with hashing.place() as hasher:
        try:
            fits = hasher.verify(stored or hashing.dummy, _same_form(password)[:MAX_LENGTH])
        except (VerificationError, InvalidHashError):
            return False
    return bool(fits) and stored is not None


def needs_rehash(stored: str) -> bool:
    """Return whether the hash was made with other costs than those in force."""
    return _hashing().hasher.check_needs_rehash(stored)


def check_rules(password: str, *, context: Iterable[str] = ()) -> None:
    """Refuse passwords that are short or easily guessed; nothing is asked of their composition.

    Args:
        context: words that belong to the person or the place (name, NIP, e-mail).

    Raises:
        InvalidInput: at the field `password`.
    """
    if len(password) < MIN_LENGTH:
        _refuse(Message(N_("Kata sandi minimal %(count)s karakter."), {"count": MIN_LENGTH}))
    if len(password) > MAX_LENGTH:
        _refuse(Message(N_("Kata sandi paling panjang %(count)s karakter."), {"count": MAX_LENGTH}))
    if len(set(password.casefold())) < MIN_DISTINCT or _is_sequence(password):
        _refuse(N_("Kata sandi terlalu mudah ditebak: karakternya berulang atau berurutan."))
    if is_common(password):
        _refuse(N_("Kata sandi ini termasuk yang paling sering dipakai orang. Pilih yang lain."))
    if _is_about(password, context):
        _refuse(
            N_("Kata sandi jangan memakai nama, NIP, tanggal lahir, e-mail, atau nama instansi.")
        )


def is_common(password: str) -> bool:
    """Return whether the password, or its core without digits around it, is on the list."""
    plain = password.casefold()
    forms = {plain, _core(plain), _core(plain).translate(_LEET), _letters(plain)}
    return any(form in common_passwords() or _repeats(form) for form in forms if form)


@cache
def common_passwords() -> frozenset[str]:
    """Return the list of common passwords and words, in lower case."""
    lines = _LIST.read_text(encoding="utf-8").split()
    return frozenset(line for line in lines if not line.startswith("#"))


def _refuse(message: Message | str) -> None:
    raise InvalidInput(message, field="password")


def _same_form(password: str) -> str:
    # The same letters typed on a phone and on a keyboard may arrive in two Unicode forms.
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _core(text: str) -> str:
    return text.strip("0123456789 .,;:!?@#$%^&*()_+-=[]{}<>/\\|'\"~`")


def _repeats(text: str) -> bool:
    """Whether the text is one common word written again and again."""
    for size in range(3, len(text) // 2 + 1):
        if len(text) % size == 0 and text == text[:size] * (len(text) // size):
            return text[:size] in common_passwords()
    return False


def _is_sequence(password: str) -> bool:
    codes = [ord(letter) for letter in password.casefold()]
    steps = [after - before for before, after in zip(codes, codes[1:], strict=False)]
    return sum(abs(step) <= 1 for step in steps) >= len(steps) * 0.8


def _is_about(password: str, context: Iterable[str]) -> bool:
    """Whether little is left once the words of the person and the place are taken away."""
    rest = password.casefold()
    digits = "".join(letter for letter in rest if letter.isdigit())
    for word in context:
        number = "".join(letter for letter in word if letter.isdigit())
        if len(number) >= 8 and any(number[i : i + 8] in digits for i in range(len(number) - 7)):
            return True
    for word in sorted({*_words(context), *_OWN_WORDS}, key=len, reverse=True):
        rest = rest.replace(word, "").replace(word[::-1], "")
    changed = len(rest) < len(password)
    return changed and len(_letters(rest.translate(_LEET))) < 5


def _words(context: Iterable[str]) -> Iterator[str]:
    for text in context:
        plain = text.casefold()
        for separator in "@._-,'":
            plain = plain.replace(separator, " ")
        yield from (word for word in plain.split() if len(word) >= 4)
