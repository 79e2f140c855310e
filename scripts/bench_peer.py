"""Solve one tour problem with another solver: reads JSON on standard input, writes its routes as JSON.

Usage: python scripts/bench_peer.py ortools-guided|ortools-tabu|vroom|pyvrp < PROBLEM. Run by scripts/bench_peers.py,
each solver in a process of its own (OR-Tools carries HiGHS, as highspy does; both cannot be loaded at once), so
nothing of Reassure is imported here. Each solver is one thread, and asked for prize first, then less travel.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

Routes = list[list[int]]
PRIZE_OVER_TRAVEL = 1_000
"""What a point of score is worth in units of travel, where prize and travel are one sum."""


def ortools(problem: dict[str, Any], method: str) -> Routes:
    """OR-Tools routing: optional visits by penalty, a first plan by insertion, then a metaheuristic."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415 - one solver a process

    travel, stay, n = problem["travel"], problem["stay"], len(problem["stay"])
    manager = pywrapcp.RoutingIndexManager(n + 1, problem["tours"], n)
    model = pywrapcp.RoutingModel(manager)
    legs = [[way + (stay[i] if i < n else 0) for way in row] for i, row in enumerate(travel)]
    cost = model.RegisterTransitMatrix(travel)
    times = model.RegisterTransitMatrix(legs)
    model.SetArcCostEvaluatorOfAllVehicles(cost)
    horizon = problem["closes"]
    model.AddDimension(times, horizon, horizon, False, "time")  # noqa: FBT003 - the signature is theirs
    time_of = model.GetDimensionOrDie("time")
    for i in range(n):
        index = manager.NodeToIndex(i)
        earliest, latest = problem["windows"][i]
        model.AddDisjunction([index], round(problem["prize"][i] * PRIZE_OVER_TRAVEL))
        if earliest > min(latest, horizon):
            model.VehicleVar(index).SetValue(-1)
        else:
            time_of.CumulVar(index).SetRange(earliest, min(latest, horizon))
    for k in range(problem["tours"]):
        time_of.CumulVar(model.Start(k)).SetRange(problem["opens"], horizon)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = getattr(routing_enums_pb2.LocalSearchMetaheuristic, method)
    parameters.time_limit.FromMilliseconds(round(problem["seconds"] * 1000))
    found = model.SolveWithParameters(parameters)
    routes: Routes = []
    for k in range(problem["tours"] if found else 0):
        route, index = [], found.Value(model.NextVar(model.Start(k)))
        while not model.IsEnd(index):
            route.append(manager.IndexToNode(index))
            index = found.Value(model.NextVar(index))
        routes.append(route)
    return routes


def vroom(problem: dict[str, Any]) -> Routes:
    """VROOM: jobs with priorities 0 to 100; it stops by itself, or at the time limit."""
    import numpy as np  # noqa: PLC0415 - one solver a process
    import vroom as solver  # noqa: PLC0415

    n, top = len(problem["stay"]), max(100, *problem["prize"])
    given = solver.Input()
    given.set_durations_matrix("car", np.array(problem["travel"], dtype=np.uint32))
    hours = solver.TimeWindow(problem["opens"], problem["closes"])
    given.add_vehicle([solver.Vehicle(k + 1, start=n, end=n, time_window=hours) for k in range(problem["tours"])])
    given.add_job(
        [
            solver.Job(
                i + 1,
                location=i,
                default_service=problem["stay"][i],
                priority=round(100 * problem["prize"][i] / top),
                time_windows=[solver.TimeWindow(*window)],
            )
            for i, window in enumerate(problem["windows"])
            if window[0] <= window[1]
        ]
    )
    limit = timedelta(seconds=problem["seconds"])
    answer = json.loads(json.dumps(given.solve(exploration_level=5, nb_threads=1, timeout=limit).to_dict()))
    return [[step["id"] - 1 for step in route["steps"] if step["type"] == "job"] for route in answer["routes"]]


def pyvrp(problem: dict[str, Any]) -> Routes:
    """PyVRP: optional clients with prizes, over a cost of distance."""
    import numpy as np  # noqa: PLC0415 - one solver a process
    from pyvrp import Client, Depot, Location, ProblemData, VehicleType, solve  # noqa: PLC0415
    from pyvrp.stop import MaxRuntime  # noqa: PLC0415

    n, travel = len(problem["stay"]), np.array(problem["travel"])
    usable = [i for i in range(n) if problem["windows"][i][0] <= problem["windows"][i][1]]
    clients = [
        Client(
            i,
            service_duration=problem["stay"][i],
            tw_early=problem["windows"][i][0],
            tw_late=problem["windows"][i][1],
            prize=round(problem["prize"][i] * PRIZE_OVER_TRAVEL),
            required=False,
        )
        for i in usable
    ]
    shift = VehicleType(problem["tours"], tw_early=problem["opens"], tw_late=problem["closes"], unit_distance_cost=1)
    data = ProblemData([Location(0, 0)] * (n + 1), clients, [Depot(n)], [shift], [travel], [travel])
    result = solve(data, MaxRuntime(problem["seconds"]), seed=problem["seed"], collect_stats=False, display=False)
    if not result.is_feasible():
        return []
    return [[usable[visit.idx] for visit in route if visit.is_client()] for route in result.best.routes()]


def main() -> None:
    """Solve what stands on standard input."""
    problem = json.load(sys.stdin)
    name = sys.argv[1]
    began = time.perf_counter()
    if name == "ortools-guided":
        routes = ortools(problem, "GUIDED_LOCAL_SEARCH")
    elif name == "ortools-tabu":
        routes = ortools(problem, "TABU_SEARCH")
    else:
        routes = {"vroom": vroom, "pyvrp": pyvrp}[name](problem)
    json.dump({"routes": routes, "seconds": time.perf_counter() - began}, sys.stdout)


if __name__ == "__main__":
    main()
