"""What would change our mind: at which value the choice changes, what to find out first, and how it fares if we are wrong."""

from analytics.scenarios.mind.gains import Gains, joined
from analytics.scenarios.mind.mind import change_of_mind
from analytics.scenarios.mind.pairs import Pair
from analytics.scenarios.mind.results import Mind
from analytics.scenarios.mind.tipping import Tipping

__all__ = ["Gains", "Mind", "Pair", "Tipping", "change_of_mind", "joined"]
