"""Stored files, each behind a check of the policy."""
