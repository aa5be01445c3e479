"""A whole page to take along, with its finding, figures, notes and sources; nothing here knows streamlit or a disk."""

from dashboard.briefings.briefing import Briefing, Part, Table, receipt_of, stated
from dashboard.briefings.files import FORMATS, MIME, BriefingFormat, file_name, key_of, to_file

__all__ = [
    "FORMATS",
    "MIME",
    "Briefing",
    "BriefingFormat",
    "Part",
    "Table",
    "file_name",
    "key_of",
    "receipt_of",
    "stated",
    "to_file",
]
