"""The text readers under atheris, which looks for bytes that take a way through the code that none took before."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.deploy.tools import ROOT, TOOLS
from tests.unit.listings.samples import SAMPLES
from tests.unit.uploads import sound_rows, text_of

ATHERIS = "atheris==3.0.0"
RUNS, LONGEST_BYTES = 4_000, 3_000


def test_any_bytes_end_in_rows_or_in_an_error_of_ours(tmp_path: Path) -> None:
    folder = TOOLS / "atheris"
    if not folder.exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, ATHERIS], check=True
        )
    for at, sample in enumerate(SAMPLES):
        for kind in (b"r", b"\0"):
            (tmp_path / f"{at}{kind[0]}").write_bytes(kind + sample.data)
    (tmp_path / "history").write_bytes(b"h" + text_of(sound_rows(count=6)).encode())
    limits = [f"-runs={RUNS}", "-seed=1", f"-max_len={LONGEST_BYTES}", "-timeout=60", "-rss_limit_mb=1500"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.deploy.fuzz_lists", tmp_path, *limits, f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"Done {RUNS} runs" in done.stderr
