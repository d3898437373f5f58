"""The schema's history: numbered steps, each run once, in its own transaction with its number.

A shipped step is never edited; `tables.py` says what all steps together make.
"""

import sqlite3
from collections.abc import Callable

from app.models.order_status import ORDER_TRIGGERS

APPLICATION_ID = 0x4261_636B
"""Marks the file as ours ("Back")."""


def _first(connection: sqlite3.Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


_FIRST = (
    """CREATE TABLE store (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    uid TEXT NOT NULL,
    visits INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    keep_days INTEGER
)""",
    """CREATE TABLE connections (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    settings TEXT NOT NULL,
    is_practice INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    block_code TEXT NOT NULL,
    block_params TEXT NOT NULL,
    block_looks_again INTEGER NOT NULL,
    block_since INTEGER,
    paused_at INTEGER,
    paused_until INTEGER,
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    held_set_at INTEGER NOT NULL,
    held_until INTEGER NOT NULL
)""",
    "CREATE UNIQUE INDEX connections_name ON connections (name) WHERE removed_at IS NULL",
    """CREATE TABLE jobs (
    id INTEGER NOT NULL PRIMARY KEY,
    public_id INTEGER NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    order_ref TEXT NOT NULL,
    channel TEXT NOT NULL,
    tracking TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority INTEGER NOT NULL,
    ship_by INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'in_flight', 'in_doubt', 'succeeded',
        'failed', 'parked', 'discarded')),
    created_at INTEGER NOT NULL,
    due_set_at INTEGER NOT NULL,
    due_at INTEGER,
    reason_code TEXT NOT NULL,
    reason_params TEXT NOT NULL,
    reason_since INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    deaths INTEGER NOT NULL,
    lease TEXT,
    removing INTEGER NOT NULL,
    discarded_from TEXT,
    finished_at INTEGER,
    proof TEXT,
    origin_file INTEGER,
    origin_line INTEGER
)""",
    "CREATE UNIQUE INDEX jobs_key ON jobs (idempotency_key) WHERE state <> 'discarded'",
    "CREATE INDEX jobs_due ON jobs (connection_id, priority, ship_by, id, due_at) "
    "WHERE state IN ('pending', 'in_doubt')",
    # Numbers are searched among ended rows by index, among the few live ones by reading them:
    # an index on every row would cost each shipment that enters.
    "CREATE INDEX jobs_ended_channel ON jobs (channel) WHERE finished_at IS NOT NULL",
    "CREATE INDEX jobs_ended_tracking ON jobs (tracking) WHERE finished_at IS NOT NULL",
    # The list of a window: what is not settled, newest first, by position; and what has ended.
    # Of jobs that are no write-backs (another priority) it shows what needs a person.
    "CREATE INDEX jobs_live ON jobs (id) "
    "WHERE state IN ('pending', 'in_flight', 'in_doubt', 'failed', 'parked') "
    "AND (priority = 10 OR state IN ('failed', 'parked') "
    "OR state = 'in_doubt' AND due_at IS NULL)",
    # A comparison of finished_at is what lets SQLite take this one; a list of states would not.
    "CREATE INDEX jobs_ended ON jobs (state, finished_at, connection_id, priority) "
    "WHERE finished_at IS NOT NULL",
    # The newest success of a connection: one that has none is told as quickly as one that has.
    "CREATE INDEX jobs_confirmed ON jobs (connection_id, kind, finished_at) "
    "WHERE state = 'succeeded'",
    "CREATE INDEX jobs_stuck ON jobs (state, id) "
    "WHERE state IN ('in_flight', 'in_doubt', 'failed', 'parked')",
    """CREATE TABLE history (
    seq INTEGER NOT NULL PRIMARY KEY,
    job_id INTEGER REFERENCES jobs (id),
    connection_id INTEGER REFERENCES connections (id),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    started_at INTEGER,
    spent INTEGER NOT NULL,
    excerpt TEXT NOT NULL,
    actor TEXT NOT NULL
)""",
    "CREATE INDEX history_job ON history (job_id)",
    """CREATE TABLE budgets (
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    operation TEXT NOT NULL,
    per_s REAL NOT NULL,
    burst INTEGER NOT NULL,
    tat INTEGER NOT NULL,
    held_until INTEGER NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (connection_id, operation)
)""",
    # Watch folders, and every file of which rows were read (`source` names a folder or a hand).
    """CREATE TABLE folders (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    primed_at INTEGER,
    mount TEXT NOT NULL,
    trouble_code TEXT NOT NULL,
    trouble_params TEXT NOT NULL,
    trouble_since INTEGER,
    failures INTEGER NOT NULL,
    looked_at INTEGER
)""",
    "CREATE UNIQUE INDEX folders_name ON folders (name) WHERE removed_at IS NULL",
    """CREATE TABLE files (
    id INTEGER NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('reading', 'read', 'skipped', 'failed')),
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    position TEXT NOT NULL,
    setup TEXT NOT NULL,
    counts TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    UNIQUE (source, name)
)""",
    # Every row ever read, once: what makes two rows the same is the key itself. A void row has
    # its own; with no job it lies in wait for its label.
    """CREATE TABLE ledger (
    tracking TEXT NOT NULL,
    source TEXT NOT NULL,
    channel TEXT NOT NULL,
    void INTEGER NOT NULL,
    ship_date TEXT NOT NULL,
    job_id INTEGER REFERENCES jobs (id),
    at INTEGER NOT NULL,
    process_at INTEGER,
    facts TEXT NOT NULL,
    origin_file INTEGER,
    origin_line INTEGER,
    PRIMARY KEY (tracking, source, channel, void, ship_date)
) WITHOUT ROWID""",
    "CREATE INDEX ledger_voids ON ledger (channel, source) WHERE void = 1",
    # What no row of the queue tells of is found by its order too; where it stood is kept with it.
    "CREATE INDEX ledger_jobless ON ledger (channel) WHERE job_id IS NULL",
    """CREATE TABLE attention (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    same TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('watching', 'open', 'resolved', 'ignored')),
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    source TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER,
    text TEXT NOT NULL,
    connection_id INTEGER REFERENCES connections (id),
    job_id INTEGER REFERENCES jobs (id),
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (kind, same)
)""",
    "CREATE INDEX attention_open ON attention (state, id) WHERE state IN ('watching', 'open')",
    """CREATE TABLE carrier_names (
    name TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL
) WITHOUT ROWID""",
    # What other programs hand in over HTTP: how it is set, and every record by its own key.
    """CREATE TABLE local_intake (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    is_on INTEGER NOT NULL,
    port INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    serving_since INTEGER,
    trouble_code TEXT NOT NULL,
    trouble_params TEXT NOT NULL,
    trouble_since INTEGER,
    last_at INTEGER,
    refused INTEGER NOT NULL
)""",
    """CREATE TABLE received (
    id INTEGER NOT NULL PRIMARY KEY,
    source_key TEXT NOT NULL UNIQUE,
    content TEXT NOT NULL,
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    job_id INTEGER REFERENCES jobs (id),
    what TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    tracking TEXT NOT NULL,
    at INTEGER NOT NULL
)""",
    "CREATE INDEX received_jobs ON received (job_id) WHERE job_id IS NOT NULL",
    """CREATE TABLE carrier_links (
    code TEXT NOT NULL PRIMARY KEY,
    link TEXT NOT NULL
) WITHOUT ROWID""",
    # Routes with their sync tasks: what is read, how far it is, and how the last runs went.
    """CREATE TABLE routes (
    id INTEGER NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('orders', 'products')),
    source_id INTEGER NOT NULL REFERENCES connections (id),
    target_id INTEGER REFERENCES connections (id),
    mode TEXT NOT NULL,
    settings TEXT NOT NULL,
    interval_s INTEGER NOT NULL CHECK (interval_s > 0),
    created_at INTEGER NOT NULL,
    removed_at INTEGER,
    paused_at INTEGER,
    paused_until INTEGER,
    asked INTEGER NOT NULL,
    cursor TEXT NOT NULL,
    cycle_since INTEGER,
    cycle_counts TEXT NOT NULL,
    cycle_left INTEGER,
    reached INTEGER,
    over_since INTEGER,
    running_since INTEGER,
    ran_at INTEGER,
    result_code TEXT NOT NULL,
    result_params TEXT NOT NULL,
    failing_since INTEGER,
    failures INTEGER NOT NULL,
    finished_at INTEGER,
    counts TEXT NOT NULL,
    advice_code TEXT NOT NULL,
    advice_params TEXT NOT NULL,
    due_set_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    again_from INTEGER,
    again_cursor TEXT NOT NULL,
    again_counts TEXT NOT NULL,
    again_left INTEGER
)""",
    "CREATE UNIQUE INDEX routes_ends ON routes (purpose, source_id, COALESCE(target_id, 0)) "
    "WHERE removed_at IS NULL",
    # The last job of every product at a connection: its state says what is there, and `digest`
    # what it carries.
    """CREATE TABLE products_sent (
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    channel TEXT NOT NULL,
    sku TEXT NOT NULL,
    digest TEXT NOT NULL,
    job_id INTEGER NOT NULL REFERENCES jobs (id),
    number INTEGER NOT NULL,
    cycle INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (connection_id, channel)
) WITHOUT ROWID""",
    """CREATE TABLE orders (
    id INTEGER NOT NULL PRIMARY KEY,
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    remote_id TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    channel TEXT NOT NULL,
    order_at INTEGER NOT NULL,
    changed_at INTEGER,
    changed_text TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    source_status TEXT NOT NULL,
    store TEXT NOT NULL,
    shipping TEXT NOT NULL,
    total TEXT NOT NULL,
    currency TEXT NOT NULL,
    ship_to TEXT NOT NULL,
    skip_code TEXT NOT NULL,
    skip_params TEXT NOT NULL,
    fault_code TEXT NOT NULL,
    fault_params TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    set_back_at INTEGER,
    jobs_after INTEGER NOT NULL,
    urgency INTEGER NOT NULL CHECK (urgency BETWEEN 1 AND 5),
    sort_ref TEXT NOT NULL,
    UNIQUE (connection_id, remote_id)
)""",
    # Lists by date, by status and by number; what a filter asks for stands in the index too.
    "CREATE INDEX orders_newest ON orders (order_at, id, urgency, connection_id)",
    "CREATE INDEX orders_urgency ON orders (urgency, order_at, id, connection_id)",
    "CREATE INDEX orders_number ON orders (sort_ref, id)",
    "CREATE INDEX orders_channel ON orders (channel, connection_id)",
    # Addresses that are to be erased some day.
    "CREATE INDEX orders_personal ON orders (read_at) WHERE ship_to <> ''",
    """CREATE TABLE order_lines (
    order_id INTEGER NOT NULL REFERENCES orders (id),
    place INTEGER NOT NULL,
    remote_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    quantity TEXT NOT NULL,
    shipped TEXT NOT NULL,
    left_over TEXT NOT NULL,
    weight TEXT,
    ships INTEGER NOT NULL,
    parent TEXT NOT NULL,
    PRIMARY KEY (order_id, place)
) WITHOUT ROWID""",
    """CREATE TABLE order_history (
    seq INTEGER NOT NULL PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    at INTEGER NOT NULL,
    what TEXT NOT NULL,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    actor TEXT NOT NULL
)""",
    "CREATE INDEX order_history_order ON order_history (order_id)",
    # Rises with every change of an order: what was counted or sorted before is out of date.
    """CREATE TABLE order_changes (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    number INTEGER NOT NULL
)""",
    "INSERT INTO order_changes VALUES (1, 0)",
    *ORDER_TRIGGERS,
    # The order that came in last, per connection.
    "CREATE INDEX orders_read ON orders (connection_id, read_at)",
    # How calls to other systems ended, by minute, and what was last for each API.
    """CREATE TABLE health_calls (
    minute INTEGER NOT NULL,
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    api TEXT NOT NULL,
    way TEXT NOT NULL,
    result TEXT NOT NULL,
    band INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (minute, connection_id, api, way, result, band)
) WITHOUT ROWID""",
    """CREATE TABLE health_marks (
    connection_id INTEGER NOT NULL REFERENCES connections (id),
    api TEXT NOT NULL,
    way TEXT NOT NULL,
    ok_at INTEGER,
    refused_at INTEGER,
    failed_at INTEGER,
    network_at INTEGER,
    in_a_row INTEGER NOT NULL,
    failing_since INTEGER,
    code TEXT NOT NULL,
    params TEXT NOT NULL,
    PRIMARY KEY (connection_id, api, way)
) WITHOUT ROWID""",
)

STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first,)
"""Step n (counted from 1) brings a file from schema n-1 to n."""

SCHEMA_VERSION = len(STEPS)
