"""One job an area on processes or a cluster: equal bytes, failures told, killed workers' jobs run again."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from executor_jobs import always_killed, double, killed_once, refuse_two
from reassure.engines.executors import MOST_RUNS, on_cluster, on_processes, plan_forces
from reassure.errors import InputError

JOBS = {f"E{n}": n for n in range(5)}


@pytest.mark.slow
@pytest.mark.parametrize("n_workers", [1, 2])
def test_any_number_of_processes_gives_the_same_bytes(n_workers):
    """One process or two: the results of the same function called here, in the order of the jobs."""
    found = plan_forces(JOBS, double, on_processes(n_workers))

    assert list(found) == list(JOBS)
    assert {area: o.value for area, o in found.items()} == {area: double(n) for area, n in JOBS.items()}


def test_any_executor_will_do_and_one_failure_stops_no_other():
    """On threads: a refusal and a mistake are told in words, the other jobs are done; each end is told once."""
    told = []
    found = plan_forces(JOBS, refuse_two, lambda: ThreadPoolExecutor(2), on_done=lambda area, _: told.append(area))

    assert found["E2"].failure == "Two visits are fixed but only one fits."
    assert found["E3"].failure == "ZeroDivisionError: a mistake"
    assert [found[a].value for a in ("E0", "E1", "E4")] == [double(0), double(1), double(4)]
    assert sorted(told) == sorted(JOBS)


@pytest.mark.slow
def test_a_killed_worker_costs_no_area(tmp_path):
    """The worker of one job is killed in the middle: that job runs again, and every area has its result."""
    jobs = {area: (n, str(tmp_path)) for area, n in JOBS.items()}

    found = plan_forces(jobs, killed_once, on_processes(2))

    assert (tmp_path / "killed").exists()
    assert {area: o.value for area, o in found.items()} == {area: double(n) for area, n in JOBS.items()}
    assert found["E1"].n_runs >= 2


@pytest.mark.slow
def test_only_the_area_that_kills_its_worker_is_given_up():
    """A job whose worker is killed every time fails alone, after some runs; the others are done."""
    found = plan_forces(JOBS, always_killed, on_processes(2))

    assert found["E1"].value is None
    assert found["E1"].failure == f"its worker was killed {found['E1'].n_runs} times"
    assert found["E1"].n_runs >= MOST_RUNS
    assert all(found[a].value == double(n) for a, n in JOBS.items() if a != "E1")


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_and_survives_a_killed_worker(tmp_path):
    """A local Dask cluster of two workers: the same bytes as processes; a killed worker's job runs again."""
    distributed = pytest.importorskip("distributed")
    jobs = {area: (n, str(tmp_path)) for area, n in JOBS.items()}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        found = plan_forces(jobs, killed_once, on_cluster(cluster.scheduler_address))

    assert (tmp_path / "killed").exists()
    assert {area: o.value for area, o in found.items()} == {area: double(n) for area, n in JOBS.items()}


@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_named():
    """An address without a scheduler is refused in words."""
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="Dask scheduler that answers"):
        plan_forces(JOBS, double, on_cluster("tcp://127.0.0.1:9"))
