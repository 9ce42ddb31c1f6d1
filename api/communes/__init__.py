"""The commune police as an address: what is due there, where to send, what waits."""
