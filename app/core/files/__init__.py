"""Stored files: checked by content, kept outside every web root, served through the policy."""
