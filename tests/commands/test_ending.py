"""How a process ends: real ones, with signals, closed streams and broken pipes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and descriptors of POSIX")
BEGIN = """
import sys, time
from pathlib import Path
from dlnlp import temporary
from dlnlp.commands import ending
ending.keeps(lambda: "all is kept")
"""
# Swallows every exception, as libraries do, with something half-written.
STUBBORN = """
def main():
    with temporary.beside(Path("out")) as fresh:
        fresh.mkdir()
        print("ready", flush=True)
        while True:
            try:
                (fresh / "part").write_text("half")
                time.sleep(0.001)
            except:
                pass
sys.exit(ending.process(main))
"""


def started(code: str, folder: Path, **more: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN + code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,  # type: ignore[call-overload]
    )


def finished(code: str, folder: Path) -> tuple[int, str, str]:
    with started(code, folder) as process:
        out, err = process.communicate(timeout=60)
    return process.returncode, out, err


@POSIX
@pytest.mark.parametrize(
    ("number", "status", "sentence"),
    [
        (signal.SIGINT, 130, "Interrupted: all is kept.\n"),
        (signal.SIGTERM, 143, "Ended by SIGTERM: all is kept.\n"),
        (signal.SIGHUP, 129, "Ended by SIGHUP: all is kept.\n"),
    ],
)
def test_a_signal_ends_whatever_swallows_exceptions(
    tmp_path: Path, number: int, status: int, sentence: str
) -> None:
    with started(STUBBORN, tmp_path) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        sent = time.monotonic()
        process.send_signal(number)
        process.wait(timeout=60)
        assert time.monotonic() - sent < 2
        assert process.stderr is not None and process.stderr.readline() == sentence
    assert process.returncode == status
    assert list(tmp_path.iterdir()) == []


@POSIX
def test_compiled_code_that_holds_the_main_thread_is_left(tmp_path: Path) -> None:
    # An SQL query of some hours, in one call.
    busy = """
def main():
    import sqlite3
    print("ready", flush=True)
    sqlite3.connect(":memory:").execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
ending.process(main)
"""
    with started(busy, tmp_path) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        time.sleep(0.1)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert time.monotonic() - sent < 2
    assert (process.returncode, said) == (130, "Interrupted: all is kept.\n")


@POSIX
def test_an_ignored_signal_stays_ignored(tmp_path: Path) -> None:
    code = """
import os, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
def main():
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.3)
    print("done")
    return 0
sys.exit(ending.process(main))
"""
    assert finished(code, tmp_path) == (0, "done\n", "")


@POSIX
@pytest.mark.parametrize("kind", ["fork", "spawn"])
def test_workers_end_with_the_command_and_print_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "run.py").write_text(f"""{BEGIN}
import multiprocessing
from multiprocessing import resource_tracker
from concurrent.futures import ProcessPoolExecutor
from dlnlp.pool import end_with_parent
def main():
    if {kind!r} == "spawn":
        resource_tracker.ensure_running()
        ending.shield_workers()
    with ProcessPoolExecutor(2, multiprocessing.get_context({kind!r}), end_with_parent) as pool:
        list(pool.map(abs, range(4)))
        waiting = [pool.submit(time.sleep, 60) for _ in range(4)]
        print("ready", flush=True)
        waiting[0].result()
if __name__ == "__main__":
    sys.exit(ending.process(main))
""")
    with subprocess.Popen(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore:resource_tracker"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        # Until the workers have ended, too: they hold the stream.
        _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (130, "Interrupted: all is kept.\n")


def test_an_exchange_of_names_is_not_interrupted(tmp_path: Path) -> None:
    code = """
import os, signal, threading
def main():
    with temporary.exchange:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.3)
        Path("whole").write_text("")
    time.sleep(60)
ending.process(main)
"""
    status, _, said = finished(code, tmp_path)
    assert (status, said) == (143, "Ended by SIGTERM: all is kept.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_errors_after_a_signal_are_its_doing(tmp_path: Path) -> None:
    code = """
import os, signal
slow = ending.temporary.remove_all
ending.temporary.remove_all = lambda: time.sleep(0.5)
def main():
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.1)
    ending.say("the folder has gone")
    return 1
sys.exit(ending.process(main))
"""
    assert finished(code, tmp_path) == (143, "", "Ended by SIGTERM: all is kept.\n")


@POSIX
@pytest.mark.parametrize("closed", [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_files(tmp_path: Path, closed: str) -> None:
    code = """
def main():
    with open("data", "w") as file:
        file.write("data")
        file.flush()
        print("results")
        print("errors", file=sys.stderr, flush=True)
        import os
        for number in (1, 2):
            os.write(number, b"noise of a library")
    assert sys.stdin.read() == ""
    return 0
sys.exit(ending.process(main))
"""
    (tmp_path / "run.py").write_text(BEGIN + code)
    done = subprocess.run(
        f"'{sys.executable}' run.py </dev/null {closed}",
        shell=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data").read_text() == "data"


@POSIX
@pytest.mark.parametrize("printed", ["print('x' * 200_000)", "print('x')"])
def test_a_reader_that_has_gone_is_no_complaint(tmp_path: Path, printed: str) -> None:
    code = f"""
def main():
    sys.stdin.read()
    {printed}
    return 0
sys.exit(ending.process(main))
"""
    with started(code, tmp_path, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None and process.stdin
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == ""
    assert process.returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux")
def test_a_full_standard_output_is_one_sentence(tmp_path: Path) -> None:
    code = "sys.stdout = open('/dev/full', 'w')\nsys.exit(ending.process(lambda: print('x') or 0))"
    status, _, said = finished(code, tmp_path)
    assert (status, said) == (
        1, "standard output cannot be written (No space left on device).\n"
    )  # fmt: skip
