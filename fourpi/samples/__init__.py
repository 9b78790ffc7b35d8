"""The samples of the embedded installation: organisations, people, answers."""
