#!/usr/bin/env python3
"""The one command of README: sets itself up in .venv, then runs, checks, tests, measures, locks.

Standard library only; nothing is written outside the checkout (pip's own cache aside).
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

MIN_PYTHON = (3, 11)
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps.json"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = str(BIN / ("python.exe" if WINDOWS else "python"))
BASE, DEV = "requirements.lock", "requirements-dev.lock"
BENCH, UV = "requirements-bench.lock", "requirements-uv.lock"
PACKAGING = "requirements-packaging.lock"
SAMPLE = "examples/printsmith_connector/connector.py"
LOCKS = {  # what uv makes each from
    BASE: ["pyproject.toml"],
    DEV: ["--group", "dev", "-c", BASE],
    BENCH: ["--group", "bench", "-c", BASE],
    PACKAGING: ["--group", "packaging", "-c", BASE],
    UV: ["--group", "uv"],
}
# What Python itself must be able to import, and the Debian package that brings it.
WORKERS = ["-n", "2"]  # tests side by side; more would only compete for a small machine
DEBIAN_PACKAGES = {"ensurepip": f"python3.{sys.version_info[1]}-venv"}
QT_LIBRARIES = {  # what Qt's wheels load and do not contain; the first seven without a display too
    "libglib-2.0.so.0": "libglib2.0-0",
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
CHECKS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy", "--strict", "app", "dev.py", "packaging", SAMPLE],
    "lint-imports": [str(BIN / "lint-imports"), "--no-logo"],
}
HELP = """commands:
  run [ARGS...]    start Backhaul: without ARGS the demonstration (python -m app demo),
                   else python -m app ARGS; file names are relative to where you are
  test [ARGS...]   ruff check, ruff format, mypy, lint-imports, pytest; ARGS go to pytest,
                   relative to the checkout; --battery runs the long batteries too
  check            the same without pytest
  bench [NAME]     the benchmarks, or the one called NAME (further ARGS go to it)
  screenshots [--out FOLDER] [--only PART] [--scale 1|2] [--docs]
                   every state of every page as pictures, light and dark, in build/screenshots;
                   fails on cut text, overlapping widgets and errors; --docs: those of README
  package          the program as a folder in dist, and on Debian as a .deb
  lock [ARGS...]   make the requirements*.lock files anew; ARGS go to uv (--upgrade)

Each command first sets up what it needs in .venv: once, and again when a lock has changed.
"""


class SetUpError(Exception):
    """The set-up cannot go on; the text says what to do."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def fingerprint(lock: str) -> str:
    """What an installed lock depends on: its text, this Python, this folder, what Qt needs."""
    place = f"{sys.implementation.cache_tag}|{sys.base_prefix}|{VENV}|"  # 3.x.y may change
    place += " ".join(QT_LIBRARIES)  # the system is probed only when .venv is made
    return hashlib.sha256(place.encode() + (ROOT / lock).read_bytes()).hexdigest()


def load_stamps() -> dict[str, str]:
    """Fingerprints of the locks installed completely; none at all: .venv is unfinished."""
    try:
        stamps: dict[str, str] = json.loads(STAMPS.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps


def set_up(*locks: str) -> None:
    """Make .venv hold these locks; at once when it does already."""
    wanted = {lock: fingerprint(lock) for lock in locks}
    if load_stamps().items() >= wanted.items():
        return
    with only_one_set_up() as guard:
        stamps = load_stamps()
        if stamps.items() >= wanted.items():
            return
        start = time.monotonic()
        say(f"Setting up {VENV} (once; the next start skips this)")
        current = {lock: fingerprint(lock) for lock in LOCKS}
        whole = bool(stamps) and stamps.items() <= current.items()
        # No stamps from here on: a set-up that is stopped half-way begins with a new .venv.
        STAMPS.unlink(missing_ok=True)
        if not whole:
            stamps = {}
            create_venv(guard)
        for lock in locks:
            if lock not in stamps:
                install(lock, guard)
        unfinished = STAMPS.with_suffix(".new")
        unfinished.write_text(json.dumps(stamps | wanted, indent=1), "utf-8")
        unfinished.replace(STAMPS)
        say(f"  ready after {time.monotonic() - start:.0f} s")


@contextlib.contextmanager
def only_one_set_up() -> Iterator[int]:
    """Wait until no other set-up works here; yields the descriptor that holds the lock."""
    try:
        file = (ROOT / ".venv.lock").open("a")
    except OSError as error:
        raise SetUpError(
            f"{ROOT} is not writable ({error.strerror}): use a copy that is"
        ) from error
    with file:
        waiting = False
        while not try_lock(file.fileno()):
            if not waiting:
                say("Another set-up is at work in this folder; waiting for it")
            waiting = True
            time.sleep(0.2)
        yield file.fileno()


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def create_venv(guard: int) -> None:
    ensure_system_packages(guard)
    if VENV.exists():
        say("  removing the old or unfinished .venv")
        shutil.rmtree(VENV)
    # The Python beneath: dev.py may have been started with the .venv that was just removed.
    python = getattr(sys, "_base_executable", sys.executable)
    title = f"create .venv with Python {sys.version.split()[0]}"
    step(title, [python, "-m", "venv", str(VENV)], guard)


def install(lock: str, guard: int) -> None:
    pip = [PYTHON, "-m", "pip", "install", "--require-hashes", "--only-binary", ":all:"]
    pip += ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "-r", lock]
    hint = "If the network is missing or needs a proxy, mend that (pip config), then start again."
    step(f"install {lock}", pip, guard, hint)


def lacking() -> dict[str, str]:
    """What this machine lacks, each with the Debian package that brings it."""
    lacks = {k: v for k, v in DEBIAN_PACKAGES.items() if importlib.util.find_spec(k) is None}
    if sys.platform == "linux" and shutil.which("apt-get"):  # elsewhere Qt may find them its way
        lacks |= {k: v for k, v in QT_LIBRARIES.items() if not loads(k)}
        if not any(any(folder.rglob("*.[ot]t[cf]")) for folder in FONT_FOLDERS):
            lacks["a font"] = "fonts-dejavu-core"
    return lacks


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def ensure_system_packages(guard: int) -> None:
    """Install the Debian packages that are missing, when we may; else say how."""
    missing = lacking()
    if not missing:
        return
    packages = " ".join(missing.values())
    lack = f"This machine (with {sys.executable}) lacks {', '.join(missing)}"
    if not shutil.which("apt-get"):
        raise SetUpError(f"{lack}: install it (Debian calls it {packages}) and start again")
    apt = f"apt-get install -y --no-install-recommends {packages}"
    root = administrator()
    if root is None:
        by_hand = f"sudo {apt}" if shutil.which("sudo") else f"su -c {shlex.quote(apt)}"
        raise SetUpError(f"{lack}. Install that, then start again:\n  {by_hand}")
    script = f"export DEBIAN_FRONTEND=noninteractive; apt-get update; {apt}"
    step(f"install {packages}", [*root, "sh", "-c", script], guard)
    importlib.invalidate_caches()
    if still := lacking():
        also = f"It lacks {', '.join(still)} even now"
        raise SetUpError(f"{also}: start dev.py with Debian's own python3")


def administrator() -> list[str] | None:
    """What to put before a command to run it as root; None: we may not."""
    if sys.platform != "win32" and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    may = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if sudo and may and may.returncode == 0 else None


def step(title: str, argv: list[str], guard: int, hint: str = "") -> None:
    """Run one step of the set-up quietly; when it fails, show the end of what it said."""
    start = time.monotonic()
    say(f"  {title} ...")
    done = subprocess.run(
        argv,
        cwd=ROOT,
        # Held by the child too: if only dev.py is killed, the next start waits for the child.
        pass_fds=() if WINDOWS else (guard,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        last = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-15:])
        raise SetUpError(
            f"could not {title} (exit status {done.returncode})\n{last}\n{hint}".strip()
        )
    say(f"  {title}: {time.monotonic() - start:.0f} s")


def call(argv: list[str], cwd: Path | None = ROOT) -> int:
    """Run in the foreground; Ctrl-C reaches the child, which then ends by itself."""
    with subprocess.Popen(argv, cwd=cwd) as child:
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def run(arguments: list[str]) -> int:
    """Become the program: on POSIX its process id is the one the caller sees."""
    set_up(BASE)
    # -P and PYTHONPATH: the app of this checkout, whatever lies in the caller's folder.
    argv = [PYTHON, "-P", "-m", "app", *(arguments or ["demo"])]
    if not WINDOWS:
        os.execv(PYTHON, argv)
    return call(argv, cwd=None)


def check(_arguments: list[str]) -> int:
    return run_all(CHECKS)


def test(arguments: list[str]) -> int:
    return run_all({**CHECKS, "pytest": [PYTHON, "-m", "pytest", *WORKERS, *arguments]})


def run_all(checks: dict[str, list[str]]) -> int:
    """Run every one, whatever fails; 1 if any did."""
    set_up(BASE, DEV)
    summary, failed = [], []
    for name, argv in checks.items():
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        word = "ok" if call(argv) == 0 else "FAILED"
        summary.append(f"{name:12}  {word:6}  {time.monotonic() - start:5.1f} s")
        if word == "FAILED":
            failed.append(name)
    print("\n== summary", *summary, sep="\n")
    print(f"FAILED: {', '.join(failed)}" if failed else f"All {len(checks)} passed.", flush=True)
    return 1 if failed else 0


def bench(arguments: list[str]) -> int:
    scripts = {file.stem: str(file) for file in sorted((ROOT / "benchmarks").glob("[!_]*.py"))}
    names = arguments[:1] or list(scripts)
    if not names or names[0] not in scripts:
        say(f"Benchmarks: {', '.join(scripts) or 'none yet'}")
        return 2
    set_up(BASE, BENCH)
    return max(call([PYTHON, scripts[name], *arguments[1:]]) for name in names)


def screenshots(arguments: list[str]) -> int:
    set_up(BASE, DEV)
    return call([PYTHON, "-P", "-m", "tests.screens", *arguments], cwd=None)


def package(arguments: list[str]) -> int:
    set_up(BASE, PACKAGING)
    return call([PYTHON, str(ROOT / "packaging" / "package.py"), *arguments])


def lock(arguments: list[str]) -> int:
    set_up(UV)
    pip = [PYTHON, "-m", "pip", "config", "get", "global.index-url"]
    index = subprocess.run(pip, capture_output=True, text=True, check=False).stdout.strip()
    if index:  # uv does not read pip's settings
        os.environ.setdefault("UV_DEFAULT_INDEX", index)
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "python3 dev.py lock"
    options = "--quiet --universal --python-version 3.11 --generate-hashes --only-binary :all:"
    compiler = [str(BIN / "uv"), "pip", "compile", *options.split(), "--no-emit-index-url"]
    return max(call([*compiler, *arguments, *made[1], "-o", made[0]]) for made in LOCKS.items())


def main(argv: list[str]) -> int:
    commands = {"run": run, "test": test, "check": check, "bench": bench}
    commands |= {"screenshots": screenshots, "package": package, "lock": lock}
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("dev.py", None, __doc__, HELP, formatter_class=raw)
    parser.add_argument("command", choices=commands, help="see below")
    name = parser.parse_args(argv[:1]).command
    if name != "run" and {"-h", "--help"} & set(argv[1:]):
        parser.print_help()
        return 0
    if sys.version_info[:2] < MIN_PYTHON:
        version = sys.version.split()[0]
        raise SetUpError(f"Backhaul needs Python 3.11 or newer; {sys.executable} is {version}")
    os.environ["PYTHONPATH"] = str(ROOT)
    return commands[name](argv[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (SetUpError, OSError) as problem:
        say(f"dev.py: {problem}")
        sys.exit(1)
    except KeyboardInterrupt:
        say("dev.py: stopped")
        sys.exit(130)
