-- Rates that all processes share: how much of a rate a holder has used in its window. Holders are ids of accounts, or
-- keyed digests of addresses.
CREATE TABLE budgets (
    log TEXT NOT NULL,
    budget TEXT NOT NULL,
    holder BYTEA NOT NULL,
    used BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    PRIMARY KEY (log, budget, holder)
);
