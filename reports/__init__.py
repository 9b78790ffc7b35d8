"""The document: frozen content, charts, PDF and its HTML twin."""
