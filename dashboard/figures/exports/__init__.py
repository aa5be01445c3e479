"""A chart as bytes to take away, with its caveats inside; nothing here knows streamlit or a disk."""

from dashboard.figures.exports.files import MIME, Format, file_name, to_pdf, to_png, to_svg
from dashboard.figures.exports.table import to_csv
from dashboard.figures.exports.workbook import to_xlsx

__all__ = ["MIME", "Format", "file_name", "to_csv", "to_pdf", "to_png", "to_svg", "to_xlsx"]
