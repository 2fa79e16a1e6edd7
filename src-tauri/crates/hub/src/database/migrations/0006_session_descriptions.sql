-- The description that the user gave the session.
ALTER TABLE usage_buckets ADD COLUMN session_description text NOT NULL DEFAULT '';
ALTER TABLE usage_days ADD COLUMN session_description text NOT NULL DEFAULT '';

-- The start of the last row with messages; null for sums of an earlier version.
ALTER TABLE usage_days ADD COLUMN last_start timestamptz;
