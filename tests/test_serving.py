"""The files that put several processes behind one address agree, and HAProxy can read its own."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONFIGURATION = ROOT / "serving" / "haproxy.cfg"
HAPROXY = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")


def test_compose_names_what_the_proxy_reads_from_the_environment() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    read = set(re.findall(r"\$\{(DLNLP_\w+)", CONFIGURATION.read_text(encoding="utf-8")))
    assert read == set(re.findall(r"^ +(DLNLP_\w+):", compose, re.MULTILINE))
    for number in range(1, 5):
        assert f"\n  app{number}: *app\n" in compose
        assert f"DLNLP_APP{number}: app{number}:8501\n" in compose


@pytest.mark.skipif(
    HAPROXY is None, reason="HAProxy is not installed; on Debian: apt-get install haproxy"
)
def test_haproxy_accepts_its_configuration() -> None:
    command = [str(HAPROXY), "-c", "-f", str(CONFIGURATION)]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    assert "WARNING" not in checked.stderr
