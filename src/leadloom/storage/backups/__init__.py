"""A database read as a whole, and put into a file."""
