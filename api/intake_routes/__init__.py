"""The server's end of the protocol: registering keys, push, pull, what a device must know, and proofs."""
