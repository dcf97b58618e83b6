"""Notices for accounts inside the application, with a mail beside them where asked for."""
