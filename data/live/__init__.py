"""Tables whose source grows: followed while the dashboard or ``python -m data follow`` runs, the last good data kept."""

from data.live.follow import EVERY_SECONDS, Followed, follow, follow_once, followed_in

__all__ = ["EVERY_SECONDS", "Followed", "follow", "follow_once", "followed_in"]
