"""How sure each place is: what is varied, the matrix scored again in every draw, seats counted."""
