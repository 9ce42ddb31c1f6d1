-- The log and what it folds to. Every key starts with `log`; instants are milliseconds since 1970 UTC; ids are 16 bytes.
CREATE TABLE heads (
    log TEXT PRIMARY KEY,
    pos BIGINT NOT NULL CHECK (pos >= 0),
    chain BYTEA NOT NULL,
    received_ms BIGINT NOT NULL
);
CREATE TABLE entries (
    log TEXT NOT NULL,
    pos BIGINT NOT NULL CHECK (pos > 0),
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    "by" TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity BYTEA NOT NULL,
    place TEXT NOT NULL,
    received_ms BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (log, pos),
    UNIQUE (log, id)
);
CREATE INDEX entries_by_entity ON entries (log, entity, pos);
CREATE TABLE payloads (
    log TEXT NOT NULL,
    id BYTEA NOT NULL,
    protected TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    signature TEXT NOT NULL,
    PRIMARY KEY (log, id)
);
CREATE TABLE disclosures (
    log TEXT NOT NULL,
    id BYTEA NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (log, id, name)
);
CREATE TABLE entities (
    log TEXT NOT NULL,
    entity BYTEA NOT NULL,
    kind TEXT NOT NULL,
    revision BYTEA NOT NULL,
    effect TEXT NOT NULL,
    place TEXT NOT NULL,
    premises_id BYTEA,
    author BYTEA NOT NULL,
    created_pos BIGINT NOT NULL,
    changed_pos BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    body BYTEA NOT NULL,
    detail BYTEA NOT NULL,
    PRIMARY KEY (log, entity)
);
CREATE INDEX entities_by_place ON entities (log, place, kind, effect, changed_pos);
CREATE INDEX entities_by_author ON entities (log, author, kind, created_pos);
CREATE INDEX entities_by_premises ON entities (log, premises_id, kind, created_pos);
CREATE INDEX entities_by_kind ON entities (log, kind, created_pos);
CREATE TABLE backlog (
    log TEXT NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    pusher BYTEA,
    item BYTEA NOT NULL,
    held_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (log, id, hash)
);
CREATE INDEX backlog_by_pusher ON backlog (log, pusher);
CREATE INDEX backlog_by_time ON backlog (log, held_ms);
CREATE TABLE backlog_waits (
    log TEXT NOT NULL,
    missing_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    PRIMARY KEY (log, missing_id, id)
);
CREATE TABLE refusals (
    log TEXT NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    "by" TEXT NOT NULL,
    code TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (log, id, hash)
);
CREATE INDEX refusals_by_time ON refusals (log, at_ms);
