"""Background jobs: list, progress, report."""
