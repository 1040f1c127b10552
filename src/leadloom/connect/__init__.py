"""What outside systems have in common: how they fail, what they cost, how they are spoken to."""
