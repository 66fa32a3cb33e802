"""Why somebody moved since the last meeting, and what time alone will do."""
