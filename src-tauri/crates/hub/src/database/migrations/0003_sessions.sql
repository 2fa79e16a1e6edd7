-- The browsers that signed in to the dashboard with the token of a device.
CREATE TABLE sessions (
    organization uuid NOT NULL,
    -- SHA-256 of the id, which has 256 random bits.
    id_hash bytea NOT NULL,
    device uuid NOT NULL,
    -- The hash of the token with which the browser signed in. The session ends when the device gets another token.
    token_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organization, id_hash)
);
