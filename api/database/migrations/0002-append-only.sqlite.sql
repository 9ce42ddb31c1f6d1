-- The log is append-only: what SQLite cannot grant away, triggers refuse. Disclosures may be erased, payloads never.
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER payloads_never_change BEFORE UPDATE ON payloads BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER payloads_never_go BEFORE DELETE ON payloads BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
