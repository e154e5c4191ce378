"""The files that a synthetic hospital exports: those that the agent reads, and two that it leaves alone."""

from morprom_wire import files43
from morprom_wire.files43 import columns

FILES = {
    **files43.FILES,
    "PRENATAL": columns(
        "HOSPCODE PID GRAVIDA LMP EDC VDRL_RESULT HB_RESULT HIV_RESULT DATE_HCT HCT_RESULT THALASSEMIA D_UPDATE",
        "PROVIDER CID HEIGHT",
    ),
    "ANC": columns(
        "HOSPCODE PID SEQ DATE_SERV GRAVIDA ANCNO GA ANCRESULT ANCPLACE PROVIDER D_UPDATE",
        "CID WEIGHT",
    ),
}
