"""The partitioned table of call records; its partitions are made by billing.services.partitions."""

from django.db import migrations

CREATE = """
CREATE TABLE billing_usagerecord (
    card_id bigint NOT NULL,
    started_at timestamptz NOT NULL,
    uid uuid NOT NULL,
    source_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    agent_id bigint,
    team_id bigint,
    duration_s integer NOT NULL CHECK (duration_s >= 0),
    fee numeric(10, 2) CHECK (fee >= 0),
    rated_fee numeric(10, 2) NOT NULL DEFAULT 0,
    flags smallint NOT NULL DEFAULT 0,
    answered boolean NOT NULL,
    direction varchar(3) NOT NULL CHECK (direction IN ('out', 'in')),
    msisdn varchar(16) NOT NULL,
    counterpart varchar(32) NOT NULL
) PARTITION BY RANGE (started_at);
CREATE UNIQUE INDEX usage_record_once ON billing_usagerecord (card_id, started_at, uid);
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE billing_usagerecord")]
