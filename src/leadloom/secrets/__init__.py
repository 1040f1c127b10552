"""Secrets: what must be kept and not be read, encrypted at rest."""
