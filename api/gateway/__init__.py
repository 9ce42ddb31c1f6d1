"""Plain REST for programs that cannot sign: compose, sign with the gateway key, commit."""
