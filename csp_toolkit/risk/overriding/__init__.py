"""Professional judgement over a computed band: by which role, why, until when, and how often."""
