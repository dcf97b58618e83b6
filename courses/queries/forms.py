"""The 25 forms of learning of Peraturan LAN 10/2018, as the reference data name them."""

from sqlalchemy.orm import Session as DbSession

from skills.services.reference_load import reference_rows


def form_names(session: DbSession) -> dict[str, str]:
    """Return code to Indonesian name."""
    return {str(row["code"]): str(row["name"]) for row in reference_rows(session, "bangkom_forms")}
