-- Who is told of the ends of jobs, and what is still to be said or was. Secrets sign what is sent, hence are kept as they are.

CREATE TABLE webhooks (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    url       TEXT   NOT NULL,
    topics    TEXT   NOT NULL,
    secret    TEXT   NOT NULL,
    created   BIGINT NOT NULL
);
CREATE INDEX webhooks_of_workspace ON webhooks (workspace, id);

CREATE TABLE deliveries (
    id          TEXT   NOT NULL PRIMARY KEY,
    workspace   TEXT   NOT NULL,
    webhook     TEXT   NOT NULL,
    topic       TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    owner       TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    next_at     BIGINT NOT NULL DEFAULT 0,
    status      BIGINT NOT NULL DEFAULT 0,
    error       TEXT   NOT NULL DEFAULT '',
    created     BIGINT NOT NULL,
    finished    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX deliveries_of_webhook ON deliveries (workspace, webhook, id);
CREATE INDEX deliveries_in_state ON deliveries (state, next_at);
