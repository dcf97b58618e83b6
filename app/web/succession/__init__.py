"""Succession: lines of seats, chains, alerts and coverage over the years."""
