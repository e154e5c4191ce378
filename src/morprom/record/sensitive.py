"""What makes a visit sensitive: the default list, as data, each rule with its explanation.

`codes`: ICD-10 (ranges by category, dot or not) for diagnoses, ATC beginnings for medicines, LOINC for laboratory
tests, eClaim clinic numbers for clinics. `names` are whole words, `*` opening an end. A false alarm hides a visit
from others and not from its owner; a miss shows it: so the names err on the wide side (tenofovir treats hepatitis B
too). Local codes of a hospital belong to that hospital's own "do not send" list at the agent.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from morprom.kernel import Words


@dataclass(frozen=True, slots=True)
class Marks:
    """Codes and names by which one class of fact is recognised."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def all_codes(self) -> Iterator[str]:
        """Each code, ranges written out, without dots."""
        for code in self.codes:
            first, _, last = code.partition("..")
            yield from _range(first.replace(".", ""), last.replace(".", "")) if last else (first.replace(".", ""),)


def _range(first: str, last: str) -> Iterator[str]:
    width = len(first) - 1
    for number in range(int(first[1:]), int(last[1:]) + 1):
        yield f"{first[0]}{number:0{width}}"


NOTHING = Marks()


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason for which a visit is withheld."""

    id: str
    words: Words
    diagnoses: Marks = NOTHING
    medicines: Marks = NOTHING
    labs: Marks = NOTHING
    clinics: Marks = NOTHING
    is_on_by_default: bool = True


_ANTIRETROVIRALS = (
    "*abacavir*", "*zidovudine*", "*lamivudine*", "*tenofovir*", "*emtricitabine*", "*stavudine*", "*didanosine*",
    "*efavirenz*", "*nevirapine*", "*rilpivirine*", "*etravirine*", "*doravirine*",
    "*lopinavir*", "*ritonavir*", "*atazanavir*", "*darunavir*", "*saquinavir*", "*indinavir*", "*nelfinavir*",
    "*raltegravir*", "*dolutegravir*", "*bictegravir*", "*cabotegravir*", "*elvitegravir*", "*cobicistat*",
    "*maraviroc*", "*enfuvirtide*", "gpo-vir*", "gpovir*", "teevir", "truvada", "kaletra", "kocitaf", "acriptega",
    "AZT", "3TC", "TDF", "FTC", "TAF", "EFV", "NVP", "DTG", "TLD", "LPV/r", "ARV", "*antiretroviral*",
    "ต้านไวรัสเอดส์", "เอชไอวี",
)  # fmt: skip

_DRUG_SCREENS = (
    "*amphetamine*", "*cannabin*", "*marijuana*", "THC", "morphine", "opiate*", "ketamine", "MDMA", "cocaine",
    "drug screen*", "drug of abuse", "drugs of abuse", "substance abuse*", "สารเสพติด", "ยาเสพติด", "ยาบ้า", "กัญชา",
)  # fmt: skip

RULES = (
    Rule(
        "hiv",
        Words("การติดเชื้อเอชไอวี การตรวจ และยาต้านไวรัส", "HIV infection, its tests and antiretrovirals"),
        # O98.7: HIV disease complicating pregnancy
        diagnoses=Marks(
            ("B20..B24", "Z21", "R75", "Z11.4", "Z20.6", "Z71.7", "O98.7"),
            ("*HIV*", "AIDS", "เอชไอวี", "โรคเอดส์"),
        ),
        medicines=Marks(("J05AE", "J05AF", "J05AG", "J05AJ", "J05AR"), _ANTIRETROVIRALS),
        labs=Marks(
            # 20447-9 viral load; 24467-3, 8123-2 CD4; the next four unverified
            ("7917-8", "56888-1", "25836-8", "20447-9", "24467-3", "8123-2", "7918-6", "5221-7", "29893-5", "75622-1"),
            ("*HIV*", "CD4", "CD4count*", "viral load", "เอชไอวี"),
        ),
        clinics=Marks((), ("*HIV*", "ARV", "ยาต้านไวรัส", "เอชไอวี", "โรคเอดส์", "คลินิกนิรนาม")),
    ),
    Rule(
        "sti",
        Words("โรคติดต่อทางเพศสัมพันธ์", "Sexually transmitted infections"),
        diagnoses=Marks(("A50..A64",)),
        labs=Marks(
            ("5292-8", "20507-0", "31147-2", "22587-0"),  # VDRL; RPR, RPR titre; Treponema antibody (unverified)
            ("VDRL", "RPR", "TPHA", "TPPA", "FTA-ABS*", "*syphilis*", "*treponema*", "*gonorrh*", "ซิฟิลิส", "หนองใน"),
        ),
        clinics=Marks((), ("STI", "STD", "กามโรค", "โรคติดต่อทางเพศสัมพันธ์")),
    ),
    Rule(
        "psychiatric",
        Words("โรคทางจิตเวช", "Mental and behavioural disorders"),
        diagnoses=Marks(("F00..F09", "F20..F99")),
        clinics=Marks(("09",), ("*psychiatr*", "จิตเวช", "สุขภาพจิต")),
    ),
    Rule(
        "substance",
        Words("การใช้สุราหรือสารเสพติด และการตรวจหา", "Alcohol and substance use, and screens for it"),
        diagnoses=Marks(("F10..F16", "F18..F19")),
        medicines=Marks(("N07BC02",), ("*methadone*", "เมทาโดน")),  # ATC N07BC02: methadone in addictive disorders
        labs=Marks(("19343-3", "3397-7", "3426-4"), _DRUG_SCREENS),  # unverified
        clinics=Marks((), ("*methadone*", "เมทาโดน", "ยาเสพติด", "สารเสพติด")),
    ),
    Rule(
        "tobacco",
        Words("การใช้ยาสูบ (หน่วยงานอาจยกเว้นได้)", "Tobacco use (a site may exempt it)"),
        diagnoses=Marks(("F17",)),
    ),
    Rule(
        "self-harm",
        Words("การทำร้ายตนเอง", "Self-harm"),
        diagnoses=Marks(("X60..X84", "Z91.5")),
    ),
    Rule(
        "abortion",
        Words("การแท้งและการยุติการตั้งครรภ์", "Abortion"),
        diagnoses=Marks(("O03..O08",)),
    ),
    Rule(
        "abuse",
        Words("การถูกล่วงละเมิดหรือถูกทำร้าย", "Sexual assault, maltreatment and abuse"),
        diagnoses=Marks(("T74", "Y05", "Y07", "Z04.4", "Z61.4..Z61.6")),
        clinics=Marks((), ("OSCC", "*one stop crisis*", "*one-stop crisis*", "ศูนย์พึ่งได้")),
    ),
    Rule(
        "fertility",
        Words("ภาวะมีบุตรยากและการคุมกำเนิด", "Infertility and contraception"),
        diagnoses=Marks(("N46", "N97", "Z30..Z31")),
        is_on_by_default=False,
    ),
)  # fmt: skip
