"""Writes requirements*.lock: names, versions and hashes for Python 3.11-3.13, without addresses.

`python -m tools.lock` keeps what is locked already where it still fits; `--upgrade` takes the newest.
"""

from __future__ import annotations

import subprocess
import sys

from tools.setup import ROOT, UV, environment

FLAGS = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
# The packages of the tests are locked around those that run the platform, so that both lists agree.
LOCKS = {
    "requirements.lock": ("pyproject.toml",),
    "requirements-dev.lock": ("pyproject.toml", "--extra", "dev", "--constraints", "requirements.lock"),
    "requirements-setup.lock": ("--group", "setup"),
    "requirements-node.lock": ("--group", "node"),
    "requirements-pgserver.lock": ("--group", "pgserver"),
}


def main() -> int:
    for name, source in LOCKS.items():
        command = [str(UV), "pip", "compile", *source, *FLAGS, "--output-file", name, *sys.argv[1:]]
        subprocess.run(command, cwd=ROOT, env=environment(), check=True)  # noqa: S603 - fixed words and the developer's own
        text = (ROOT / name).read_text()
        if "://" in text or "file:" in text:
            sys.stderr.write(f"{name} holds an address; it must not be committed.\n")
            return 1
        sys.stdout.write(f"{name}: {text.count('==')} packages\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
