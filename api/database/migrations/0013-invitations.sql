-- An invitation is used up in the transaction that opens its account, and rests after wrong tries instead of ending.
ALTER TABLE invitations ADD COLUMN wrong_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE invitations ADD COLUMN used_ms BIGINT;
UPDATE invitations SET used_ms = created_ms
 WHERE invitation_id IN (SELECT id FROM entries WHERE kind = 'grant');
