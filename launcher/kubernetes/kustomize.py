"""What renders the manifests: kustomize 5, or kubectl with one inside; brought when missing."""

import subprocess
import tempfile
from pathlib import Path

from launcher import packages
from launcher.failures import EnvironmentFailure, ProcessFailure
from launcher.settings import ROOT, Settings

MANIFESTS = ROOT / "deploy" / "k8s"

_PROBE = """\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
labels:
  - pairs: {a: b}
    includeTemplates: true
"""
_USER = """\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
components: [probe]
configMapGenerator:
  - {name: probe, literals: [a=b]}
"""
# The first Debian that has kustomize; its program needs no library of that release.
_SUITE, _SINCE = "trixie", 13
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def acquire(settings: Settings) -> tuple[str, ...]:
    """Return the command that renders a directory, brought in private when there is none."""
    private = packages.Private(settings.home / "kustomize", sources=_sources())
    candidates = [
        ("kustomize", "build"),
        ("kubectl", "kustomize"),
        (str(private.tree / "usr" / "bin" / "kustomize"), "build"),
    ]
    for command in candidates:
        if _suits(command):
            return command
    if not packages.available():
        raise EnvironmentFailure("Install kustomize 5, or kubectl 1.27 or newer.")
    private.refresh()
    private.unpack(["kustomize"], with_dependencies=False)
    return candidates[-1]


def render(command: tuple[str, ...], directory: Path) -> str:
    """Return the manifests of an overlay."""
    attempt = _run(command, directory)
    if attempt.returncode:
        raise ProcessFailure(f"{directory} cannot be rendered:\n{attempt.stderr.strip()}")
    return attempt.stdout


def _suits(command: tuple[str, ...]) -> bool:
    """Tell whether a command is there and knows components; Debian's tells no version."""
    if not packages.present(command[0]):
        return False
    with tempfile.TemporaryDirectory() as directory:
        for path, text in (("kustomization.yaml", _USER), ("probe/kustomization.yaml", _PROBE)):
            file = Path(directory, path)
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return _run(command, Path(directory)).returncode == 0


def _run(command: tuple[str, ...], directory: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, str(directory)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _sources() -> str | None:
    """Return apt's line for a release that has kustomize, where this machine's own has none."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return None
    system = dict(line.replace('"', "").split("=", 1) for line in lines if "=" in line)
    release = system.get("VERSION_ID", "")
    if system.get("ID") != "debian" or not release.isdigit() or int(release) >= _SINCE:
        return None
    archive = _archive(system["VERSION_CODENAME"])
    if archive is None:
        return None
    trust = f"[signed-by={_KEYRING}] " if _KEYRING.exists() else ""
    return f"deb {trust}{archive} {_SUITE} main\n"


def _archive(release: str) -> str | None:
    """Return the address from which this machine gets its own packages, as far as it tells."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"]
    attempt = subprocess.run(command, capture_output=True, text=True, check=False)
    listed = (line.rpartition(" ") for line in attempt.stdout.splitlines())
    return next((uri for uri, _, name in listed if name == release), None)
