"""The version of the privacy notice in force; raise it when the text says something new."""

from datetime import date

VERSION = "1.0"
SINCE = date(2026, 11, 24)
