"""The work: how an organisation answers the thirty standards."""
