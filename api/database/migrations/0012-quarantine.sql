-- What a lost or stolen key still sends waits for a verdict under its own id; the first verdict counts.
CREATE TABLE adoptions (
    log TEXT NOT NULL,
    adoption_id BYTEA NOT NULL,
    document_id BYTEA NOT NULL,
    document_hash TEXT NOT NULL,
    place TEXT NOT NULL,
    verdict TEXT NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (log, adoption_id)
);
CREATE INDEX adoptions_by_document ON adoptions (log, document_id);
INSERT INTO backlog_waits (log, missing_id, id) SELECT DISTINCT log, id, id FROM backlog WHERE reason = 'quarantine';
