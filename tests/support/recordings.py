"""Recordings of silence, as small as their formats allow."""

import struct


def wav(seconds):
    """8,000 samples a second, of 8 bits."""
    samples = bytes(8000 * seconds)
    about = struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    chunks = b"WAVE" + b"fmt " + struct.pack("<I", 16) + about + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def mp3(seconds):
    """Frames of 128 kbit a second, each of 1,152 samples of 44,100 a second."""
    return (b"\xff\xfb\x90\x00" + bytes(413)) * round(seconds * 44100 / 1152)


def mp4(seconds, more=b""):
    """What a file has before its sound. `more` are further atoms."""
    head = atom(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, round(seconds * 1000)) + bytes(80))
    return atom(b"ftyp", b"M4A \0\0\0\0") + atom(b"moov", head + more)


def atom(name, content):
    return struct.pack(">I", 8 + len(content)) + name + content


def opus(seconds, between=0):
    """The first page and the last one, with some bytes between them."""
    head = b"OpusHead" + struct.pack("<BBHIHB", 1, 1, 312, 48000, 0, 0)
    return _page(0, head) + bytes(between) + _page(312 + 48000 * seconds, b"x")


def vorbis(seconds):
    return _page(0, b"\x01vorbis" + struct.pack("<IBIIIIBB", 0, 1, 44100, 0, 64000, 0, 8, 1)) + _page(
        44100 * seconds, b"x"
    )


def _page(samples, packet, serial=7):
    return struct.pack("<4sBBqIIIBB", b"OggS", 0, 0, samples, serial, 0, 0, 1, len(packet)) + packet
