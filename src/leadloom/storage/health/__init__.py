"""Is a database sound, what can be saved of one that is not, and how it is kept in shape."""
