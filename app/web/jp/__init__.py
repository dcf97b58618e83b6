"""Accounts of learning hours: people and OPD, own claims, approval."""
