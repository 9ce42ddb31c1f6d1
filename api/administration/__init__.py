"""What the operator of the machine may do: served on a socket that only his own user can open.

Not a slice: it records nothing of its own. The commands of `sangkat` are its clients,
against a running server and, when none runs, in their own process.
"""
