"""5. Who may see what: the papers, cut for one recipient by an allow-list, screened, logged."""
