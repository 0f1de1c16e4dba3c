"""Builds what `make run` and `make test` need: environment, packages, front end, translations.

Runs on a bare Python 3.11-3.13 with nothing installed. Each step remembers a digest of what it was made from, so that a second
run only compares. Writes inside the project only, package managers' caches excepted.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
DONE = VENV / "academy-setup.json"
BUSY = VENV / "academy-setup.busy"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
TRANSLATIONS = ROOT / "academy" / "translations"
OLDEST_NPM = 7  # reads lock files of version 3


class SetupError(Exception):
    """A step failed; the text says what to do."""


@dataclass(frozen=True)
class Step:
    """One thing to build: `made_from` gives the files whose content decides, `made` what must exist afterwards."""

    name: str
    title: str
    made_from: tuple[Path, ...]
    made: tuple[Path, ...]
    build: Callable[[], str]

    def digest(self) -> str:
        return digest(self.made_from)


def digest(paths: Iterable[Path]) -> str:
    """Return a digest of the names and contents of `paths`."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "absent"
        total.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return total.hexdigest()


def environment() -> dict[str, str]:
    """Return the environment for package managers: no other Python, usable caches, the machine's own certificates."""
    values = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    values.pop("PYTHONDONTWRITEBYTECODE", None)  # else every start compiles all packages again
    values.pop("VIRTUAL_ENV", None)
    if CERTIFICATES.exists():  # a network with its own certificate authority: the system knows it, bundled lists do not
        values.setdefault("UV_SYSTEM_CERTS", "true")
        values.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    home = Path(values.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK):  # a system user: keep the caches beside the environment
        caches = VENV / "cache"
        values["HOME"] = str(caches)
        caches.mkdir(parents=True, exist_ok=True)
    return values


def call(*command: str | Path, path_first: Path | None = None) -> None:
    """Run `command` quietly. Raises SetupError with the end of what it said when it fails."""
    values = environment()
    if path_first is not None:
        values["PATH"] = f"{path_first}{os.pathsep}{values.get('PATH', os.defpath)}"
    done = subprocess.run(  # noqa: S603 - fixed words, no outside input
        [str(word) for word in command], cwd=ROOT, env=values, check=False, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        said = "\n".join(done.stdout.strip().splitlines()[-15:])
        reason = f"{Path(command[0]).name} ended with code {done.returncode}:\n{said}"
        raise SetupError(reason)


def install(*lock_files: str) -> str:
    """Install exactly what the lock files name, checked by hash: with uv, else with pip."""
    wanted = [word for name in lock_files for word in ("-r", name)]
    try:
        call(UV, "pip", "install", "--python", PYTHON, "--require-hashes", "--compile-bytecode", *wanted)
    except (SetupError, OSError) as reason:
        progress(f"uv could not ({str(reason).splitlines()[-1][:90]}); pip tries, which takes longer")
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", *wanted)
        return "with pip"
    return ""


def make_environment() -> str:
    """Make .venv, unless the one that is there works."""
    if not environment_works():
        base = getattr(sys, "_base_executable", sys.executable)  # we may run on the very .venv that is being replaced
        call(base, "-m", "venv", "--clear", VENV)
    version = subprocess.run(  # noqa: S603 - our own interpreter
        [PYTHON, "-c", "import platform; print(platform.python_version())"], check=True, capture_output=True, text=True,
    )
    return f"Python {version.stdout.strip()}"


def environment_works() -> bool:
    """Tell whether .venv runs from this folder (a copied one does not) with a Python we support and pip."""
    probe = (
        "import sys, pathlib, pip;"
        f"sys.exit(not ((3, 11) <= sys.version_info < (3, 14) and pathlib.Path(sys.prefix) == pathlib.Path({str(VENV)!r})))"
    )
    try:
        done = subprocess.run([PYTHON, "-c", probe], check=False, capture_output=True)  # noqa: S603 - our own interpreter
    except OSError:
        return False
    script = VENV / "bin" / "pip"
    return done.returncode == 0 and script.exists() and str(VENV) in script.read_text()[:500]


def install_uv() -> str:
    """Install uv, ten times as fast as pip; without it pip does the work."""
    try:
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-setup.lock")
    except SetupError:
        return "not available, pip does the work"
    return ""


def install_project() -> str:
    call(PYTHON, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    call(PYTHON, "-m", "compileall", "-q", "academy")
    return ""


def build_assets() -> str:
    """Build the files for the browser; Node comes with pip where the machine has none."""
    own_node = npm_works(VENV / "bin" / "npm")
    from_pip = not own_node and not npm_works(shutil.which("npm"))
    if from_pip:
        progress("no npm on this machine: Node comes with pip, about 60 MB")
        install("requirements-node.lock")
    call(PYTHON, "tools/assets.py", path_first=VENV / "bin" if own_node or from_pip else None)
    return "with Node from pip" if own_node or from_pip else ""


def npm_works(npm: str | Path | None) -> bool:
    """Tell whether `npm` runs and is new enough; a shim may exist and fail."""
    if npm is None:
        return False
    try:
        done = subprocess.run(  # noqa: S603 - a program that PATH names
            [npm, "--version"], check=False, capture_output=True, text=True, cwd=ROOT, env=environment(),
        )
    except OSError:
        return False
    major = done.stdout.strip().split(".")[0]
    return done.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM


def compile_translations() -> str:
    call(PYTHON, "-m", "tools.translate", "compile")
    return ""


def files_under(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in folder.rglob("*") if path.is_file())


def steps(purpose: str) -> list[Step]:
    """Return what must be built for `purpose`: run or test."""
    lock_file = "requirements-dev.lock" if purpose == "test" else "requirements.lock"
    catalogues = tuple(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))
    assets = ROOT / "tools" / "assets.py"
    return [
        Step("environment", "Python environment in .venv", (), (PYTHON,), make_environment),
        Step("uv", "Installer uv", (ROOT / "requirements-setup.lock",), (), install_uv),
        Step(lock_file, f"Packages of {lock_file}", (ROOT / lock_file,), (), lambda: install(lock_file)),
        Step("project", "AD Academy itself", (ROOT / "pyproject.toml",), (VENV / "bin" / "academy",), install_project),
        Step(
            "assets", "Style sheets, font and scripts",
            (ROOT / "package.json", ROOT / "package-lock.json", assets, *files_under(ROOT / "academy/static/src")),
            (ROOT / "academy" / "static" / "build" / "manifest.json",), build_assets,
        ),
        Step(
            "translations", "Translations", (ROOT / "tools" / "translate.py", *catalogues),
            tuple(path.with_suffix(".mo") for path in catalogues), compile_translations,
        ),
    ]


def remembered() -> dict[str, Any]:
    try:
        found = json.loads(DONE.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(name: str, value: str) -> None:
    DONE.write_text(json.dumps({**remembered(), name: value}, indent=2) + "\n")


def is_done(step: Step, done: dict[str, Any]) -> bool:
    return done.get(step.name) == step.digest() and all(path.exists() for path in step.made)


def satisfied(step: Step, done: dict[str, Any]) -> bool:
    """Tell whether `step` needs no work; the tests' packages include those that run the platform."""
    if is_done(step, done):
        return True
    if step.name != "requirements.lock":
        return False
    tests = next(other for other in steps("test") if other.name == "requirements-dev.lock")
    return is_done(tests, done) and done.get("requirements.lock within dev") == step.digest()


def progress(text: str) -> None:
    sys.stdout.write(f"\r\033[K      {text}\n" if sys.stdout.isatty() else f"      {text}\n")
    sys.stdout.flush()


@contextmanager
def ticking(line: str) -> Iterator[None]:
    """Show `line` with the seconds that pass, so that a slow network is not taken for a hang."""
    stop = threading.Event()
    begun = time.monotonic()

    def tick() -> None:
        while not stop.wait(1):
            sys.stdout.write(f"\r\033[K{line} {time.monotonic() - begun:.0f} s ")
            sys.stdout.flush()

    thread = threading.Thread(target=tick, daemon=True)
    sys.stdout.write(line if sys.stdout.isatty() else f"{line}\n")
    if sys.stdout.isatty():
        thread.start()
    sys.stdout.flush()
    try:
        yield
    finally:
        stop.set()
        if thread.is_alive():
            thread.join()


def build(step: Step, line: str) -> None:
    begun = time.monotonic()
    with ticking(line):
        remark = step.build()
    remember(step.name, step.digest())
    if step.name == "requirements-dev.lock":
        remember("requirements.lock within dev", digest([ROOT / "requirements.lock"]))
    detail = f"{remark}, " if remark else ""
    end = f"({detail}{time.monotonic() - begun:.1f} s)"
    sys.stdout.write(f"\r\033[K{line} {end}\n" if sys.stdout.isatty() else f"      done {end}\n")
    sys.stdout.flush()


def set_up(purpose: str) -> None:
    """Build what `purpose` lacks."""
    if BUSY.exists() or not environment_works():  # a killed build may have left half a package
        shutil.rmtree(VENV, ignore_errors=True)
    plan = steps(purpose)
    done = remembered()
    for number, step in enumerate(plan, start=1):
        if satisfied(step, done):
            continue
        if VENV.exists():
            BUSY.touch()
        try:
            build(step, f"[{number}/{len(plan)}] {step.title}")
        except SetupError:
            BUSY.unlink(missing_ok=True)  # the package managers cleaned up after themselves
            raise
        BUSY.unlink(missing_ok=True)


def main() -> int:
    purpose = sys.argv[1] if sys.argv[1:] else "run"
    with Path(__file__).open() as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stdout.write("Another set-up is at work here; waiting for it.\n")
            fcntl.flock(own, fcntl.LOCK_EX)
        try:
            set_up(purpose)
        except (SetupError, OSError) as reason:
            sys.stderr.write(f"\nSet-up stopped. {reason}\nCheck the network and the free disk space, then give the same command again.\n")
            return 1
        except KeyboardInterrupt:
            sys.stderr.write("\nSet-up interrupted; the same command starts it again.\n")
            return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
