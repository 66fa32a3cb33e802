"""Does the matrix agree with raters and with what came later, and whom does it list."""
