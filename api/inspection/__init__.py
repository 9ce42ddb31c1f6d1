"""Whether a register is what its documents say: nothing it holds is believed, everything computed.

Not a slice: it reads the tables of all of them. It works beside a running server, on a snapshot.
"""
