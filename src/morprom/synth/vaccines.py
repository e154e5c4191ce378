"""The national vaccine schedule and vaccine names."""

from typing import NamedTuple


class Due(NamedTuple):
    """Vaccines that are due at an age in days. `sex` "2": girls only."""

    day: int
    vaccines: tuple[str, ...]
    sex: str = ""


SCHEDULE = (
    Due(0, ("010", "041")),
    Due(61, ("D21", "081", "R21")),
    Due(122, ("D22", "082", "401", "R22")),
    Due(183, ("D23", "083", "R23")),
    Due(274, ("061",)),
    Due(365, ("J11",)),
    Due(548, ("034", "084", "073")),
    Due(913, ("J12",)),
    Due(1461, ("035", "085")),
    Due(4080, ("310",), "2"),
    Due(4270, ("320",), "2"),
    Due(4400, ("106",)),
)

NAMES = {
    "010": "BCG", "041": "HBV1", "D21": "DTP-HB-Hib1", "D22": "DTP-HB-Hib2", "D23": "DTP-HB-Hib3", "081": "OPV1",
    "082": "OPV2",
    "083": "OPV3", "084": "OPV4", "085": "OPV5", "401": "IPV", "R21": "Rota1", "R22": "Rota2", "R23": "Rota3",
    "061": "MMR1",
    "073": "MMR2", "J11": "LAJE1", "J12": "LAJE2", "034": "DTP4", "035": "DTP5", "310": "HPV1", "320": "HPV2",
    "106": "dT",
    "111": "Rabies1", "112": "Rabies2", "113": "Rabies3", "114": "Rabies4", "115": "Rabies5", "815": "Influenza",
    "201": "dT ANC1", "202": "dT ANC2",
}  # fmt: skip
