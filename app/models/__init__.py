"""The store: a SQLite file opened through peewee; hands out core types, never table rows."""
