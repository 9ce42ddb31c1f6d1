-- The figures count what waits every few seconds: the documents themselves are not read for it.
CREATE INDEX backlog_by_reason ON backlog (log, reason);
