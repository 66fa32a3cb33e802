"""What we trust: judged records, the casebook that keeps them, and who and what they are about."""
