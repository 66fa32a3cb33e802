"""A meeting's papers, part by part, before they are cut for anyone."""
