"""What the records suggest for an answer, until a person takes it or leaves it."""
