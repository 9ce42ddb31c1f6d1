"""The database: one seam for the stores, one adapter an engine, and the migrations."""
