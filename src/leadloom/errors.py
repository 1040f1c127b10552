"""The few errors a person can meet. Every message says what, where, and what to do next.

Doors map them once: each class carries the exit code of the command line.
"""


class LeadloomError(Exception):
    """Base of every expected error; its text is one sentence written for a person."""

    exit_code = 3


class UsageError(LeadloomError):
    """The request itself is wrong: an unknown field, a bad value, an impossible combination."""

    exit_code = 2


class NotFoundError(UsageError):
    """What was named does not exist in this workspace."""


class InputError(LeadloomError):
    """A file cannot be read: missing, damaged, hostile, or of an unknown kind."""


class DatabaseError(LeadloomError):
    """The database cannot be reached, is locked, read-only or full."""


class SchemaError(LeadloomError):
    """The database has a schema this version cannot work with."""


class IntegrityError(LeadloomError):
    """Stored data contradicts itself or a constraint refused a change."""


class ConflictError(LeadloomError):
    """Somebody else is doing this already, or the state does not allow it."""


class AccessError(LeadloomError):
    """Whoever acts has a role that does not allow it."""


class SecretError(LeadloomError):
    """A secret cannot be read or written: its key is missing, malformed, or another one."""
