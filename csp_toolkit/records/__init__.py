"""1. What comes in: files read as text, grades, and the mapping of each feed to the canonical tables."""
