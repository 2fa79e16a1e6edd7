-- Members who may change what concerns the whole organization, such as the rules of cost centers.
ALTER TABLE members ADD COLUMN is_admin boolean NOT NULL DEFAULT false;

-- The rules that assign usage to cost centers when a report is made.
CREATE TABLE allocation_rules (
    organization uuid NOT NULL,
    id uuid NOT NULL,
    -- Of several rules that match, the one with the lowest position applies.
    position integer NOT NULL,
    -- The first and the last UTC day; null without one.
    from_day date,
    until_day date,
    -- Patterns; null matches everything.
    member text,
    project text,
    repository text,
    tag text,
    -- A JSON array of cost centers with percentages that add up to 100.
    shares text NOT NULL,
    PRIMARY KEY (organization, id)
);
