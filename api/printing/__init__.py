"""Forms and receipts as PDF, Khmer shaped, for people without a phone; needs the extra `print`."""
