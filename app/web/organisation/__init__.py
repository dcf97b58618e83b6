"""OPD and units: list, tree, rename, create, merge."""
