"""What can be reached in time, and whose trips use a link."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.errors import TrafficError
from analytics.traffic.assignment import Assignment
from analytics.traffic.road import Floats

__all__ = ["reached_within", "trips_using"]


def reached_within(minutes: Floats, there: Floats, *, limits: Sequence[float]) -> Floats:
    """How much of what there is in all zones can be reached from each (Wachs & Kumagai 1973).

    Parameters
    ----------
    minutes : by (origin, destination), infinite where no path leads.
    there : what there is by destination, such as jobs.
    limits : minutes within which it counts, the limit itself included.

    Returns
    -------
    By (limit, origin).

    Examples
    --------
    >>> import numpy as np
    >>> reached_within(np.array([[0.0, 20.0], [20.0, 0.0]]), np.array([5.0, 7.0]), limits=(15, 20)).tolist()
    [[5.0, 7.0], [12.0, 12.0]]
    """
    return np.stack([(minutes <= limit) @ there for limit in limits])


def trips_using(found: Assignment, links: Sequence[str]) -> Floats:
    """The trips whose path uses any of some links ("whose trips use this bridge"), in vehicles an hour.

    Volumes at equilibrium are unique and so is what all pairs together send over a link; how much of it is of which pair is
    that of the paths which the assignment found, one split among those that make the same volumes.

    Parameters
    ----------
    found : an assignment.
    links : ids.

    Returns
    -------
    By (origin, destination), in the order of the demand's zones.

    Raises
    ------
    TrafficError
        When the road has no such link.
    """
    place = found.road.place_of_link
    unknown = [link for link in links if link not in place]
    if unknown:
        raise TrafficError("no_such_link", link=unknown[0], examples=list(found.road.link_ids[:3]))
    wanted = np.zeros(len(place), np.bool_)
    wanted[[place[link] for link in links]] = True
    paths = found.paths
    using = paths.using(wanted)
    matrix = np.zeros_like(found.demand.matrix)
    pair = paths.pair[using]
    np.add.at(matrix, (paths.pairs.origin[pair], paths.pairs.destination[pair]), paths.flow[using])
    return matrix
