-- A role may be given until an instant: afterwards its account reads and writes nothing. NULL: without end.
ALTER TABLE accounts ADD COLUMN expires_ms BIGINT;
