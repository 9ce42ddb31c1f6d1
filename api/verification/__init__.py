"""Whom an officer can verify: unverified owners of premises in his places, by their short code."""
