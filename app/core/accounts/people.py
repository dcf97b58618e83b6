"""The few columns of people and offices that accounts read; the tables belong to `skills`."""

from sqlalchemy import column, table

employee = table(
    "employee",
    column("id"),
    column("nip"),
    column("name"),
    column("title_front"),
    column("title_back"),
    column("official_email"),
    column("employment_state"),
    column("opd_id"),
    column("unit_id"),
)
opd = table("opd", column("id"), column("name"), column("short_name"), column("valid_until"))
unit = table("unit", column("id"), column("opd_id"), column("name"))
