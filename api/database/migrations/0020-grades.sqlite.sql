-- An owner's own declaration counts before what a program or an officer put down; and what was taken down on
-- paper is no officer's to change once somebody corrected it with his own signature.
ALTER TABLE declarations ADD COLUMN grade TEXT NOT NULL DEFAULT 'author';
UPDATE declarations SET grade = (
    SELECT COALESCE(json_extract(CAST(n.detail AS TEXT), '$.grade'), 'author')
    FROM entities n WHERE n.log = declarations.log AND n.entity = declarations.declaration_id
);
UPDATE entities SET detail = CAST(
    json_set(CAST(detail AS TEXT), '$.is_signed', json('true')) AS BLOB
)
WHERE json_extract(CAST(detail AS TEXT), '$.grade') = 'paper' AND EXISTS (
    SELECT 1 FROM entries e
    JOIN devices d ON d.log = e.log AND d.kid = e."by"
    JOIN accounts a ON a.log = d.log AND a.account_id = d.account_id
    WHERE e.log = entities.log AND e.entity = entities.entity AND e.kind = entities.kind
        AND e.id <> e.entity AND a.role NOT IN ('register', 'officer')
);
