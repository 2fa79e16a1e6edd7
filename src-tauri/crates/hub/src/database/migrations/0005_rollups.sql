-- The sums of usage_days by device. They are written in the transaction that changes the rows.
CREATE TABLE usage_device_days (
    organization uuid NOT NULL,
    day date NOT NULL,
    device uuid NOT NULL,
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
    PRIMARY KEY (organization, day, device)
);

-- The sums of usage_days by model, project and repository, over all devices. Those of the days in changed_days are out of date.
CREATE TABLE usage_project_days (
    organization uuid NOT NULL,
    day date NOT NULL,
    -- Counts the rows of a day.
    number bigint NOT NULL,
    model text NOT NULL,
    project text NOT NULL,
    repository text NOT NULL,
    -- The sums of many devices may not fit into a bigint.
    messages numeric NOT NULL,
    input_tokens numeric NOT NULL,
    output_tokens numeric NOT NULL,
    cache_creation_tokens numeric NOT NULL,
    cache_creation_1h_tokens numeric NOT NULL,
    cache_read_tokens numeric NOT NULL,
    web_searches numeric NOT NULL,
    web_fetches numeric NOT NULL,
    cost_nanos numeric NOT NULL,
    input_cost_nanos numeric NOT NULL,
    output_cost_nanos numeric NOT NULL,
    cache_creation_cost_nanos numeric NOT NULL,
    cache_read_cost_nanos numeric NOT NULL,
    unpriced_tokens numeric NOT NULL,
    under_logged_messages numeric NOT NULL,
    PRIMARY KEY (organization, day, number)
);

-- The days whose usage has changed since the sums in usage_project_days were computed, by the devices that changed it. A row is
-- written in the transaction of the change.
CREATE TABLE changed_days (
    organization uuid NOT NULL,
    day date NOT NULL,
    device uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (organization, day, device)
);

INSERT INTO usage_device_days
SELECT
    organization, day, device,
    sum(messages)::bigint, sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cache_creation_tokens)::bigint,
    sum(cache_creation_1h_tokens)::bigint, sum(cache_read_tokens)::bigint, sum(web_searches)::bigint,
    sum(web_fetches)::bigint, sum(cost_nanos)::bigint, sum(input_cost_nanos)::bigint, sum(output_cost_nanos)::bigint,
    sum(cache_creation_cost_nanos)::bigint, sum(cache_read_cost_nanos)::bigint, sum(unpriced_tokens)::bigint,
    sum(under_logged_messages)::bigint
FROM usage_days
GROUP BY organization, day, device;

INSERT INTO changed_days
SELECT organization, day, device, now() FROM usage_device_days;
