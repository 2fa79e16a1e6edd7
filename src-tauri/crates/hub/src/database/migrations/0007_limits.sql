-- The official limits that devices share. Those of a device are replaced as a whole.
CREATE TABLE device_limits (
    organization uuid NOT NULL,
    device uuid NOT NULL,
    number integer NOT NULL,
    -- The kind of window, as in JSON.
    window_kind text NOT NULL,
    -- The family of models; empty for all models.
    scope text NOT NULL,
    used_percent double precision NOT NULL,
    resets_at timestamptz NOT NULL,
    read_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (organization, device, number)
);
