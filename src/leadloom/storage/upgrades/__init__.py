"""From one revision to the next, while others work."""
