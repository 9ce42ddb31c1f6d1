-- Whoever erases a disclosure leaves a mark of it.
CREATE TRIGGER disclosures_leave_a_mark AFTER DELETE ON disclosures BEGIN INSERT OR IGNORE INTO erasures (log, id, name) VALUES (OLD.log, OLD.id, OLD.name); END;
