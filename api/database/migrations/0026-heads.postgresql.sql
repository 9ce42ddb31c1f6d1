-- A head goes forward only: whoever deleted it or set it back could begin a second history under the same name.
-- At position 0 it is an empty log's, which a move and a restore fill with its head.
CREATE FUNCTION sangkat_keep_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.pos = 0 THEN RETURN OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.log = OLD.log AND NEW.received_ms >= OLD.received_ms
        AND (NEW.pos > OLD.pos OR NEW.pos = OLD.pos AND NEW.chain = OLD.chain) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the log is append-only';
END $$;
CREATE TRIGGER heads_never_go_back BEFORE UPDATE OR DELETE ON heads FOR EACH ROW EXECUTE FUNCTION sangkat_keep_head();
CREATE TRIGGER heads_never_go BEFORE TRUNCATE ON heads EXECUTE FUNCTION sangkat_refuse();
-- What a role that only serves the register may do; it is given anew after every migration.
CREATE OR REPLACE FUNCTION sangkat_grant(server TEXT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE held RECORD;
BEGIN
    FOR held IN SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LOOP
        EXECUTE format('GRANT SELECT ON %I TO %I', held.name, server);
        CONTINUE WHEN held.name = 'migrations' OR held.name LIKE '% %';
        EXECUTE format('GRANT INSERT ON %I TO %I', held.name, server);
        CONTINUE WHEN held.name IN ('entries', 'payloads', 'audit');
        EXECUTE format('GRANT UPDATE ON %I TO %I', held.name, server);
        CONTINUE WHEN held.name = 'heads';
        EXECUTE format('GRANT DELETE ON %I TO %I', held.name, server);
    END LOOP;
END $$;
-- Roles that serve already were granted it.
DO $$
DECLARE held RECORD;
BEGIN
    FOR held IN
        SELECT DISTINCT CAST(CAST(r.grantee AS regrole) AS text) AS name FROM pg_class c, aclexplode(c.relacl) r
        WHERE c.oid = CAST('heads' AS regclass) AND r.grantee NOT IN (0, c.relowner)
    LOOP
        EXECUTE format('REVOKE DELETE, TRUNCATE ON heads FROM %s', held.name);
    END LOOP;
END $$;
