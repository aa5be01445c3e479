"""What people state and decide, kept for good: an append-only chain of entries in SQLite, or in PostgreSQL by its URL."""

from data.store.records.chain import Entry, digest_of_entry
from data.store.records.records import Records, open_records, records_url
from data.store.records.verifying import Fault, Verification, verify

__all__ = ["Entry", "Fault", "Records", "Verification", "digest_of_entry", "open_records", "records_url", "verify"]
