-- What reading needs: lists in the order of the log by place, kind and effect, and when a post last fetched.
DROP INDEX entities_by_place;
CREATE INDEX entities_by_place ON entities (log, place, kind, created_pos);
CREATE INDEX entities_by_place_effect ON entities (log, place, effect, created_pos);
CREATE INDEX entities_by_effect ON entities (log, effect, created_pos);
CREATE TABLE posts (
    log TEXT NOT NULL,
    place TEXT NOT NULL,
    name TEXT,
    push_url TEXT,
    fetched_ms BIGINT,
    PRIMARY KEY (log, place)
);
