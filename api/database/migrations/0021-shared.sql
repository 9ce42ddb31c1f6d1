-- What many people may share: a telephone, an employer, a series of documents. The series follows from the document;
-- telephones and employers are brought into one form by code, so for stays of before they stay empty here: such a
-- stay has no marks of them, and `sangkat verify` says of it that it differs. No release has written any.
ALTER TABLE stays ADD COLUMN phone TEXT;
ALTER TABLE stays ADD COLUMN employer TEXT;
ALTER TABLE stays ADD COLUMN document_series TEXT;
UPDATE stays SET document_series = substr(document_key, 1, length(document_key) - 2)
WHERE document_key LIKE '%:_____%';
CREATE INDEX stays_by_phone ON stays (log, phone, place) WHERE phone IS NOT NULL AND left_on IS NULL;
CREATE INDEX stays_by_employer ON stays (log, employer, place) WHERE employer IS NOT NULL AND left_on IS NULL;
CREATE INDEX stays_by_series ON stays (log, document_series, place)
WHERE document_series IS NOT NULL AND left_on IS NULL;
