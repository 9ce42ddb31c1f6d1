-- When a register last believed its clock: after a jump nothing is deleted for its age.
CREATE TABLE clocks (
    log TEXT PRIMARY KEY,
    seen_ms BIGINT NOT NULL
);
