"""Reads an edition's source files, and refuses them unless they are whole.

Knows nothing of the database: frozen dataclasses out, or every fault at once.
"""

from .edition import EditionSource as EditionSource
from .source import Fault as Fault
from .source import FaultySource as FaultySource
from .source import parse_edition as parse_edition
from .source import read_edition as read_edition
