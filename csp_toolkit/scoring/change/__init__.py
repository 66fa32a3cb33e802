"""A change of the matrix: what differs in words, who would have come and gone, and the criteria on cards."""
