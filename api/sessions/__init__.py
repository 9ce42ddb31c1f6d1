"""Who is signed in: nonces, assertions, opaque tokens, the guard of every operation."""
