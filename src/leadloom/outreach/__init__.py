"""Outreach: templates become reviewed drafts, and drafts leave for a mail merge."""
