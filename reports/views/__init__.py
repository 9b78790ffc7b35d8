"""The pages of a report: asked for, on its way, read, downloaded."""
