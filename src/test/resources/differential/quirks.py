"""sftp-server with a quirk: quirks.py QUIRK NOTES

Speaks SFTP on its standard input and output, like sftp-server, which it runs. NOTES is a file in
which it keeps what must outlive it: that it has cut the line once, or what it was asked.
"""

import os
import struct
import subprocess
import sys
import threading

OPEN, CLOSE, READ, WRITE, SETSTAT, FSETSTAT, MKDIR, SYMLINK = 3, 4, 5, 6, 9, 10, 14, 20
STATUS, ATTRS, EXTENDED = 101, 105, 200
FAILURE = 4
EXCLUSIVE = 0x20
SIZE, OWNER, PERMISSIONS, TIMES = 1, 2, 4, 8
SKEW = 3600

quirk, notes = sys.argv[1:]
server = subprocess.Popen(
    ["/usr/lib/openssh/sftp-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
lock = threading.Lock()
to_fail, cut_after = set(), set()


def read(stream):
    """A packet without its length; nothing at the end."""
    head = stream.read(4)
    return stream.read(struct.unpack(">I", head)[0]) if len(head) == 4 else b""


def write(stream, packet):
    with lock:
        stream.write(struct.pack(">I", len(packet)) + packet)
        stream.flush()


def string(packet, at):
    """A string of a packet, and where it ends."""
    end = at + 4 + struct.unpack_from(">I", packet, at)[0]
    return packet[at + 4 : end], end


def cut():
    server.kill()
    os._exit(1)


def first_time():
    if os.path.exists(notes):
        return False
    open(notes, "w").close()
    return True


def skewed(packet, at, seconds):
    """The packet with the times of the attributes at this place moved."""
    flags = struct.unpack_from(">I", packet, at)[0]
    if not flags & TIMES:
        return packet
    at += 4 + 8 * bool(flags & SIZE) + 8 * bool(flags & OWNER) + 4 * bool(flags & PERMISSIONS)
    times = [time + seconds for time in struct.unpack_from(">II", packet, at)]
    return packet[:at] + struct.pack(">II", *times) + packet[at + 8 :]


def request(packet):
    """What the server gets instead; nothing where it gets nothing."""
    kind, ident = packet[0], packet[1:5]
    if quirk == "small-reads" and kind == READ:
        return packet[:-4] + struct.pack(">I", min(8000, struct.unpack(">I", packet[-4:])[0]))
    if quirk == "failing-close" and kind == CLOSE:
        to_fail.add(ident)
    if quirk == "failing-mkdir" and kind == MKDIR:
        status = struct.pack(">III", FAILURE, 0, 0)
        write(sys.stdout.buffer, bytes([STATUS]) + ident + status)
        return b""
    if quirk == "others-first" and kind == SYMLINK:
        open(string(packet, string(packet, 5)[1])[0], "w").close()
    if quirk == "others-first" and kind == OPEN:
        path, end = string(packet, 5)
        if struct.unpack_from(">I", packet, end)[0] & EXCLUSIVE:
            open(path, "w").close()
    if quirk == "fifo-first" and kind == OPEN and not os.path.exists(string(packet, 5)[0]):
        os.mkfifo(string(packet, 5)[0])
    if quirk == "noting" and kind in (READ, WRITE):
        with open(notes, "a") as file:
            print("read" if kind == READ else "write", file=file)
    if quirk == "ahead" and kind in (SETSTAT, FSETSTAT):
        return skewed(packet, string(packet, 5)[1], -SKEW)
    if quirk == "cut-after-mkdir" and kind == MKDIR and first_time():
        cut_after.add(ident)
    if quirk == "cut-at-write" and kind == WRITE and first_time():
        cut()
    return packet


def reply(packet):
    """What the client gets instead."""
    kind, ident = packet[0], packet[1:5]
    if ident in cut_after:
        cut()
    if ident in to_fail:
        to_fail.remove(ident)
        return packet[:5] + struct.pack(">I", FAILURE) + packet[9:]
    if quirk == "ahead" and kind == ATTRS:
        return skewed(packet, 5, SKEW)
    return packet


def answer():
    for packet in iter(lambda: read(server.stdout), b""):
        write(sys.stdout.buffer, reply(packet))
    os._exit(0)


threading.Thread(target=answer, daemon=True).start()
for asked in iter(lambda: read(sys.stdin.buffer), b""):
    passed = request(asked)
    if passed:
        server.stdin.write(struct.pack(">I", len(passed)) + passed)
        server.stdin.flush()
server.stdin.close()
server.wait()
