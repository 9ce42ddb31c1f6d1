"""The register: what owners report, what officers judge, and the proof of both."""
