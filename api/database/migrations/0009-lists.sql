-- Lists by effect are merged from the places of a scope, each kind in the order of the log; what answers a
-- verdict, and who is unverified, is found at once.
DROP INDEX entities_by_place_effect;
DROP INDEX entities_by_effect;
CREATE INDEX entities_by_place_effect ON entities (log, place, effect, kind, created_pos, author);
-- By as many columns as the longer index of effects, or SQLite would not take this one.
CREATE INDEX entities_amended ON entities (log, place, effect, created_pos) WHERE revision <> entity;
CREATE INDEX accounts_unverified ON accounts (log, account_id) WHERE state = 'unverified';
