"""Answers held against the records and against each other, each contradiction once."""
