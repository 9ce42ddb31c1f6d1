-- What is asked at every push or sign-in must not walk through what the register gathers: the whole backlog, every name.
CREATE INDEX backlog_waits_by_id ON backlog_waits (log, id, missing_id);
DROP INDEX stay_names_by_stay;
CREATE INDEX stay_names_by_stay ON stay_names (log, stay_id, token);
CREATE INDEX assertions_by_expiry ON assertions (expires_ms);
