"""The pages of people and organisations."""
