"""The phone's app and what it must know offline: files of the PWA, and register.json."""
