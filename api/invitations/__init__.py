"""Codes that give an account its role: single use, seven days, five tries."""
