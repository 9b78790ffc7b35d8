"""A Redis without memory left loses nothing and is no error to people (F-07)."""

from contextlib import suppress

import pytest
from redis import Redis
from redis.exceptions import ResponseError

from tests import servers
from tests.faults.deployment import HURRY, Deployment
from tests.faults.test_kills import assert_every_report_is_whole


pytestmark = pytest.mark.clock

MIB = 1024**2


@pytest.fixture
def deploy(tmp_path):
    deployments = []

    def prepare(**settings):
        deployment = Deployment(tmp_path, HURRY | settings)
        deployments.append(deployment)
        deployment.run("manage.py", "migrate", "--verbosity=0")
        deployment.run("manage.py", "load_standards", "--verbosity=0")
        return deployment

    yield prepare
    for deployment in deployments:
        deployment.stop()


def test_what_is_asked_for_while_redis_is_full_waits_and_is_made(deploy):
    with servers.valkey() as address:
        deployment = deploy(BROKER_URL=address)
        deployment.start_worker()
        deployment.ask_for_reports(1)
        deployment.wait_until_all_are_made(60)
        redis = Redis.from_url(address)
        fill(redis)

        deployment.ask_for_reports(3)
        deployment.wait_until_all_are_made(5)
        waiting, evicted = deployment.unfinished(), redis.info("stats")["evicted_keys"]
        redis.delete("filling")
        deployment.wait_until_all_are_made(60)

        assert (waiting, evicted) == (3, 0)
        assert_every_report_is_whole(deployment)
        redis.close()


def fill(redis):
    """Take what memory there is, to the last."""
    redis.config_set("maxmemory", redis.info("memory")["used_memory"] + MIB)
    for size in (64 * 1024, 1024, 16):
        with suppress(ResponseError):
            while True:
                redis.append("filling", b"x" * size)
    with pytest.raises(ResponseError, match="maxmemory"):
        redis.append("filling", b"x" * 16)


def test_a_worker_does_not_start_on_a_redis_that_evicts(deploy):
    with servers.valkey(policy="allkeys-lru") as address:
        deployment = deploy(BROKER_URL=address)

        worker = deployment.start_worker()

        assert worker.wait(60) != 0
        deployment.workers.clear()
    log = (deployment.folder / "worker.log").read_text()
    assert "may throw away jobs" in log
