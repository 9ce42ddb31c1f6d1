"""The log: position, chain, receipts, backlog and committer; it knows no slice."""
