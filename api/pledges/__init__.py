"""The pledge texts by version and language, and who signed which."""
