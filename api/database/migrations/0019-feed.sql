-- Who follows the log of a small commune finds its next entry at once, however much lies between.
CREATE INDEX entries_by_place ON entries (log, place, pos);
