"""The world that the tests share, made once."""

from collections.abc import Iterator

import pytest

import world
from world import World


@pytest.fixture(scope="session")
def deployed() -> Iterator[World]:
    with world.running() as made:
        yield made


@pytest.fixture
def stack(deployed: World) -> World:
    """The world as it is before anything happens: tables with the sample rows, no mail, no fault."""
    deployed.forget()
    deployed.server.query("DROP DATABASE IF EXISTS coffee")
    assert deployed.initialize()["Status"] == "SUCCESS"
    deployed.forget()
    return deployed


@pytest.fixture
def enforced(stack: World) -> Iterator[World]:
    """The same world, where IAM is enforced: who calls needs a policy that allows it."""
    with stack.enforced():
        yield stack
