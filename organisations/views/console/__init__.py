"""The stewards' pages: the register and who is on it, never anybody's answers."""
