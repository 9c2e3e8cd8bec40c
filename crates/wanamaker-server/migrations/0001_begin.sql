-- One SQL for SQLite and PostgreSQL: text and big integers only, JSON as text, times in milliseconds since 1970.
-- Nothing is NULL: an empty text or a zero says that there is nothing yet.

CREATE TABLE datasets (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    extension TEXT   NOT NULL,
    blob      TEXT   NOT NULL,
    bytes     BIGINT NOT NULL,
    facts     TEXT   NOT NULL,
    truth     TEXT   NOT NULL,
    created   BIGINT NOT NULL
);
CREATE INDEX datasets_of_workspace ON datasets (workspace, id);
CREATE INDEX datasets_of_blob ON datasets (blob);

CREATE TABLE fits (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    dataset   TEXT   NOT NULL,
    job       TEXT   NOT NULL,
    spec      TEXT   NOT NULL,
    blob      TEXT   NOT NULL DEFAULT '',
    bytes     BIGINT NOT NULL DEFAULT 0,
    facts     TEXT   NOT NULL DEFAULT '',
    created   BIGINT NOT NULL,
    finished  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX fits_of_workspace ON fits (workspace, id);
CREATE INDEX fits_of_blob ON fits (blob);

CREATE TABLE jobs (
    id          TEXT   NOT NULL PRIMARY KEY,
    workspace   TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    subject     TEXT   NOT NULL,
    work        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    attempt     BIGINT NOT NULL DEFAULT 0,
    faults      BIGINT NOT NULL DEFAULT 0,
    owner       TEXT   NOT NULL DEFAULT '',
    lease_until BIGINT NOT NULL DEFAULT 0,
    heartbeat   BIGINT NOT NULL DEFAULT 0,
    progress    TEXT   NOT NULL DEFAULT '',
    result      TEXT   NOT NULL DEFAULT '',
    problem     TEXT   NOT NULL DEFAULT '',
    created     BIGINT NOT NULL,
    started     BIGINT NOT NULL DEFAULT 0,
    finished    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX jobs_of_workspace ON jobs (workspace, id);
CREATE INDEX jobs_in_state ON jobs (state, created, id);

CREATE TABLE job_events (
    job       TEXT   NOT NULL,
    seq       BIGINT NOT NULL,
    workspace TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    data      TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    PRIMARY KEY (job, seq)
);

CREATE TABLE idempotency (
    workspace   TEXT   NOT NULL,
    route       TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    reserved    TEXT   NOT NULL,
    owner       TEXT   NOT NULL,
    lease_until BIGINT NOT NULL,
    status      BIGINT NOT NULL DEFAULT 0,
    location    TEXT   NOT NULL DEFAULT '',
    body        TEXT   NOT NULL DEFAULT '',
    created     BIGINT NOT NULL,
    PRIMARY KEY (workspace, route, key)
);

CREATE TABLE api_keys (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    name      TEXT   NOT NULL,
    role      TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    expires   BIGINT NOT NULL DEFAULT 0,
    revoked   BIGINT NOT NULL DEFAULT 0,
    last_used BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX api_keys_of_workspace ON api_keys (workspace, id);

CREATE TABLE users (
    id        TEXT   NOT NULL PRIMARY KEY,
    workspace TEXT   NOT NULL,
    login     TEXT   NOT NULL UNIQUE,
    role      TEXT   NOT NULL,
    hash      TEXT   NOT NULL,
    created   BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash      TEXT   NOT NULL PRIMARY KEY,
    user_id   TEXT   NOT NULL,
    workspace TEXT   NOT NULL,
    created   BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    last_used BIGINT NOT NULL
);
