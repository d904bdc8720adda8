"""Writes compound files ([MS-CFB], version 3) that hold a message ([MS-OXMSG]): no library writes them."""

import struct
from itertools import pairwise

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR, MINI, CUTOFF = 512, 64, 4096
STRING, STRING8, BINARY, INTEGER, TIME = 0x001F, 0x001E, 0x0102, 0x0003, 0x0040
HEADERS = {"message": 32, "embedded": 24, "part": 8}


def storage(properties, *, kind="message", **storages):
    """Return the streams and storages of an object: properties by (id, type), each a str, bytes or int."""
    entries, streams = b"", {}
    for (pid, ptyp), value in properties.items():
        if ptyp in {INTEGER, TIME}:
            entries += struct.pack("<HHIQ", ptyp, pid, 6, value)
            continue
        data = value.encode("utf-16-le") if ptyp == STRING else value
        streams[f"__substg1.0_{pid:04X}{ptyp:04X}"] = data
        entries += struct.pack("<HHIII", ptyp, pid, 6, len(data) + 2 * (ptyp == STRING), 0)
    streams["__properties_version1.0"] = bytes(HEADERS[kind]) + entries
    return {**streams, **storages}


def attachment(name, **storages):
    return storage({(0x3707, STRING): name}, kind="part", **storages)


def recipient(address):
    return storage({(0x39FE, STRING): address}, kind="part")


def compound(tree):
    """Return the bytes of a file of these streams (bytes) and storages (mappings)."""
    entries = []  # name, type, child, right, data

    def add(name, value):
        entries.append([name, 1 if isinstance(value, dict) else 2, FREE, FREE, value])
        mine = len(entries) - 1
        if isinstance(value, dict):
            children = [add(*each) for each in sorted(value.items(), key=lambda item: (len(item[0]), item[0].upper()))]
            for left, right in pairwise(children):
                entries[left][3] = right
            entries[mine][2] = children[0] if children else FREE
        return mine

    add("Root Entry", tree)
    entries[0][1] = 5
    sectors, fat, mini, minifat = [], [], b"", []

    def chain(data):
        if not data:
            return END
        first, n = len(sectors), -(-len(data) // SECTOR)
        sectors.extend(data[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, b"\0") for i in range(n))
        fat.extend([*range(first + 1, first + n), END])
        return first

    starts = []
    for _, kind, _, _, value in entries:
        if kind != 2:
            starts.append(0)
        elif len(value) >= CUTOFF:
            starts.append(chain(value))
        else:
            first, n = len(minifat), -(-len(value) // MINI)
            minifat.extend([*range(first + 1, first + n), END] if n else [])
            mini += value.ljust(n * MINI, b"\0")
            starts.append(first if n else END)
    starts[0] = chain(mini)
    directory = b"".join(
        (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, len(mini) if kind == 5 else len(value) if kind == 2 else 0)
        for (name, kind, child, right, value), start in zip(entries, starts, strict=True)
    )
    first_directory = chain(directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0"))
    first_minifat = chain(b"".join(struct.pack("<I", each) for each in minifat).ljust(SECTOR, b"\xff"))
    n_fat = -(-(len(fat) + 8) // 128)
    fat_sectors = list(range(len(sectors), len(sectors) + n_fat))
    table = (fat + [FAT] * n_fat + [FREE] * (128 * n_fat))[: 128 * n_fat]
    n_minifat = -(-len(minifat) * 4 // SECTOR) or 1
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, n_fat, first_directory, 0, CUTOFF, first_minifat, n_minifat, END, 0)
    header += struct.pack("<109I", *(fat_sectors + [FREE] * 109)[:109])
    return header + b"".join(sectors) + b"".join(struct.pack("<I", each) for each in table)
