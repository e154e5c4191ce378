"""One reading of the names that a card's chip divides by "#", wherever they are said, masked, asked or told."""

import pytest

from morprom.proofing.model import chip_name


@pytest.mark.parametrize(
    ("chip", "said", "masked"),
    [
        ("นาย#สมชาย##ใจดี", "นายสมชาย ใจดี", "นาย สมชาย ใ•••"),
        ("นาย#สมชาย#กลาง#ใจดี", "นายสมชาย กลาง ใจดี", "นาย สมชาย ใ•••"),
        ("นาย#สมชาย#ใจดี", "นายสมชาย ใจดี", "นาย สมชาย ใ•••"),
        (" นาย # สมชาย ## ใจดี ", "นายสมชาย ใจดี", "นาย สมชาย ใ•••"),
        ("สมชาย#ใจดี", "สมชาย ใจดี", "สมชาย ใ•••"),
        ("##สมชาย#", "สมชาย", "ส•••"),
        ("สมชาย", "สมชาย", "สมชาย"),
        ("Mr.#Somchai##Jaidee", "Mr. Somchai Jaidee", "Mr. Somchai J•••"),
        ("Mr.#Somchai##Jaidee#Suk", "Mr. Somchai Jaidee Suk", "Mr. Somchai J•••"),
        ("###", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_of_the_chip_is_read_in_one_way(chip: str, said: str, masked: str) -> None:
    assert (chip_name(chip).said, chip_name(chip).masked) == (said, masked)
