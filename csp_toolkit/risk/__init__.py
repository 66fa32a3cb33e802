"""3c. Who may be harmed: counted apart from what anyone did, in tables of their own."""
