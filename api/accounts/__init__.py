"""People and programs: who registered a key, what was granted, who was verified or revoked."""
