"""Marks: what an officer is asked to look at; computed on read, explained, never a verdict."""
