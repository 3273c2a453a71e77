"""The files of the component: which they are, their version, and what the browser must find in them.

In:    the folder `files`.
Out:   `VERSION`, which changes with any of them; `PLOTLY`, the pinned drawing library with its hash.
Never: anything from the internet.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

FOLDER = Path(__file__).with_name("files")
# npm plotly.js-cartesian-dist-min 4.1.1, the plotly.js of the Python package that checks the figures in the tests.
# The browser refuses the file if it does not have this hash.
PLOTLY = {
    "file": "plotly-cartesian-4.1.1.min.js",
    "integrity": "sha384-zc4SwKObGL/W0M3RUI09UPWjlgIZHfbwMgcZO6713mRh78tfUmIQKhzCyE2LIiUg",
}


def _version() -> str:
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


VERSION = _version()
