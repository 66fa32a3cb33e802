"""From records to pairs: who was together in which event, and what ties each pair."""
