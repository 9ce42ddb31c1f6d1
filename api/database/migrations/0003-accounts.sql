-- Accounts fold from documents; invitations, tokens and the audit log are plain rows.
CREATE TABLE accounts (
    log TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    role TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unverified', 'active')),
    places BYTEA NOT NULL,
    scopes BYTEA NOT NULL,
    capacity TEXT NOT NULL,
    language TEXT NOT NULL,
    verification_code TEXT NOT NULL,
    premises_count BIGINT NOT NULL,
    stays_count BIGINT NOT NULL,
    created_pos BIGINT NOT NULL,
    PRIMARY KEY (log, account_id)
);
CREATE INDEX accounts_by_code ON accounts (log, verification_code);
CREATE TABLE devices (
    log TEXT NOT NULL,
    kid TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    jwk BYTEA NOT NULL,
    revoked_ms BIGINT,
    revocation_reason TEXT,
    PRIMARY KEY (log, kid)
);
CREATE INDEX devices_by_account ON devices (log, account_id);
CREATE TABLE premises_grants (
    log TEXT NOT NULL,
    grant_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    expires_ms BIGINT,
    is_live BIGINT NOT NULL,
    PRIMARY KEY (log, grant_id)
);
CREATE INDEX premises_grants_by_premises ON premises_grants (log, premises_id);
CREATE INDEX premises_grants_by_account ON premises_grants (log, account_id);
CREATE TABLE invitations (
    invitation_id BYTEA PRIMARY KEY,
    log TEXT NOT NULL,
    handle TEXT NOT NULL UNIQUE,
    secret_sha256 BYTEA NOT NULL,
    role TEXT NOT NULL,
    places BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    tries_left BIGINT NOT NULL
);
CREATE TABLE tokens (
    sha256 BYTEA PRIMARY KEY,
    log TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    kid TEXT,
    audience TEXT NOT NULL,
    scopes BYTEA NOT NULL,
    issued_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    idle_ms BIGINT,
    used_ms BIGINT NOT NULL
);
CREATE INDEX tokens_by_account ON tokens (log, account_id);
CREATE INDEX tokens_by_expiry ON tokens (expires_ms);
CREATE TABLE assertions (
    jti TEXT PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);
CREATE TABLE audit (
    log TEXT NOT NULL,
    n BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    account_id BYTEA NOT NULL,
    action TEXT NOT NULL,
    subject BYTEA,
    reason TEXT NOT NULL,
    chain BYTEA NOT NULL,
    PRIMARY KEY (log, n)
);
CREATE INDEX audit_by_account ON audit (log, account_id, action, at_ms);
