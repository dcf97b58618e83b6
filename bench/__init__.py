"""Benchmarks: one module per subject, run by `make bench`; speed is judged here, never in tests."""
