"""How good the data is: what was counted, what is worth a sentence, and what matters most."""
