"""The tests, in folders named like what they test; `python3 -m tests` runs every check."""
