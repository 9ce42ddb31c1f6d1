"""Fills an empty register with synthetic people: their phones sign, and push as phones do.

Not a slice, and no second way in: every document is signed by a key of its author and passes the
same push as any other; only the clock is led through the days before. TEST DATA throughout.
"""
