-- Drafts of specs and plans: a revision counts the writes, so that none is lost to another.

CREATE TABLE drafts (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    subject   TEXT   NOT NULL,
    content   TEXT   NOT NULL,
    revision  BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    updated   BIGINT NOT NULL
);
CREATE INDEX drafts_of_workspace ON drafts (workspace, id);
