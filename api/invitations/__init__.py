"""Codes by which officers, owners and programs get their role: single use, seven days, five tries."""
