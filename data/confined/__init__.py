"""Work in processes that may take so much time and memory and no more, whatever they meet."""

from data.confined.errors import Ended
from data.confined.limits import Limits
from data.confined.nursery import Nursery, Worker, can_confine, sandbox

__all__ = ["Ended", "Limits", "Nursery", "Worker", "can_confine", "sandbox"]
