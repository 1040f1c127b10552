"""The providers that come along: one folder each, which names itself `PROVIDER`."""
