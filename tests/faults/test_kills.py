"""Workers that are killed at any moment lose no report and publish none twice."""

import hashlib
import os
import random
import signal
import time
from pathlib import Path

import pikepdf
import pytest

from tests import servers
from tests.faults.deployment import HURRY, Deployment


# What there is time for each time, and what `make torture` does.
FEW = {"pool": 2, "over_redis": 8, "embedded": 8}
MANY = {"pool": 200, "over_redis": 50, "embedded": 200}
# The same report again and again, as a broker may that gives its messages twice.
RING = """
import django
django.setup()
from reports.models import Report
from reports.tasks import render_report
key = Report.objects.latest("pk").pk
for _ in range({times}):
    render_report.delay(key)
"""
STARTING_SECONDS = 60
FINISHING_SECONDS = 120


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """A migrated database with the standards and one assessment."""
    folder = tmp_path_factory.mktemp("template")
    deployment = Deployment(folder, {})
    if prepared := os.environ.get("PREPARED_SITE"):
        deployment.prepare(Path(prepared, "fourpi.sqlite3"))
    deployment.run("manage.py", "migrate", "--verbosity=0")
    deployment.run("manage.py", "load_standards", "--verbosity=0")
    deployment.ask_for_reports(0)
    return folder / "fourpi.sqlite3"


@pytest.fixture
def deploy(database, tmp_path):
    deployments = []

    def start(**settings):
        deployment = Deployment(tmp_path, HURRY | settings)
        deployment.prepare(database)
        deployments.append(deployment)
        return deployment

    yield start
    for deployment in deployments:
        deployment.stop()


often = pytest.mark.parametrize(
    "kills", [FEW, pytest.param(MANY, marks=pytest.mark.clock)], ids=["few", "many"]
)


@often
def test_killed_workers_without_a_broker_lose_nothing(deploy, kills):
    deployment = deploy()
    deployment.ask_for_reports(12)

    kill_workers(deployment, kills["embedded"])

    assert_every_report_is_whole(deployment)
    assert attempts(deployment) > made(deployment)
    # Each of the two that are left has cleared up after those that were killed.
    assert len(list(deployment.aside.iterdir())) == 2
    assert len(list(deployment.aside.glob("*/fourpi-attempt-*"))) == 0
    deployment.let_workers_end(FINISHING_SECONDS)
    assert list(deployment.aside.iterdir()) == []


@often
def test_killed_workers_and_pools_over_redis_lose_nothing(deploy, valkey_url, kills):
    deployment = deploy(BROKER_URL=valkey_url)
    deployment.ask_for_reports(6)

    kill_pools(deployment, kills["pool"])
    kill_workers(deployment, kills["over_redis"])

    assert_every_report_is_whole(deployment)
    assert attempts(deployment) > made(deployment)


def test_the_bell_alone_is_enough_where_there_is_a_broker_and_rings_in_vain_once_made(
    deploy, valkey_url
):
    deployment = deploy(BROKER_URL=valkey_url, REPORT_DOORBELL_SECONDS="3600")
    two_workers(deployment)
    deployment.ask_for_reports(1)
    deployment.run("-c", RING.format(times=20))
    deployment.wait_until_all_are_made(STARTING_SECONDS)

    assert_every_report_is_whole(deployment)
    assert attempts(deployment) == made(deployment)


@pytest.mark.clock
def test_a_broker_that_dies_and_comes_back_empty_costs_no_report(deploy):
    port = servers.free_port()
    with servers.valkey(port=port) as address:
        deployment = deploy(BROKER_URL=address)
        worker = deployment.start_worker()
        deployment.ask_for_reports(1)
        deployment.wait_until_all_are_made(STARTING_SECONDS)
    deployment.ask_for_reports(10)

    with servers.valkey(port=port):
        deployment.wait_until_all_are_made(FINISHING_SECONDS)

    assert_every_report_is_whole(deployment)
    assert made(deployment) == 11
    assert worker.poll() is None


def kill_pools(deployment, number):
    """Kill the process that makes a report, that many times; its worker goes on."""
    chance = random.Random(number)
    kills = 0
    workers = two_workers(deployment)
    until = time.monotonic() + STARTING_SECONDS
    while kills < number:
        assert time.monotonic() < until, "no worker makes a report"
        if deployment.unfinished() < 4:
            deployment.ask_for_reports(8)
        for worker in workers:
            maker = deployment.maker(worker)
            if maker is None:
                continue
            time.sleep(chance.uniform(0, 0.6))
            if deployment.maker(worker) != maker:
                continue
            os.kill(maker, signal.SIGKILL)
            kills += 1
            until = time.monotonic() + STARTING_SECONDS
        time.sleep(0.01)
    assert all(worker.poll() is None for worker in workers)


def two_workers(deployment):
    while len(deployment.workers) < 2:
        deployment.start_worker()
    return list(deployment.workers)


def kill_workers(deployment, number):
    """Kill a worker while it makes a report, that many times; another starts."""
    chance = random.Random(number)
    kills = 0
    starting = two_workers(deployment)
    until = time.monotonic() + STARTING_SECONDS
    while kills < number:
        assert time.monotonic() < until, "no worker makes a report"
        if deployment.unfinished() < 4:
            deployment.ask_for_reports(8)
        for worker in list(deployment.workers):
            if not deployment.rendering(worker):
                continue
            time.sleep(chance.uniform(0, 0.6))
            # Only a kill in the midst of a report counts.
            if not deployment.rendering(worker):
                continue
            deployment.kill(worker)
            kills += 1
            deployment.start_worker()
            until = time.monotonic() + STARTING_SECONDS
        time.sleep(0.01)
    assert not set(starting) & set(deployment.workers)
    deployment.wait_until_all_are_made(FINISHING_SECONDS)


def assert_every_report_is_whole(deployment):
    reports = deployment.select(
        "SELECT status, file, sha256, bytes, pages, public_id FROM reports_report"
    )
    published = dict(
        deployment.select(
            "SELECT replace(subject, '-', ''), count(*) FROM organisations_auditevent"
            " WHERE verb = 'published' GROUP BY subject"
        )
    )
    assert reports
    for status, file, sha256, size, pages, public_id in reports:
        assert status == "ready"
        assert published[public_id] == 1
        content = (deployment.folder / "media" / file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
        assert len(content) == size
        with pikepdf.open(deployment.folder / "media" / file) as pdf:
            assert len(pdf.pages) == pages
    assert len(published) == len(reports)
    assert deployment.select("PRAGMA integrity_check") == [("ok",)]


def attempts(deployment):
    return deployment.select("SELECT sum(attempts) FROM reports_report")[0][0]


def made(deployment):
    return deployment.select("SELECT count(*) FROM reports_report")[0][0]
