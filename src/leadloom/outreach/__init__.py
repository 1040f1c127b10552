"""Outreach: templates become reviewed drafts. Nothing in this package touches a database."""
