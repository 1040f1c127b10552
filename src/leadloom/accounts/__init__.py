"""Accounts: who acts, in whose workspace, and what their role lets them do."""
