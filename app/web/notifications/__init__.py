"""Notices of the signed-in person, and the words of mails."""
