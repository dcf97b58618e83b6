"""Writes of this package: one module a subject; services flush and never commit."""
