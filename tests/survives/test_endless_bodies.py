"""Bodies of which a byte comes now and then: they are cut in the end, and nobody else waits for them."""

import itertools

import pytest

from platform_process import PATIENCE, Platform, until
from survives.slow import HCODE, Slow, crowd, head, serves_others

pytestmark = [pytest.mark.survives, pytest.mark.xdist_group("endless bodies")]


def test_bodies_that_never_end_are_cut_and_others_are_served(server: Platform) -> None:
    server.hospital(HCODE)
    client = server.client(HCODE)
    paths = itertools.cycle(["/api/UpdatePHRv1", "/api/WebApp?Action=PatientSummary", "/api/OrgEncounterSummary"])
    with crowd(lambda: Slow(server, head(client, next(paths), 1_000_000) + b'{"cid":', b" ")) as slow:
        for number in range(20):
            serves_others(client, 40 + number)
        until(lambda: all(connection.is_cut for connection in slow), 2 * PATIENCE)
    serves_others(client, 60)
