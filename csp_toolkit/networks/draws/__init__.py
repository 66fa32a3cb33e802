"""Plausible networks: which recorded ties are true in a draw, and which unrecorded ones there may be."""
