-- How far the register has counted what it signs: a start must not walk through the log for it.
-- A register that is there goes on above whatever it can have used.
CREATE TABLE numbers (
    log TEXT NOT NULL,
    kid TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (log, kid)
);
INSERT INTO numbers (log, kid, seq)
    SELECT d.log, d.kid, h.pos + 1000000 FROM devices d
    JOIN accounts a ON a.log = d.log AND a.account_id = d.account_id
    JOIN heads h ON h.log = d.log
    WHERE a.role = 'register';
