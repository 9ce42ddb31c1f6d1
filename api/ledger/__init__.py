"""The log: position, chain, receipts, backlog and the committer; it folds through Protocols and knows no slice."""
