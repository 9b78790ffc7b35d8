"""PostgreSQL falls, is slow, or says nothing: no saved answer is lost, and no words.

F-10 and F-11 of docs/faults.md. Pages are asked for as a browser does, from outside.
"""

import hashlib
import os
import random
import re
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from tests import servers
from tests.faults.deployment import HURRY, Deployment
from tests.faults.proxy import way_to
from tests.faults.test_rush import signed_in, web_of


pytestmark = pytest.mark.clock

FALLS = int(os.environ.get("FALLS", "20"))
PEOPLE = 4
TOLD_WITHIN = BACK_WITHIN = 10
SAVED, NOT_SAVED = 302, 503


@dataclass
class Writer:
    """Somebody who answers a question of her own, again and again."""

    site: str
    question: str
    cookie: str
    saved: list[str] = field(default_factory=list)
    statuses: Counter[int | str] = field(default_factory=Counter)
    unsaid: list[str] = field(default_factory=list)

    def ask(self, path, typed=None):
        """Give a page's status and words."""
        address = urlsplit(self.site)
        headers = {"Cookie": self.cookie, "Referer": self.site + path}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection(address.netloc, timeout=60)) as connection:
            method = "POST" if typed else "GET"
            connection.request(method, path, urlencode(typed or {}), headers)
            answer = connection.getresponse()
            for each in answer.headers.get_all("Set-Cookie") or []:
                self.cookie += f"; {each.split(';')[0]}"
            return answer.status, unescape(answer.read().decode())

    def save(self, words):
        """Save these words from the page as it is now, and give the answer's status."""
        status, page = self.ask(self.question)
        if status == 200:
            form = {
                name: re.search(rf'name="{name}" value="([^"]*)"', page)[1]
                for name in ("csrfmiddlewaretoken", "version")
            }
            form |= {"choice": "2", "reason": words}
            status, page = self.ask(self.question, form)
            if status == SAVED:
                self.saved.append(words)
            elif words not in page:
                self.unsaid.append(page)
        self.statuses[status] += 1
        return status

    def go_on_until(self, is_over):
        """Save until it is over; a server that is not there is no answer."""
        while not is_over.is_set():
            self.save(f"Written {len(self.saved)} times by {self.question}.")


def test_no_saved_answer_is_lost_while_postgresql_falls_again_and_again(tmp_path):
    with servers.falling_postgres() as server:
        deployment = Deployment(tmp_path, HURRY | {"DATABASE_URL": server.address})
        deployment.run("manage.py", "migrate", "--verbosity=0")
        deployment.run("manage.py", "load_standards", "--verbosity=0")
        with web_of(deployment) as site:
            writers = writers_of(deployment, site, PEOPLE)
            deployment.start_worker()
            deployment.ask_for_reports(FALLS)
            with all_writing(writers):
                for pause in random.Random(FALLS).sample(range(10, 10 + FALLS), FALLS):
                    time.sleep(pause / 10)
                    server.fall()
                    server.start()
                time.sleep(2)
            began = time.monotonic()
            while writers[0].save("Written at the end.") != SAVED:
                assert time.monotonic() - began < BACK_WITHIN
            wait_for_reports(server.address, 120)
        assert_nothing_is_lost(server.address, writers, tmp_path)


def assert_nothing_is_lost(address, writers, folder):
    kept = [reason for (reason,) in ask(address, REASONS)]
    saved = [words for writer in writers for words in writer.saved]
    statuses = sum((writer.statuses for writer in writers), Counter())
    sys.stdout.write(f"{FALLS} falls: {len(saved)} saved, answers {statuses}\n")
    assert len(saved) > FALLS
    assert set(saved) <= set(kept)
    assert set(statuses) == {SAVED, NOT_SAVED}
    assert not any(writer.unsaid for writer in writers)
    for status, file, sha256 in ask(address, REPORTS):
        assert status == "ready"
        made = (folder / "media" / file).read_bytes()
        assert hashlib.sha256(made).hexdigest() == sha256


REASONS = "SELECT reason FROM assessments_responserevision ORDER BY id"
REPORTS = "SELECT status, file, sha256 FROM reports_report"


def ask(address, sql):
    with psycopg.connect(address) as connection:
        return connection.execute(sql).fetchall()


def wait_for_reports(address, seconds):
    until = time.monotonic() + seconds
    while {status for status, *_ in ask(address, REPORTS)} - {"ready", "failed"}:
        assert time.monotonic() < until
        time.sleep(0.2)


def writers_of(deployment, site, number):
    return [
        Writer(site, f"{each['page']}principles/{index}/", each["cookie"])
        for index, each in enumerate(signed_in(deployment, number), 1)
    ]


@contextmanager
def all_writing(writers):
    is_over = threading.Event()
    threads = [
        threading.Thread(target=writer.go_on_until, args=(is_over,))
        for writer in writers
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def test_a_database_that_is_slow_or_silent_is_told_of_soon_and_words_come_back(
    tmp_path,
):
    with servers.postgres() as address:
        straight = Deployment(tmp_path, {"DATABASE_URL": address})
        with way_to(urlsplit(address).port) as way:
            bent = address.replace(f":{urlsplit(address).port}/", f":{way.port}/")
            deployment = Deployment(tmp_path, {"DATABASE_URL": bent})
            with web_of(deployment) as site:
                (writer,) = writers_of(straight, site, 1)
                assert writer.save("While all is well.") == SAVED
                form = form_of(writer)
                took = {}
                for trouble in ("slow", "silent", "busy"):
                    with in_trouble(way, address, trouble):
                        took[trouble] = told_after(writer, form, f"While {trouble}.")
                    took[f"{trouble}, then back"] = back_after(writer)
        reasons = [reason for (reason,) in ask(address, REASONS)][-2:]
    for trouble, seconds in took.items():
        sys.stdout.write(f"{trouble}: {seconds:.1f} s\n")
    assert max(took.values()) < TOLD_WITHIN
    assert reasons == ["While all is well.", "Back again."]


def form_of(writer):
    _, page = writer.ask(writer.question)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return {"csrfmiddlewaretoken": token, "version": "1", "choice": "2"}


@contextmanager
def in_trouble(way, address, trouble):
    """Let the database answer late, or not at all, or be busy with something else."""
    way.late_seconds = 5.0 if trouble == "slow" else 0.0
    way.is_silent = trouble == "silent"
    with psycopg.connect(address) as other:
        if trouble == "busy":
            other.execute("LOCK TABLE assessments_response")
        yield
        other.rollback()
    way.late_seconds, way.is_silent = 0.0, False


def told_after(writer, form, words):
    began = time.monotonic()
    status, page = writer.ask(writer.question, form | {"reason": words})
    seconds = time.monotonic() - began
    assert (status, words in page) == (NOT_SAVED, True), trouble_of(page)
    assert "We could not save that" in page
    return seconds


def trouble_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def back_after(writer):
    began = time.monotonic()
    while writer.save("Back again.") != SAVED:
        assert time.monotonic() - began < BACK_WITHIN
    return time.monotonic() - began


def test_a_cache_that_says_nothing_is_told_of_soon(tmp_path):
    deployment = Deployment(tmp_path, {})
    deployment.run("manage.py", "migrate", "--verbosity=0")
    deployment.run("manage.py", "load_standards", "--verbosity=0")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cache = f"rediscache://127.0.0.1:{silent.getsockname()[1]}/0"
        served = Deployment(tmp_path, {"CACHE_URL": cache})
        with web_of(served) as site:
            (writer,) = writers_of(deployment, site, 1)
            began = time.monotonic()
            status, page = writer.ask(writer.question)
            seconds = time.monotonic() - began
    sys.stdout.write(f"a silent cache: {seconds:.1f} s\n")
    assert status == NOT_SAVED, trouble_of(page)
    assert "We will be back soon" in page
    assert seconds < TOLD_WITHIN
