"""3c. Who may be harmed: reckoned apart from what anyone did, and never added to it."""
