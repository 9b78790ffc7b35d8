"""The published standard: editions, principles, standards, questions, duties."""
