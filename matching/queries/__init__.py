"""Reads of this package: one module a subject; always ordered, never writing."""
