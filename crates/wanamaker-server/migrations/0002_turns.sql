-- Whose turn it is: a workspace's number is that of its latest claim.

CREATE TABLE turns (
    workspace TEXT   NOT NULL PRIMARY KEY,
    turn      BIGINT NOT NULL
);
CREATE INDEX jobs_of_workspace_in_state ON jobs (workspace, state);
