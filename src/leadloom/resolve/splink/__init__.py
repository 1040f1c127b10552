"""The way out to Splink, for tables that one machine should not match, and the way back."""
