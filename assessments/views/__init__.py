"""The pages of an assessment: load, ask, one call, respond."""
