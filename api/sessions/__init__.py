"""Who is signed in: nonces, signed assertions, opaque tokens, and the guard in front of every operation."""
