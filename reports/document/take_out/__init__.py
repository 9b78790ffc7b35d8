"""Everything an organisation owns, as one archive that it can take elsewhere."""

from .archive import Archive, Content, NotReadable, write
from .moment import content_at
from .rows import NO_ADDRESS, NOT_TAKEN, TABLES, Row, Rows, Table, gather


__all__ = [
    "NOT_TAKEN",
    "NO_ADDRESS",
    "TABLES",
    "Archive",
    "Content",
    "NotReadable",
    "Row",
    "Rows",
    "Table",
    "content_at",
    "gather",
    "write",
]
