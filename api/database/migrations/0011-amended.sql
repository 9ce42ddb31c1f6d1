-- By as many columns as the longer index of effects, or SQLite would not take this one and walk through all that waits.
DROP INDEX entities_amended;
CREATE INDEX entities_amended ON entities (log, place, effect, created_pos) WHERE revision <> entity;
