-- The tables as the migrations for SQLite before it leave them; a new database begins here. Texts sort by their
-- bytes, as in SQLite. What the log is made of is partitioned by log.
CREATE TABLE heads (
    log TEXT COLLATE "C" PRIMARY KEY,
    pos BIGINT NOT NULL CHECK (pos >= 0),
    chain BYTEA NOT NULL,
    received_ms BIGINT NOT NULL
);
CREATE TABLE entries (
    log TEXT COLLATE "C" NOT NULL,
    pos BIGINT NOT NULL CHECK (pos > 0),
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    "by" TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    entity BYTEA NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    received_ms BIGINT NOT NULL,
    chain BYTEA NOT NULL,
    receipt TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, pos),
    UNIQUE (log, id)
) PARTITION BY LIST (log);
CREATE INDEX entries_by_entity ON entries (log, entity, pos);
CREATE INDEX entries_by_place ON entries (log, place, pos);
CREATE TABLE payloads (
    log TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    protected TEXT COLLATE "C" NOT NULL,
    bytes BYTEA NOT NULL,
    signature TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, id)
) PARTITION BY LIST (log);
CREATE TABLE disclosures (
    log TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    key_id TEXT COLLATE "C",
    bytes BYTEA NOT NULL,
    PRIMARY KEY (log, id, name)
) PARTITION BY LIST (log);
CREATE TABLE entities (
    log TEXT COLLATE "C" NOT NULL,
    entity BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    revision BYTEA NOT NULL,
    effect TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    premises_id BYTEA,
    author BYTEA NOT NULL,
    created_pos BIGINT NOT NULL,
    changed_pos BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    body BYTEA NOT NULL,
    detail BYTEA NOT NULL,
    PRIMARY KEY (log, entity)
) PARTITION BY LIST (log);
CREATE INDEX entities_by_author ON entities (log, author, kind, created_pos);
CREATE INDEX entities_by_premises ON entities (log, premises_id, kind, created_pos);
CREATE INDEX entities_by_kind ON entities (log, kind, created_pos);
CREATE INDEX entities_by_place ON entities (log, place, kind, created_pos);
CREATE INDEX entities_by_place_effect ON entities (log, place, effect, kind, created_pos, author);
CREATE INDEX entities_amended ON entities (log, place, effect, created_pos) WHERE revision <> entity;
CREATE TABLE backlog (
    log TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    pusher BYTEA,
    item BYTEA NOT NULL,
    held_ms BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, id, hash)
);
CREATE INDEX backlog_by_pusher ON backlog (log, pusher);
CREATE INDEX backlog_by_time ON backlog (log, held_ms);
CREATE TABLE refusals (
    log TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    "by" TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (log, id, hash)
);
CREATE INDEX refusals_by_time ON refusals (log, at_ms);
CREATE TABLE accounts (
    log TEXT COLLATE "C" NOT NULL,
    account_id BYTEA NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('unverified', 'active')),
    places BYTEA NOT NULL,
    scopes BYTEA NOT NULL,
    capacity TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    verification_code TEXT COLLATE "C" NOT NULL,
    premises_count BIGINT NOT NULL,
    stays_count BIGINT NOT NULL,
    created_pos BIGINT NOT NULL,
    expires_ms BIGINT,
    PRIMARY KEY (log, account_id)
);
CREATE INDEX accounts_by_code ON accounts (log, verification_code);
CREATE INDEX accounts_unverified ON accounts (log, account_id) WHERE state = 'unverified';
CREATE TABLE devices (
    log TEXT COLLATE "C" NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    account_id BYTEA NOT NULL,
    jwk BYTEA NOT NULL,
    revoked_ms BIGINT,
    revocation_reason TEXT COLLATE "C",
    PRIMARY KEY (log, kid)
);
CREATE INDEX devices_by_account ON devices (log, account_id);
CREATE TABLE premises_grants (
    log TEXT COLLATE "C" NOT NULL,
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
    log TEXT COLLATE "C" NOT NULL,
    handle TEXT COLLATE "C" NOT NULL UNIQUE,
    secret_sha256 BYTEA NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    places BYTEA NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    tries_left BIGINT NOT NULL,
    wrong_ms BIGINT NOT NULL DEFAULT 0,
    used_ms BIGINT
);
CREATE TABLE tokens (
    sha256 BYTEA PRIMARY KEY,
    log TEXT COLLATE "C" NOT NULL,
    account_id BYTEA NOT NULL,
    kid TEXT COLLATE "C",
    audience TEXT COLLATE "C" NOT NULL,
    scopes BYTEA NOT NULL,
    issued_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    idle_ms BIGINT,
    used_ms BIGINT NOT NULL
);
CREATE INDEX tokens_by_account ON tokens (log, account_id);
CREATE INDEX tokens_by_expiry ON tokens (expires_ms);
CREATE TABLE assertions (
    jti TEXT COLLATE "C" PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX assertions_by_expiry ON assertions (expires_ms);
CREATE TABLE audit (
    log TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    account_id BYTEA NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject BYTEA,
    reason TEXT COLLATE "C" NOT NULL,
    chain BYTEA NOT NULL,
    PRIMARY KEY (log, n)
);
CREATE INDEX audit_by_account ON audit (log, account_id, action, at_ms);
CREATE TABLE premises (
    log TEXT COLLATE "C" NOT NULL,
    premises_id BYTEA NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, premises_id)
);
CREATE INDEX premises_by_place ON premises (log, place, premises_id);
CREATE TABLE stays (
    log TEXT COLLATE "C" NOT NULL,
    stay_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    nationality TEXT COLLATE "C" NOT NULL,
    sex TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    arrived_on TEXT COLLATE "C" NOT NULL,
    left_on TEXT COLLATE "C",
    visa_expires_on TEXT COLLATE "C",
    document_holder TEXT COLLATE "C" NOT NULL,
    document_key TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    employer TEXT COLLATE "C",
    document_series TEXT COLLATE "C",
    PRIMARY KEY (log, stay_id)
);
CREATE INDEX stays_by_place ON stays (log, place, stay_id);
CREATE INDEX stays_by_premises ON stays (log, premises_id, stay_id);
CREATE INDEX stays_by_document ON stays (log, document_key);
CREATE INDEX stays_by_phone ON stays (log, phone, place) WHERE phone IS NOT NULL AND left_on IS NULL;
CREATE INDEX stays_by_employer ON stays (log, employer, place) WHERE employer IS NOT NULL AND left_on IS NULL;
CREATE INDEX stays_by_series ON stays (log, document_series, place) WHERE document_series IS NOT NULL AND left_on IS NULL;
CREATE TABLE stay_names (
    log TEXT COLLATE "C" NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    stay_id BYTEA NOT NULL,
    PRIMARY KEY (log, token, stay_id)
);
CREATE INDEX stay_names_by_stay ON stay_names (log, stay_id, token);
CREATE TABLE declarations (
    log TEXT COLLATE "C" NOT NULL,
    declaration_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    as_of TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    pos BIGINT NOT NULL,
    grade TEXT COLLATE "C" NOT NULL DEFAULT 'author',
    PRIMARY KEY (log, declaration_id)
);
CREATE INDEX declarations_by_premises ON declarations (log, premises_id, order_id, pos);
CREATE INDEX declarations_by_place ON declarations (log, place, order_id);
CREATE TABLE pledges (
    log TEXT COLLATE "C" NOT NULL,
    pledge_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    author BYTEA NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (log, pledge_id)
);
CREATE INDEX pledges_by_premises ON pledges (log, premises_id, order_id, author, pos);
CREATE INDEX pledges_by_place ON pledges (log, place, order_id);
CREATE TABLE reveals (
    log TEXT COLLATE "C" NOT NULL,
    account_id BYTEA NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (log, account_id, day)
);
CREATE TABLE settings (
    log TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (log, name)
);
CREATE TABLE posts (
    log TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    push_url TEXT COLLATE "C",
    fetched_ms BIGINT,
    PRIMARY KEY (log, place)
);
CREATE TABLE early_revocations (
    log TEXT COLLATE "C" NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    revoked_ms BIGINT NOT NULL,
    revocation_reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, kid)
);
CREATE TABLE numbers (
    log TEXT COLLATE "C" NOT NULL,
    kid TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (log, kid)
);
CREATE TABLE adoptions (
    log TEXT COLLATE "C" NOT NULL,
    adoption_id BYTEA NOT NULL,
    document_id BYTEA NOT NULL,
    document_hash TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL,
    verdict TEXT COLLATE "C" NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (log, adoption_id)
);
CREATE INDEX adoptions_by_document ON adoptions (log, document_id);
CREATE TABLE clocks (
    log TEXT COLLATE "C" PRIMARY KEY,
    seen_ms BIGINT NOT NULL
);
CREATE TABLE erasures (
    log TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (log, id, name)
);
CREATE TABLE backlog_waits (
    log TEXT COLLATE "C" NOT NULL,
    missing_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (log, missing_id, id, hash)
);
CREATE INDEX backlog_waits_by_id ON backlog_waits (log, id, hash, missing_id);
-- The log is append-only: nobody is granted to change it, and triggers refuse it to those who need no grant.
CREATE FUNCTION sangkat_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries EXECUTE FUNCTION sangkat_refuse();
CREATE TRIGGER payloads_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON payloads EXECUTE FUNCTION sangkat_refuse();
CREATE TRIGGER audit_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION sangkat_refuse();
REVOKE UPDATE, DELETE, TRUNCATE ON entries, payloads, audit FROM PUBLIC, CURRENT_USER;
-- Whoever erases a disclosure leaves a mark of it.
CREATE FUNCTION sangkat_mark_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO erasures (log, id, name) VALUES (OLD.log, OLD.id, OLD.name) ON CONFLICT DO NOTHING; RETURN OLD; END $$;
CREATE TRIGGER disclosures_leave_a_mark AFTER DELETE ON disclosures FOR EACH ROW EXECUTE FUNCTION sangkat_mark_erased();
-- A log begins with partitions of its own and with the row that whoever writes it locks first.
CREATE FUNCTION sangkat_begin_log(wanted TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE part TEXT;
BEGIN
    IF EXISTS (SELECT 1 FROM heads WHERE log = wanted) THEN RETURN; END IF;
    FOREACH part IN ARRAY ARRAY['entries', 'payloads', 'disclosures', 'entities'] LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES IN (%L)', part || ' ' || wanted, part, wanted);
        IF part IN ('entries', 'payloads') THEN
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, CURRENT_USER', part || ' ' || wanted);
            EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON %I EXECUTE FUNCTION sangkat_refuse()', part || ' ' || wanted);
        END IF;
    END LOOP;
    INSERT INTO heads (log, pos, chain, received_ms) VALUES (wanted, 0, sha256(convert_to('sangkat log v1' || chr(10) || wanted, 'UTF8')), 0);
END $$;
-- What a role that only serves the register may do; it is given anew after every migration.
CREATE FUNCTION sangkat_grant(server TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE held RECORD;
BEGIN
    FOR held IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('GRANT SELECT ON %I TO %I', held.name, server);
        CONTINUE WHEN held.name = 'migrations' OR held.name LIKE '% %';
        EXECUTE format('GRANT INSERT ON %I TO %I', held.name, server);
        CONTINUE WHEN held.name IN ('entries', 'payloads', 'audit');
        EXECUTE format('GRANT UPDATE, DELETE ON %I TO %I', held.name, server);
    END LOOP;
END $$;
