"""What a report says, frozen when it was asked for: each kind in a module."""

from .anew import freeze_now
from .board_paper import BoardPaper, build_board_paper, read_board_paper
from .certificate import Certificate, build_certificate, read_certificate
from .check_code import as_kept, check_code_of
from .duties import DutyEvidence, build_duties, read_duties
from .easy_read import EasyRead, build_easy_read, read_easy_read
from .lines import PrincipleLine
from .plain import PlainSummary, build_plain_summary, read_plain_summary
from .record import (
    TEMPLATE_VERSION,
    PrincipleEntry,
    ReportDocument,
    build_document,
    read_document,
)
from .record_json import record_json
from .record_sheet import record_csv, record_sheet
from .sameness import same_words
from .text import direction, paragraphs
from .words import board_words
from .workshop import WorkshopPack, build_workshop, read_workshop


__all__ = [
    "TEMPLATE_VERSION",
    "BoardPaper",
    "Certificate",
    "DutyEvidence",
    "EasyRead",
    "PlainSummary",
    "PrincipleEntry",
    "PrincipleLine",
    "ReportDocument",
    "WorkshopPack",
    "as_kept",
    "board_words",
    "build_board_paper",
    "build_certificate",
    "build_document",
    "build_duties",
    "build_easy_read",
    "build_plain_summary",
    "build_workshop",
    "check_code_of",
    "direction",
    "freeze_now",
    "paragraphs",
    "read_board_paper",
    "read_certificate",
    "read_document",
    "read_duties",
    "read_easy_read",
    "read_plain_summary",
    "read_workshop",
    "record_csv",
    "record_json",
    "record_sheet",
    "same_words",
]
