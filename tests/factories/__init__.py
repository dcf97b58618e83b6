"""Builders of test data, one module per package of the domain."""
