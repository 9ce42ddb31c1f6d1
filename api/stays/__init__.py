"""One person at one premises, until the departure."""
