-- Photos of premises: what was sent of each by whom, in parts, and which photo premises name. Their bytes lie in
-- files. For premises of before, `photo` is not filled in: no release has written any.
CREATE TABLE blobs (
    log TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    state TEXT NOT NULL,
    refusal TEXT,
    length BIGINT NOT NULL,
    received BIGINT NOT NULL,
    kept_bytes BIGINT NOT NULL,
    begun_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (log, account_id, sha256)
);
CREATE INDEX blobs_by_name ON blobs (log, sha256);
CREATE INDEX blobs_by_age ON blobs (log, seen_ms);
ALTER TABLE premises ADD COLUMN photo BYTEA;
CREATE INDEX premises_by_photo ON premises (log, photo) WHERE photo IS NOT NULL;
