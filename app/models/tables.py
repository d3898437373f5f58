"""The tables as peewee knows them: the columns of the newest schema, for composed queries.

Files are made by `migrations.py`; a test proves that both name the same columns and types.
"""

import peewee as pw


class Connection(pw.Model):
    """An account at a system, and why it sends nothing now."""

    id = pw.AutoField()
    name = pw.TextField()
    kind = pw.TextField()
    settings = pw.TextField()
    is_practice = pw.IntegerField()
    created_at = pw.IntegerField()
    removed_at = pw.IntegerField(null=True)
    block_code = pw.TextField()
    block_params = pw.TextField()
    block_looks_again = pw.IntegerField()
    block_since = pw.IntegerField(null=True)
    paused_at = pw.IntegerField(null=True)
    paused_until = pw.IntegerField(null=True)
    failures = pw.IntegerField()
    failing_since = pw.IntegerField(null=True)
    held_set_at = pw.IntegerField()
    held_until = pw.IntegerField()

    class Meta:
        table_name = "connections"


class Job(pw.Model):
    """One write to one target."""

    id = pw.AutoField()
    public_id = pw.IntegerField(unique=True)
    kind = pw.TextField()
    connection_id = pw.IntegerField()
    order_ref = pw.TextField()
    channel = pw.TextField()
    tracking = pw.TextField()
    idempotency_key = pw.TextField()
    payload = pw.TextField()
    priority = pw.IntegerField()
    ship_by = pw.IntegerField()
    state = pw.TextField()
    created_at = pw.IntegerField()
    due_set_at = pw.IntegerField()
    due_at = pw.IntegerField(null=True)
    reason_code = pw.TextField()
    reason_params = pw.TextField()
    reason_since = pw.IntegerField()
    attempts = pw.IntegerField()
    lost = pw.IntegerField()
    runs = pw.IntegerField()
    deaths = pw.IntegerField()
    lease = pw.TextField(null=True)
    removing = pw.IntegerField()
    discarded_from = pw.TextField(null=True)
    finished_at = pw.IntegerField(null=True)
    proof = pw.TextField(null=True)
    origin_file = pw.IntegerField(null=True)
    origin_line = pw.IntegerField(null=True)

    class Meta:
        table_name = "jobs"


class HistoryLine(pw.Model):
    """Something that happened; never changed, never removed."""

    seq = pw.AutoField()
    job_id = pw.IntegerField(null=True)
    connection_id = pw.IntegerField(null=True)
    at = pw.IntegerField()
    what = pw.TextField()
    code = pw.TextField()
    params = pw.TextField()
    started_at = pw.IntegerField(null=True)
    spent = pw.IntegerField()
    excerpt = pw.TextField()
    actor = pw.TextField()

    class Meta:
        table_name = "history"
