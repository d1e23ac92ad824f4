"""Two app processes behind HAProxy, with the configuration that ships: visitors outlive a process.

Skipped where HAProxy is not installed.
"""

import asyncio
import csv
import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.load import Record, one_round
from benchmarks.running_app import ROOT, RunningApp, free_port, running_app
from tests.e2e.reviews import word, write
from tests.e2e.test_kept_work import draw, kept, strokes
from tests.e2e.test_visitors import run
from tests.e2e.waiting import eventually, expect_only_value, until

HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
CONFIGURATION = ROOT / "serving" / "haproxy.cfg"
pytestmark = pytest.mark.skipif(
    HAPROXY is None, reason="HAProxy is not installed; on Debian: apt-get install haproxy"
)


class Hall:
    """A proxy and the processes behind it.

    Attributes:
        address: of the proxy, without a slash at the end.
    """

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._ports = {name: free_port() for name in ("app1", "app2")}
        self._apps: dict[str, RunningApp] = {}
        self._admin = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "admin"
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = {
            "DLNLP_LISTEN": f"127.0.0.1:{port}",
            "DLNLP_ADMIN": str(self._admin),
            **{f"DLNLP_APP{number}": "127.0.0.1:9" for number in (3, 4)},  # nobody answers there
            **{f"DLNLP_{name.upper()}": f"127.0.0.1:{p}" for name, p in self._ports.items()},
        }
        proxy = subprocess.Popen(
            [str(HAPROXY), "-db", "-f", str(CONFIGURATION)],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        stack.callback(proxy.wait)
        stack.callback(proxy.kill)
        until(self._admin.exists)

    def start(self) -> None:
        """Start the processes that do not run, and wait until the proxy has found them."""
        for name, port in self._ports.items():
            if name not in self._apps:
                self._apps[name] = self._stack.enter_context(running_app(port=port))
        found = {"app1": "UP", "app2": "UP", "app3": "DOWN", "app4": "DOWN"}
        until(lambda: standing(self) == found)

    def kill(self, name: str) -> None:
        """End a process at once, as a machine does that has no memory left."""
        process = self._apps.pop(name).process
        process.kill()
        process.wait()

    def tell(self, command: str) -> str:
        """Give the proxy a command; returns what it says."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self._admin))
            line.sendall(f"{command}\n".encode())
            return line.makefile(encoding="utf-8").read()

    def ask(self, cookie: str = "") -> tuple[int, str]:
        """Ask for the health: the status, and the process that a new cookie names, if any."""
        line = http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=10)
        line.request("GET", "/_stcore/health", headers={"Cookie": f"dlnlp={cookie}"})
        answer = line.getresponse()
        cookies = answer.headers.get_all("Set-Cookie", [])
        line.close()
        named = re.search(r"\bdlnlp=(\w+)", " ".join(cookies))
        return answer.status, named[1] if named else ""


@pytest.fixture(scope="module")
def proxy() -> Iterator[Hall]:
    with ExitStack() as stack:
        yield Hall(stack)


@pytest.fixture
def hall(proxy: Hall) -> Hall:
    """Two processes, and a proxy that has found both."""
    proxy.start()
    return proxy


def statistics(hall: Hall) -> dict[str, dict[str, str]]:
    """What the proxy says of each process, by column."""
    table = csv.DictReader(hall.tell("show stat").removeprefix("# ").strip().splitlines())
    rows = [row for row in table if row["pxname"] == "app"]
    return {row["svname"]: row for row in rows if row["svname"] != "BACKEND"}


def standing(hall: Hall) -> dict[str, str]:
    """What the proxy thinks of each process, of the last check: UP, DOWN, DRAIN."""
    return {
        name: row["status"].split(" ")[0] if row["check_status"] else "not checked yet"
        for name, row in statistics(hall).items()
    }


def connections(hall: Hall) -> dict[str, int]:
    """How many each process has open now."""
    return {name: int(row["scur"]) for name, row in statistics(hall).items()}


def cookie_of(page: Page) -> str:
    """The process that the browser's cookie names."""
    return next((c["value"] for c in page.context.cookies() if c["name"] == "dlnlp"), "")


def runs_of_scripts(page: Page) -> list[bool]:
    """Grows whenever a script of the page has run to its end, in whatever process."""
    ended: list[bool] = []

    def read(frame: bytes | str) -> None:
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).HasField("script_finished"):
            ended.append(True)

    page.on("websocket", lambda line: line.on("framereceived", read))
    return ended


def test_a_visitor_of_a_killed_process_goes_on_with_the_other(
    hall: Hall, page: Page, visit: Callable[[str], None]
) -> None:
    """With the text, the drawing and the settings that were there."""
    text = "The zither was great. But the case broke."
    ended = runs_of_scripts(page)
    visit(f"{hall.address}/schedules")
    rate = page.get_by_label("Learning rate", exact=True)
    rate.fill("0.7")
    rate.press("Enter")
    kept(page, "peak_0.7")
    visit(f"{hall.address}/mnist_cnn")
    draw(page)
    strokes(page, 1)
    kept(page, '"example":null')
    visit(f"{hall.address}/han")
    write(page, text)
    kept(page, text)
    first = eventually(page, lambda: cookie_of(page))
    before = len(ended)
    hall.kill(first)
    eventually(page, lambda: len(ended) > before)
    (other,) = {"app1", "app2"} - {first}
    eventually(page, lambda: cookie_of(page), lambda name: name == other)
    expect(page.get_by_label("Your review")).to_have_value(text)
    word(page, "zither")
    write(page, f"{text} The bassoon was dull.")
    word(page, "bassoon")
    visit(f"{hall.address}/mnist_cnn")
    strokes(page, 1)
    expect(page.locator(".bar.first")).to_have_count(1)
    visit(f"{hall.address}/schedules")
    expect_only_value(rate, "0.7")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_files_and_pages_of_a_visitor_come_from_one_process(hall: Hall) -> None:
    named = {hall.ask()[1] for _ in range(8)}
    assert named <= {"app1", "app2"} and named
    for name in ("app1", "app2"):
        assert {hall.ask(name) for _ in range(4)} == {(200, "")}  # no new cookie
    status, name = hall.ask("app9")
    assert status == 200 and name in {"app1", "app2"}


def test_a_drained_process_keeps_its_visitors_and_takes_no_new_ones(hall: Hall) -> None:
    hall.tell("set server app/app1 state drain")
    until(lambda: standing(hall)["app1"] == "DRAIN")
    assert {hall.ask()[1] for _ in range(8)} == {"app2"}
    assert hall.ask("app1") == (200, "")
    hall.tell("set server app/app1 state ready")
    until(lambda: standing(hall)["app1"] == "UP")
    hall.kill("app1")
    assert hall.ask("app1") == (200, "app2")  # before a check has failed, too
    until(lambda: standing(hall)["app1"] == "DOWN")


def test_visitors_under_load_outlive_a_process(hall: Hall) -> None:
    async def load_and_kill() -> tuple[Record, int]:
        visits = asyncio.create_task(one_round(hall.address, sessions=6, each=8, think=0.3, seed=1))
        await asyncio.to_thread(until, lambda: sum(connections(hall).values()) == 6)
        held = connections(hall)["app1"]
        hall.kill("app1")
        return await visits, held

    record, held = run(load_and_kill())
    assert 0 < held < 6, "the proxy spreads visitors"
    assert 0 < record.errors.total() <= held, record.errors
    answers = sum(len(found) for name, found in record.answers.items() if name != "open a page")
    assert answers == 6 * 8 - record.errors.total()
