"""The compose file and the image keep what docs/deploying.md promises of them."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import yaml

from launcher import compose
from launcher.credentials import BROKER_USERS, Credentials
from launcher.settings import DATABASES, ROOT, SERVICES, Settings

TEXT: Final = (ROOT / "docker-compose.yml").read_text()
FILE: Final[dict[str, Any]] = yaml.safe_load(TEXT)
CONTAINERS: Final[dict[str, dict[str, Any]]] = FILE["services"]
ONE_SHOTS: Final = {name for name, each in CONTAINERS.items() if each["restart"] == "no"}
LASTING: Final = sorted(CONTAINERS.keys() - ONE_SHOTS)
DOCKERFILE: Final = (ROOT / "deploy" / "docker" / "Dockerfile").read_text().splitlines()
SECRET_WORDS: Final = re.compile(r"PASSWORD|_KEY|_URI$|_URL$|TOKEN$|SECRET")
PUBLIC_ADDRESSES: Final = {"PUBLIC_URL", "DATA_SOURCE_URI"}
VARIABLE: Final = re.compile(r"\$\{(\w+)")

container = pytest.mark.parametrize("name", sorted(CONTAINERS))
lasting = pytest.mark.parametrize("name", LASTING)
one_shot = pytest.mark.parametrize("name", sorted(ONE_SHOTS))


def _conditions(name: str) -> dict[str, str]:
    return {
        other: wanted["condition"]
        for other, wanted in CONTAINERS[name].get("depends_on", {}).items()
    }


def test_the_one_shots_provide_declare_and_migrate_every_database() -> None:
    """Nothing else ends by itself, and no database is forgotten."""
    assert {
        "provision",
        "admit",
        "topology",
        *(f"migrate-{name}" for name in DATABASES),
    } == ONE_SHOTS


def test_what_the_launcher_waits_for_is_what_runs_for_good() -> None:
    """Without the profiles: what they add is watched by people."""
    assert {name for name in LASTING if "profiles" not in CONTAINERS[name]} == set(compose.SERVICES)


@lasting
def test_what_runs_for_good_tells_whether_it_is_ready(name: str) -> None:
    """`--wait` waits for exactly that."""
    assert CONTAINERS[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@lasting
def test_what_runs_for_good_comes_back(name: str) -> None:
    """After a crash and after the machine's own restart, but not against its owner's will."""
    assert CONTAINERS[name]["restart"] == "unless-stopped"


@one_shot
def test_a_one_shot_is_asked_for_nothing_but_its_end(name: str) -> None:
    """The image's check would ask for a page that it never opens."""
    assert CONTAINERS[name]["healthcheck"] == {"disable": True}


@container
def test_a_container_takes_no_more_than_its_share(name: str) -> None:
    """One that leaks ends alone."""
    assert {"mem_limit", "cpus", "pids_limit"} <= CONTAINERS[name].keys()


@container
def test_a_log_never_fills_the_disk(name: str) -> None:
    """Docker's own default keeps everything."""
    assert {"max-size", "max-file"} <= CONTAINERS[name]["logging"]["options"].keys()


@container
def test_a_container_can_change_nothing_of_its_image(name: str) -> None:
    """What comes in cannot stay."""
    assert CONTAINERS[name]["read_only"] is True


@container
def test_a_container_has_no_right_that_it_does_not_name(name: str) -> None:
    """Root in a container is less than root."""
    kept = CONTAINERS[name]
    assert kept["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in kept["security_opt"]


@container
def test_no_secret_stands_in_an_environment(name: str) -> None:
    """Whoever can list the containers reads it."""
    told = CONTAINERS[name].get("environment", {})
    secret = {each for each in told if SECRET_WORDS.search(each)} - PUBLIC_ADDRESSES
    assert {each for each in secret if not each.endswith("_FILE")} == set()


@container
def test_an_image_has_a_tag_that_stays(name: str) -> None:
    """What was tried is what runs."""
    tag = CONTAINERS[name]["image"].replace("${PLURALI_IMAGE:-plurali}", "").partition(":")[2]
    assert tag not in {"", "latest"}


@container
def test_a_port_is_open_to_this_machine_alone(name: str) -> None:
    """Whoever wants more says so, and puts a proxy with TLS in front."""
    published = CONTAINERS[name].get("ports", [])
    assert all(each.startswith(("127.0.0.1:", "${PLURALI_HOST:-127.0.0.1}:")) for each in published)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_way_out(name: str) -> None:
    """Personal data that somebody makes it send arrive nowhere."""
    assert CONTAINERS[name]["networks"] == ["inside"]
    assert FILE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", DATABASES)
def test_a_process_starts_on_its_schema_and_the_topology(name: str) -> None:
    """An event told before its queue exists would be refused."""
    done = "service_completed_successfully"
    assert _conditions(name) == {"topology": done, f"migrate-{name}": done}


@pytest.mark.parametrize("name", DATABASES)
def test_a_process_is_given_no_database_but_its_own(name: str) -> None:
    """Nor is a migration."""
    for user in (name, f"migrate-{name}"):
        given = [each for each in CONTAINERS[user]["secrets"] if each.endswith("_database_url")]
        assert given == [f"{name}_database_url"]


@pytest.mark.parametrize("name", BROKER_USERS)
def test_a_process_is_a_user_of_the_broker_that_nobody_else_is(name: str) -> None:
    """Each may do there what its own work takes."""
    given = [each for each in CONTAINERS[name]["secrets"] if each.endswith("_amqp_uri")]
    holders = [who for who, each in CONTAINERS.items() if given[0] in each.get("secrets", [])]
    assert (given, holders) == ([f"{name}_amqp_uri"], [name])


@pytest.mark.parametrize("name", BROKER_USERS)
def test_the_broker_is_told_the_user_that_a_process_will_be(name: str, tmp_path: Path) -> None:
    """With the rights that the one-machine stack and Kubernetes give it, and no tag."""
    directory = compose.write_secrets(Settings(home=tmp_path, engines=tmp_path), Credentials())
    told = json.loads((directory / "rabbitmq_definitions").read_text())
    rights = json.loads((ROOT / "deploy" / "rabbitmq" / "permissions.json").read_text())
    address = urlsplit((directory / f"{name}_amqp_uri").read_text())
    assert (address.username, address.hostname, address.path) == (name, "rabbitmq", "/plurali")
    assert [each["tags"] for each in told["users"] if each["name"] == name] == [""]
    for kind in ("permissions", "topic_permissions"):
        wanted = [each for each in rights[kind] if each["user"] == name]
        assert [each for each in told[kind] if each["user"] == name] == wanted


def test_only_the_broker_and_who_admits_to_it_know_its_users() -> None:
    """And nobody but the second can sign in as its administrator."""
    knowing = {
        secret: {who for who, each in CONTAINERS.items() if secret in each.get("secrets", [])}
        for secret in ("rabbitmq_definitions", "administrator_rabbitmq_api")
    }
    assert knowing == {
        "rabbitmq_definitions": {"rabbitmq", "admit"},
        "administrator_rabbitmq_api": {"admit"},
    }


def test_only_intake_can_open_tax_codes() -> None:
    """Its key is in no other container."""
    assert [
        name for name, each in CONTAINERS.items() if "intake_key" in each.get("secrets", [])
    ] == ["intake"]


def test_every_database_is_provided() -> None:
    """Each with the address that its process will use."""
    provision = CONTAINERS["provision"]
    assert provision["command"] == ["chassis.provision", *DATABASES]
    assert {f"{name.upper()}_DATABASE_URL_FILE" for name in DATABASES} <= set(
        provision["environment"]
    )


def test_one_container_alone_builds_the_image() -> None:
    """Built for each anew, it would take as many times as long; everybody waits for this one."""
    assert [name for name, each in CONTAINERS.items() if "build" in each] == ["provision"]


def test_a_container_is_given_only_secrets_that_are_declared() -> None:
    """And each declared one is given to somebody."""
    given = {each for kept in CONTAINERS.values() for each in kept.get("secrets", [])}
    assert given == set(FILE["secrets"])


def test_every_secret_is_written_by_the_launcher(tmp_path: Path) -> None:
    """In the place of a file that is missing, Docker would make a directory."""
    directory = compose.write_secrets(Settings(home=tmp_path, engines=tmp_path), Credentials())
    assert {each.name for each in directory.iterdir()} == set(FILE["secrets"])


def test_only_the_owner_reaches_the_secrets(tmp_path: Path) -> None:
    """The files are open to the containers' users, the directory around them to nobody else."""
    directory = compose.write_secrets(Settings(home=tmp_path, engines=tmp_path), Credentials())
    modes = {stat.S_IMODE(each.stat().st_mode) for each in directory.iterdir()}
    assert (stat.S_IMODE(directory.stat().st_mode), modes) == (0o700, {0o444})


def test_a_secret_that_somebody_else_gave_out_is_kept(tmp_path: Path) -> None:
    """The next start does not empty what was written by hand."""
    settings = Settings(home=tmp_path, engines=tmp_path)
    written = compose.write_secrets(settings, Credentials()) / "smtp_url"
    written.chmod(0o600)
    written.write_text("smtp://relay")
    compose.write_secrets(settings, Credentials())
    assert written.read_text() == "smtp://relay"
    assert stat.S_IMODE(written.stat().st_mode) == 0o444


def test_a_secret_that_a_variable_tells_reaches_its_file(tmp_path: Path) -> None:
    """What a stack without containers is told by a variable must not stand in a container's."""
    told = (("SMTP_URL", "smtp://relay"),)
    settings = Settings(home=tmp_path, engines=tmp_path, identity=told)
    assert (compose.write_secrets(settings, Credentials()) / "smtp_url").read_text() == told[0][1]


def test_older_compose_can_read_the_file() -> None:
    """Compose 1.29 knows neither a name of the project nor a default inside a default."""
    assert not {"name", "include"} & FILE.keys()
    assert not re.search(r"\$\{[^}]*\$\{", TEXT)
    assert not [name for name, each in CONTAINERS.items() if "deploy" in each]


def test_the_example_names_every_variable() -> None:
    """Whoever calls compose alone finds there what can be told."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if "=" in line and not line.startswith("#")}
    assert named - {"COMPOSE_PROJECT_NAME"} == set(VARIABLE.findall(TEXT))


@pytest.mark.parametrize(
    ("variable", "purpose"),
    [
        ("POSTGRESQL_PORT", "postgresql"),
        ("RABBITMQ_PORT", "rabbitmq"),
        ("MANAGEMENT_PORT", "management"),
        ("PROMETHEUS_PORT", "prometheus"),
        ("GRAFANA_PORT", "grafana"),
        ("MAIL_PORT", "mail"),
    ],
)
def test_ports_are_those_that_the_launcher_knows(variable: str, purpose: str) -> None:
    """A stack that compose alone started is found by the commands."""
    port = Settings(home=ROOT, engines=ROOT).port(purpose)
    assert f"${{{variable}:-{port}}}" in TEXT


def test_the_image_runs_as_nobody_in_particular() -> None:
    """By number, so that an orchestrator can see that it is not root."""
    assert [line for line in DOCKERFILE if line.startswith("USER")] == ["USER 10001:10001"]


def test_the_image_is_built_in_stages_from_one_base() -> None:
    """What builds stays behind, Node with it."""
    stages = [line for line in DOCKERFILE if line.startswith("FROM")]
    assert stages == [
        "FROM ${PYTHON_IMAGE} AS assets",
        "FROM ${PYTHON_IMAGE} AS build",
        "FROM ${PYTHON_IMAGE}",
    ]


def test_what_browsers_are_sent_is_built_for_the_image_and_not_taken_along() -> None:
    """A build that lies about in the checkout may be of other sources."""
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    assert rules.index("gateway/web/built") > rules.index("!gateway")
    assert "COPY --from=assets /build/static gateway/web/built/static" in DOCKERFILE


def test_the_build_needs_no_frontend_from_a_registry() -> None:
    """That line would fetch one before anything else."""
    assert not DOCKERFILE[0].startswith("# syntax")


def test_the_image_holds_what_the_lock_names_and_nothing_newer() -> None:
    """Every package by its hash, as in development."""
    assert any("PIP_REQUIRE_HASHES=1" in line for line in DOCKERFILE)
    assert any(line.endswith("-r runtime.lock") for line in DOCKERFILE)


def test_only_what_is_named_reaches_a_build() -> None:
    """A secret that lies about in the checkout does not get into an image."""
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    assert next(line for line in rules if not line.startswith("#")) == "*"
