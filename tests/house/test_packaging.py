"""What is shipped is whole, and what is installed is pinned."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
VENDOR = "charlton_intranet/static/vendor"


def committed(*folders: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, check=True, capture_output=True)
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        yield archive


def test_the_wheel_carries_every_module_migration_template_and_static_file(wheel: zipfile.ZipFile) -> None:
    modules = committed("charlton_intranet")
    resources = [f"charlton_intranet/{name}" for name in committed("templates", "static")]
    assert any("/migrations/0001" in name for name in modules)
    assert any("/templates/" in name for name in resources)
    assert set(modules + resources) <= set(wheel.namelist())


def test_the_wheel_carries_the_front_end_assets(wheel: zipfile.ZipFile) -> None:
    manifest = json.loads(wheel.read(f"{VENDOR}/manifest.json"))
    assert {"htmx.js", "uswds.css", "uswds.js", "uswds-init.js", "sprite.svg"} <= set(manifest)
    assert {f"{VENDOR}/{name}" for name in manifest.values()} <= set(wheel.namelist())
    assert b'version:"2.0.11"' in wheel.read(f"{VENDOR}/{manifest['htmx.js']}")


def test_the_stylesheet_refers_only_to_files_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    # Anything else, data: addresses too, the content security policy would block.
    manifest = json.loads(wheel.read(f"{VENDOR}/manifest.json"))
    stylesheet = wheel.read(f"{VENDOR}/{manifest['uswds.css']}").decode()
    references = set(re.findall(r"url\(([^)]+)\)", stylesheet))
    assert any(name.endswith(".woff2") for name in references)
    assert {f"{VENDOR}/{name}" for name in references} <= set(wheel.namelist())


def test_the_installed_wheel_finds_its_own_templates_and_starts(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    script = (
        "from importlib.metadata import entry_points\n"
        "from charlton_intranet.core.resources import folder\n"
        "(script,) = entry_points(group='console_scripts', name='charlton-intranet')\n"
        "assert callable(script.load())\n"
        "print(folder('templates'), folder('static'), sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    started = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert started.stderr == ""
    installed = tmp_path / "charlton_intranet"
    assert started.stdout.splitlines() == [str(installed / "templates"), str(installed / "static")]


def test_no_committed_file_names_a_registry() -> None:
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
    ]
    texts = {name: (ROOT / name).read_bytes().lower() for name in committed()}
    assert len(texts) > len(LOCKS)
    assert [name for name, text in texts.items() if any(host.encode() in text for host in hosts)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_is_pinned_by_hash_and_from_no_named_place(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(packages) > 1
    pinned = re.compile(r"[\w.\[\],-]+==\S+( +;[^#]+?)?( +--hash=sha256:[0-9a-f]{64})+ *")
    assert [line for line in packages if not pinned.fullmatch(line)] == []


def test_the_locks_hold_every_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    declared = {
        "runtime": project["project"]["dependencies"],
        "build": groups["build"],
        "dev": [
            *project["project"]["dependencies"],
            *(entry for group in groups.values() for entry in group if isinstance(entry, str)),
        ],
    }
    assert set(declared) == {lock.stem for lock in LOCKS}
    for lock in LOCKS:
        locked = set(re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))
        assert {canonicalize_name(Requirement(entry).name) for entry in declared[lock.stem]} <= locked


def test_the_front_end_lock_pins_by_hash_and_from_no_named_place() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]  # our own
    assert {"node_modules/htmx.org", "node_modules/@uswds/uswds"} <= set(packages)
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package
