"""The server's end of the protocol: registering keys, push, pull, and proofs."""
