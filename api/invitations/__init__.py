"""Codes that give an account its role: single use, seven days, counted by address."""
