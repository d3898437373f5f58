"""Writes a WorldShip export of any size, without a line of the reader: formats and sums by hand.

    python3 tests/data/carrier_files/big.py FILE [PARCELS]

Every hundredth label is voided, a few rows further down; every fourth order has two parcels.
"""

import random
import sys
from pathlib import Path

PARCELS = 200_000
HEADER = b'"Ref1","Tracking","Service","Void","Timestamp","Pkgs","Lead"\r\n'


def label(serial: int) -> str:
    """A 1Z number with its check digit."""
    digits = f"{serial:07d}"
    # account A1B2C3 and service 03 add up to 2+2*1+3+2*2+4+2*3 + 0+2*3 = 27
    total = 27 + sum(int(d) * (2 if at % 2 else 1) for at, d in enumerate(digits))
    return f"1ZA1B2C303{digits}{-total % 10}"


def write(path: Path, parcels: int = PARCELS) -> tuple[int, int]:
    """Write the file; how many label rows and how many void rows it has."""
    chance = random.Random(20261120)
    voids: list[tuple[int, bytes]] = []
    serial, order, void_count = 1, 300_000, 0
    with path.open("wb") as file:
        file.write(HEADER)
        while serial <= parcels:
            order += 1
            count = min(2 if order % 4 == 0 else 1, parcels + 1 - serial)
            lead, clock = label(serial), f"{serial // 3600 % 24:02d}{serial // 60 % 60:02d}"
            stamp = f"2026{1 + serial % 12:02d}{1 + serial % 28:02d}{clock}{serial % 60:02d}"
            for _ in range(count):
                row = f'"{order}","{label(serial)}","GND","%s","{stamp}","{count}","{lead}"\r\n'
                file.write((row % "N").encode())
                if serial % 100 == 0:
                    voids.append((serial + chance.randint(1, 40), (row % "Y").encode()))
                serial += 1
            while voids and (voids[0][0] <= serial or serial > parcels):
                file.write(voids.pop(0)[1])
                void_count += 1
    return parcels, void_count


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else PARCELS)
