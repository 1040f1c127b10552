"""Finding leads and companies by what somebody types: best first, the same on every database."""
