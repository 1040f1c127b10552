"""The statistical matcher: how likely two records speak of one person, or of one company. Pure."""
