-- Costs of a month above which a webhook is called, for an organization or one of its cost centers.
CREATE TABLE budgets (
    organization uuid NOT NULL,
    id uuid NOT NULL,
    -- Null for the whole organization.
    cost_center text,
    -- In billionths of a dollar.
    monthly_cost_nanos bigint NOT NULL,
    -- A JSON array of percentages.
    thresholds text NOT NULL,
    webhook_url text NOT NULL,
    -- The key with which messages are signed.
    webhook_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organization, id)
);

-- The thresholds that were reached in a month. A row is written once, so that each is reported once.
CREATE TABLE budget_alerts (
    organization uuid NOT NULL,
    budget uuid NOT NULL,
    month date NOT NULL,
    -- In percent.
    threshold integer NOT NULL,
    -- The hub that sends the message keeps others from sending it until then.
    claimed_until timestamptz NOT NULL,
    sent_at timestamptz,
    PRIMARY KEY (organization, budget, month, threshold)
);
