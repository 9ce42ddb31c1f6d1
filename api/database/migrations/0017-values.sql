-- What was erased never comes back with a repeat of its document; who waits for what is told apart by
-- the bytes, as ids are not reserved.
CREATE TABLE erasures (
    log TEXT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (log, id, name)
);
ALTER TABLE backlog_waits RENAME TO backlog_waits_by_id_alone;
DROP INDEX backlog_waits_by_id;
CREATE TABLE backlog_waits (
    log TEXT NOT NULL,
    missing_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (log, missing_id, id, hash)
);
INSERT INTO backlog_waits (log, missing_id, id, hash)
    SELECT w.log, w.missing_id, w.id, b.hash
    FROM backlog_waits_by_id_alone w JOIN backlog b ON b.log = w.log AND b.id = w.id;
DROP TABLE backlog_waits_by_id_alone;
CREATE INDEX backlog_waits_by_id ON backlog_waits (log, id, hash, missing_id);
