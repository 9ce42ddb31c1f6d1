"""Paper: the declaration and pledge form of premises, and receipts, as PDF."""
