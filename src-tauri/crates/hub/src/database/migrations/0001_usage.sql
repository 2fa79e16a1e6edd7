-- The organization is the first column of every key, so that a database can distribute rows by it.

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    name text NOT NULL UNIQUE,
    -- The key of the pseudonyms of projects and sessions. It is part of the tokens, and devices do not send it.
    pseudonym_key bytea NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE members (
    organization uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization, id),
    UNIQUE (organization, name)
);

CREATE TABLE devices (
    organization uuid NOT NULL,
    id uuid NOT NULL,
    member uuid NOT NULL,
    name text NOT NULL,
    -- SHA-256 of the secret, which has 256 random bits.
    secret_hash bytea NOT NULL,
    level smallint NOT NULL DEFAULT 0,
    -- Rows of lower generations were deleted.
    generation bigint NOT NULL DEFAULT 0,
    highest_revision bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    last_seen timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (organization, id),
    UNIQUE (organization, member, name)
);

-- The rows of devices, as they were received. A row without messages was deleted; it is kept for its revision.
CREATE TABLE usage_buckets (
    organization uuid NOT NULL,
    device uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    number bigint NOT NULL,
    revision bigint NOT NULL,
    -- The UTC day of starts_at.
    day date NOT NULL,
    model text NOT NULL,
    project text NOT NULL,
    repository text NOT NULL,
    branch text NOT NULL,
    session text NOT NULL,
    session_name text NOT NULL,
    -- A JSON array.
    tags text NOT NULL,
    messages bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_creation_tokens bigint NOT NULL,
    cache_creation_1h_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    web_fetches bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    input_cost_nanos bigint NOT NULL,
    output_cost_nanos bigint NOT NULL,
    cache_creation_cost_nanos bigint NOT NULL,
    cache_read_cost_nanos bigint NOT NULL,
    unpriced_tokens bigint NOT NULL,
    under_logged_messages bigint NOT NULL,
    PRIMARY KEY (organization, device, starts_at, number)
) /* partitions */;
/* default partition */

-- The sums of usage_buckets by UTC day, which reports read. They are written in the transaction that changes the rows.
CREATE TABLE usage_days (
    organization uuid NOT NULL,
    day date NOT NULL,
    device uuid NOT NULL,
    -- Counts the rows of a day of a device.
    number bigint NOT NULL,
    model text NOT NULL,
    project text NOT NULL,
    repository text NOT NULL,
    branch text NOT NULL,
    session text NOT NULL,
    session_name text NOT NULL,
    tags text NOT NULL,
    messages bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cache_creation_tokens bigint NOT NULL,
    cache_creation_1h_tokens bigint NOT NULL,
    cache_read_tokens bigint NOT NULL,
    web_searches bigint NOT NULL,
    web_fetches bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    input_cost_nanos bigint NOT NULL,
    output_cost_nanos bigint NOT NULL,
    cache_creation_cost_nanos bigint NOT NULL,
    cache_read_cost_nanos bigint NOT NULL,
    unpriced_tokens bigint NOT NULL,
    under_logged_messages bigint NOT NULL,
    PRIMARY KEY (organization, day, device, number)
);
