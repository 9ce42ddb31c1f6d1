-- What premises and stays are listed and matched by; their content stands in entities and disclosures.
CREATE TABLE premises (
    log TEXT NOT NULL,
    premises_id BYTEA NOT NULL,
    place TEXT NOT NULL,
    kind TEXT NOT NULL,
    search TEXT NOT NULL,
    PRIMARY KEY (log, premises_id)
);
CREATE INDEX premises_by_place ON premises (log, place, premises_id);
CREATE TABLE stays (
    log TEXT NOT NULL,
    stay_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    place TEXT NOT NULL,
    unit TEXT NOT NULL,
    nationality TEXT NOT NULL,
    sex TEXT NOT NULL,
    role TEXT NOT NULL,
    arrived_on TEXT NOT NULL,
    left_on TEXT,
    visa_expires_on TEXT,
    document_holder TEXT NOT NULL,
    document_key TEXT,
    PRIMARY KEY (log, stay_id)
);
CREATE INDEX stays_by_place ON stays (log, place, stay_id);
CREATE INDEX stays_by_premises ON stays (log, premises_id, stay_id);
CREATE INDEX stays_by_document ON stays (log, document_key);
CREATE TABLE stay_names (
    log TEXT NOT NULL,
    token TEXT NOT NULL,
    stay_id BYTEA NOT NULL,
    PRIMARY KEY (log, token, stay_id)
);
CREATE INDEX stay_names_by_stay ON stay_names (log, stay_id);
CREATE TABLE declarations (
    log TEXT NOT NULL,
    declaration_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    place TEXT NOT NULL,
    as_of TEXT NOT NULL,
    count BIGINT NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (log, declaration_id)
);
CREATE INDEX declarations_by_premises ON declarations (log, premises_id, order_id, pos);
CREATE INDEX declarations_by_place ON declarations (log, place, order_id);
CREATE TABLE pledges (
    log TEXT NOT NULL,
    pledge_id BYTEA NOT NULL,
    premises_id BYTEA NOT NULL,
    order_id BYTEA NOT NULL,
    author BYTEA NOT NULL,
    place TEXT NOT NULL,
    pos BIGINT NOT NULL,
    PRIMARY KEY (log, pledge_id)
);
CREATE INDEX pledges_by_premises ON pledges (log, premises_id, order_id, author, pos);
CREATE INDEX pledges_by_place ON pledges (log, place, order_id);
CREATE TABLE reveals (
    log TEXT NOT NULL,
    account_id BYTEA NOT NULL,
    day TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (log, account_id, day)
);
