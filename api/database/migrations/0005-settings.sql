-- What the operator recorded about this register, and whether it is a demonstration: plain rows, changed in place.
CREATE TABLE settings (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    value BYTEA NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (log, name)
);
