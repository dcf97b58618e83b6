"""Employees: list, one person, edit, supervisor, transfer and departure."""
