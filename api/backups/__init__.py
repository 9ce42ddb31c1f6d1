"""Backups: what is in one, how it is sealed, when one is made and which are kept."""
