-- An entity counts what followed its first revision, because that has a limit.
UPDATE entities SET detail = (
    SELECT CAST(
        json_set(
            CAST(entities.detail AS TEXT),
            '$.later_count', COUNT(*),
            '$.later_bytes', SUM(LENGTH(p.bytes))
        ) AS BLOB
    )
    FROM entries e JOIN payloads p ON p.log = e.log AND p.id = e.id
    WHERE e.log = entities.log AND e.entity = entities.entity
        AND e.id <> e.entity AND e.kind <> 'review'
)
WHERE EXISTS (
    SELECT 1 FROM entries e
    WHERE e.log = entities.log AND e.entity = entities.entity
        AND e.id <> e.entity AND e.kind <> 'review'
);
