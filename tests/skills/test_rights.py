"""The copy of one's own data forgets no table."""

import courses.models
import matching.models
from app.core.db import Base
from skills.services.rights import EXPORTED, LEFT_OUT

PACKAGES = (courses.models, matching.models)  # imported so that their tables are known


def test_every_table_that_knows_a_person_is_in_the_copy_or_says_why_not():
    knows = {
        table.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "employee.id" for key in column.foreign_keys)
    }

    assert knows - set(EXPORTED) - set(LEFT_OUT) == set()
    for name, (_title, keys) in EXPORTED.items():
        assert set(keys) <= set(Base.metadata.tables[name].columns.keys()), name
