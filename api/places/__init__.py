"""Provinces, districts and communes under ids that outlive their official codes."""
