"""Every piece of HTML that the dashboard writes: whatever comes from data is escaped here, and nowhere else is HTML made."""

from dashboard.markup.page import (
    SHAPES,
    Card,
    CardRow,
    Rows,
    context_line,
    details,
    facts,
    folded,
    headline,
    label,
    leaderboard,
    margin_notes,
    option_cards,
    paragraph,
    section,
    seen_strip,
    source_line,
    statement,
    table,
)

__all__ = [
    "SHAPES", "Card", "CardRow", "Rows", "context_line", "details", "facts", "folded", "headline", "label",
    "leaderboard", "margin_notes", "option_cards", "paragraph", "section", "seen_strip", "source_line", "statement",
    "table",
]  # fmt: skip
