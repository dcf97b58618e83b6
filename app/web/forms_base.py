"""The base of all forms: messages of WTForms in the language of the page.

WTForms has no Indonesian catalogue, so a rule without a message of its own would answer in English
on an Indonesian page. Its messages are told here in Indonesian and translated like any other text.
"""

from flask_babel import gettext
from flask_wtf import FlaskForm

from app.core.i18n import N_

_INVALID = N_("Isian ini tidak sah.")
_NO_CHOICE = N_("Pilihan ini tidak tersedia.")
_EXPIRED = N_("Formulir sudah kedaluwarsa. Kembali, muat ulang halaman, lalu kirim lagi.")
_SHORTEST = N_("Paling sedikit %(min)d karakter.")
_LONGEST = N_("Paling banyak %(max)d karakter.")

# message of WTForms (the singular where it has two) -> text of the platform
WORDS = {
    "This field is required.": N_("Wajib diisi."),
    "Field must be equal to %(other_name)s.": N_("Isian ini harus sama dengan %(other_name)s."),
    "Field must be at least %(min)d character long.": _SHORTEST,
    "Field cannot be longer than %(max)d character.": _LONGEST,
    "Field must be exactly %(max)d character long.": N_("Harus tepat %(max)d karakter."),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Harus %(min)d sampai %(max)d karakter."
    ),
    "Number must be at least %(min)s.": N_("Angka paling kecil %(min)s."),
    "Number must be at most %(max)s.": N_("Angka paling besar %(max)s."),
    "Number must be between %(min)s and %(max)s.": N_("Angka harus antara %(min)s dan %(max)s."),
    "Date must be at least %(min)s.": N_("Tanggal paling awal %(min)s."),
    "Date must be at most %(max)s.": N_("Tanggal paling akhir %(max)s."),
    "Date must be between %(min)s and %(max)s.": N_("Tanggal harus antara %(min)s dan %(max)s."),
    "Invalid input.": _INVALID,
    "Invalid email address.": N_("Alamat e-mail tidak sah."),
    "Invalid IP address.": N_("Alamat jaringan tidak sah."),
    "Invalid Mac address.": N_("Alamat perangkat tidak sah."),
    "Invalid URL.": N_("Tautan tidak sah; tulis lengkap, misalnya https://contoh.go.id."),
    "Invalid UUID.": _INVALID,
    "Invalid value, must be one of: %(values)s.": N_("Isi dengan salah satu dari: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": N_("Jangan isi dengan: %(values)s."),
    "This field cannot be edited.": N_("Isian ini tidak dapat diubah."),
    "This field is disabled and cannot have a value.": N_("Isian ini tidak dapat diubah."),
    "Invalid CSRF Token.": _EXPIRED,
    "CSRF token missing.": _EXPIRED,
    "CSRF failed.": _EXPIRED,
    "CSRF token expired.": _EXPIRED,
    "Invalid Choice: could not coerce.": _NO_CHOICE,
    "Not a valid choice.": _NO_CHOICE,
    "Not a valid choice": _NO_CHOICE,
    "Invalid choice(s): one or more data inputs could not be coerced.": _NO_CHOICE,
    "'%(value)s' is not a valid choice for this field.": N_("Pilihan %(value)s tidak tersedia."),
    "Not a valid datetime value.": N_("Tanggal dan jam tidak sah."),
    "Not a valid date value.": N_("Tanggal tidak sah."),
    "Not a valid time value.": N_("Jam tidak sah, misalnya 08:30."),
    "Not a valid week value.": N_("Minggu tidak sah."),
    "Not a valid integer value.": N_("Isi dengan bilangan bulat."),
    "Not a valid decimal value.": N_("Isi dengan angka."),
    "Not a valid float value.": N_("Isi dengan angka."),
}


class _Translations:
    """What WTForms asks for the words of its own messages."""

    def gettext(self, string: str) -> str:
        """Return a message in the language of the request."""
        return gettext(WORDS[string]) if string in WORDS else string

    def ngettext(self, singular: str, _plural: str, _number: int) -> str:
        """Return a message with a number; Indonesian has one form for every number."""
        return self.gettext(singular)


_translations = _Translations()


class BaseForm(FlaskForm):
    """A form whose messages all speak the language of the page."""

    class Meta(FlaskForm.Meta):
        """Where WTForms finds its words."""

        def get_translations(self, _form: FlaskForm) -> _Translations:
            """Return the platform's words instead of the catalogues of WTForms."""
            return _translations
