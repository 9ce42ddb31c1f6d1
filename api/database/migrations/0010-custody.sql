-- A revocation may come before the registration of its key: it is kept, and applies when the key registers.
CREATE TABLE early_revocations (
    log TEXT NOT NULL,
    kid TEXT NOT NULL,
    revoked_ms BIGINT NOT NULL,
    revocation_reason TEXT NOT NULL,
    PRIMARY KEY (log, kid)
);
