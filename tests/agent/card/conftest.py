"""A PC/SC service for the tests of cards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.card.pcsc_service import Service, own_folder
from agent.card.virtual_card import Slot


@pytest.fixture(scope="session")
def service_folder() -> Path:
    """Where this process's services listen."""
    return own_folder()


@pytest.fixture
def stopped_service(service_folder: Path) -> Iterator[Service]:
    """A service that is not running."""
    made = Service(service_folder)
    yield made
    made.stop()


@pytest.fixture
def service(stopped_service: Service) -> Service:
    """A running one with a reader."""
    stopped_service.start()
    return stopped_service


@pytest.fixture
def slot(service: Service) -> Iterator[Slot]:
    """The first slot of its reader."""
    made = service.slot(0)
    yield made
    made.pull()
