"""The engine that starts, limits, retries and recovers work; it never holds the truth about it."""
