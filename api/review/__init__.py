"""The officers' verdicts: accept, return with reasons, refer."""
