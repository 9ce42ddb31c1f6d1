"""The subcommands of `sangkat`, one module each; an addition to the layout of architecture.md.

A module offers `add_to(commands)`, which describes its flags, and sets `run` to what it does.
"""
