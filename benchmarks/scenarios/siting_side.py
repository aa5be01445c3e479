"""Runs in spopt's environment: one location problem from a file, solved with CBC; prints the objective and CPU seconds."""

from __future__ import annotations

import json
import sys

import numpy as np

from benchmarks.rows import cost_of


def main() -> None:
    """Solve what the file holds: distance, weight, problem, size and reach."""
    import pulp
    from spopt.locate import MCLP, PMedian

    with np.load(sys.argv[1]) as given:
        distance, weight = given["distance"], given["weight"]
        problem, size, reach = str(given["problem"]), int(given["size"]), float(given["reach"])
    solver = pulp.PULP_CBC_CMD(msg=False)

    def work() -> float:
        if problem == "median":
            made = PMedian.from_cost_matrix(distance, weight, p_facilities=size).solve(solver)
        else:
            made = MCLP.from_cost_matrix(distance, weight, reach, p_facilities=size).solve(solver)
        opened = [place for place, each in enumerate(made.fac_vars) if each.value() > 0.5]
        nearest = distance[:, opened].min(axis=1)
        return float(weight @ nearest if problem == "median" else weight[nearest <= reach].sum())

    value, seconds = cost_of(work)
    print(json.dumps({"value": value, "seconds": seconds}))


if __name__ == "__main__":
    main()
