"""The sync protocol: it carries signed documents between devices and register, knows no slice."""
